# SPDX-License-Identifier: PostgreSQL
"""Sealed passwords go only where they were sealed for, or a person has said."""
import re

import pytest
from harness.configs import PASSPHRASE, write


@pytest.fixture
def option(passphrase_file):
    return f"--passphrase-file={passphrase_file}"


def moved(program, **settings):
    """Somebody who can write the file edits it: of the source, or a setting
    of its own."""
    text = program.config.read_text()
    for name, value in settings.items():
        if f"{name} = " in text:
            text = re.sub(rf"{name} = [^;]*;", f"{name} = {value};", text,
                          count=1)
        elif name in ("tmp_dir", "bin_dir"):
            text += f"{name} = {value};\n"
        else:
            text = re.sub(r"source :\s*{", f"source : {{\n {name} = {value};",
                          text, count=1)
    assert text != program.config.read_text()
    write(program, text)


@pytest.mark.parametrize("settings, told", [
    ({"host": '"127.0.0.9"'}, 'source.host is "127.0.0.9" and was "127.0.0.1"'),
    ({"port": "9"}, 'source.port is "9" and was "'),
    ({"user": '"eve"'}, 'source.user is "eve" and was "postgres"'),
    ({"sslmode": '"disable"'}, 'source.sslmode is "disable"'),
    ({"hostaddr": '"127.0.0.9"'}, 'source.hostaddr is "127.0.0.9"'),
    ({"service": '"evil"'}, 'source.service is "evil"'),
    ({"sslrootcert": '"/tmp/x"'}, 'source.sslrootcert is "/tmp/x"'),
    ({"options": '"-c x.y=1"'}, "source.options is"),
    ({"server_host": '"127.0.0.9"'}, "source.server_host is"),
    ({"bin_dir": '"/tmp"'}, 'bin_dir is "/tmp"'),
    ({"tmp_dir": '"/var/tmp"'}, 'tmp_dir is "/var/tmp"'),
])
def test_a_password_does_not_go_where_somebody_else_says(
        sealed, option, settings, told):
    moved(sealed, **settings)
    before = sealed.config.read_bytes()
    # each command reads the file in the same way
    commands = [["config", "test"], ["check"], ["status"],
                ["config", "set", "source.host=127.0.0.1"],
                ["config", "passphrase", "remove"]]
    for command in commands if "host" in settings else commands[:1]:
        report = sealed(*command, option, "--no-input", check=3)
        assert told in report.stderr
        assert "`pgrepup config confirm`" in report.stderr
    assert sealed.config.read_bytes() == before


def test_what_was_taken_out_is_told(sealed, option):
    text = sealed.config.read_text()
    write(sealed, re.sub(r"\s+port = \d+;", "", text, count=1))
    assert 'source.port is not set and was "' in \
        sealed("config", "test", option, check=3).stderr
    write(sealed, re.sub(r'\s+target = "[^;]*;', "", text))
    told = sealed("config", "test", option, check=3).stderr
    assert "does not say where its sealed passwords may be sent" in told
    assert 'source.host is "127.0.0.1"' in told
    sealed("config", "confirm", "--yes", option)
    sealed("config", "test", option)


def test_it_is_asked_about_once(sealed, option):
    moved(sealed, sslmode='"disable"')
    term = sealed.terminal("config", "test", "source")
    term.expect("Passphrase of .*: ")
    term.line(PASSPHRASE)
    term.expect(r'source.sslmode is "disable"')
    term.expect("Send the passwords there.*: ")
    term.line("n")
    assert term.wait() == 3
    term = sealed.terminal("config", "test", "source")
    term.expect("Passphrase of .*: ")
    term.line(PASSPHRASE)
    term.expect("Send the passwords there.*: ")
    term.line("y")
    term.expect(r"as postgres \.+\s*\S*OK")
    assert term.wait() == 0
    sealed("config", "test", "source", option)
    assert "Nothing to confirm" in sealed("config", "confirm", option).stdout


def test_what_pgrepup_sets_need_not_be_confirmed(sealed, option):
    locked = sealed("config", "set", "source.sslmode=disable", check=3)
    assert "--passphrase-file" in locked.stderr
    sealed("config", "set", "source.sslmode=disable", option)
    sealed("config", "test", option)
    before = sealed.config.read_bytes()
    sealed("config", "set", "jobs=7")
    sealed("config", "test", option)
    sealed("config", "set", "jobs=2")
    assert len(sealed.config.read_bytes()) - len(before) < 20
