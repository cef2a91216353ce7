# SPDX-License-Identifier: PostgreSQL
"""The passphrase of a configuration, and hidden prompts."""
import os
import re
import signal
from pathlib import Path

import pytest
from harness import wait_for
from harness.configs import (PASSPHRASE, PASSWORD, echo_is_on,
                             pid_of_config, shell, write)


# --- the passphrase -----------------------------------------------------------

def test_wrong_passphrase_changes_nothing(sealed, passphrase_file):
    before = sealed.config.read_bytes()
    passphrase_file.write_text("wrong\n")
    for args in (["config", "test"], ["config", "set", "source.password=-"],
                 ["config", "set", "security.encrypt=no"]):
        result = sealed(*args, f"--passphrase-file={passphrase_file}",
                        input="x\n", check=3)
        assert "wrong passphrase" in result.stderr
        assert sealed.config.read_bytes() == before


def test_locked_without_a_terminal_says_what_to_give(sealed):
    result = sealed("config", "test", check=3)
    assert "--passphrase-file" in result.stderr


def test_tampered_value_is_recognised(sealed, passphrase_file):
    text = sealed.config.read_text()
    match = re.search(r'sealed = "(.{8})(.)', text)
    other = "B" if match[2] == "A" else "A"
    write(sealed, text[:match.start(2)] + other + text[match.end(2):])
    result = sealed("config", "test", f"--passphrase-file={passphrase_file}",
                    check=3)
    assert "tampered" in result.stderr
    assert "source.password" in result.stderr


def test_passphrase_file_that_others_can_read_is_refused(
        sealed, passphrase_file):
    passphrase_file.chmod(0o644)
    result = sealed("config", "test", f"--passphrase-file={passphrase_file}",
                    check=3)
    assert "chmod 600" in result.stderr


def test_passphrase_is_asked_three_times(sealed):
    term = sealed.terminal("config", "test", "source")
    for answer in ("wrong", "wrong again", PASSPHRASE):
        term.expect("Passphrase of .*: ")
        assert not echo_is_on(term)
        term.line(answer)
    term.expect(r"as postgres \.+\s*\S*OK")
    assert term.wait() == 0
    assert PASSPHRASE not in term.text

    term = sealed.terminal("config", "test", "source")
    for _ in range(3):
        term.expect("Passphrase of .*: ")
        term.line("wrong")
    term.expect("wrong passphrase")
    assert term.wait() == 3


@pytest.mark.parametrize("sig", [signal.SIGINT, signal.SIGTERM])
def test_signal_in_a_hidden_prompt_restores_the_terminal(sealed, sig):
    before = sealed.config.read_bytes()
    term = shell(sealed, "trap : INT; $PGREPUP config set source.password=-;"
                         " echo status=$?; stty -a; read line")
    term.expect("Passphrase of .*: ")
    assert not echo_is_on(term)
    term.send("half a pass")
    if sig == signal.SIGINT:
        term.send("\x03")
    else:
        os.kill(pid_of_config(sealed)[0], sig)
    term.expect(f"status={128 + sig}")
    term.expect(r"(?<!-)\becho\b")
    assert echo_is_on(term)
    term.line("")
    term.wait()
    assert "half a pass" not in term.text
    assert sealed.config.read_bytes() == before


def test_suspended_prompt_asks_again(sealed):
    term = shell(sealed, None, "--norc", "--noediting", "-i")
    term.line("$PGREPUP config test source")
    term.expect("Passphrase of .*: ")
    term.send("\x1a")
    term.expect("Stopped")
    wait_for(lambda: echo_is_on(term), 10, "the echo")
    term.line("fg")
    term.expect("Passphrase of .*: ")
    wait_for(lambda: not echo_is_on(term), 10, "the echo to be off")
    term.line(PASSPHRASE)
    term.expect(r"as postgres \.+\s*\S*OK")
    term.line("exit")
    term.wait()


def test_typed_password_is_nowhere_to_be_seen(pgrepup):
    term = pgrepup.terminal("config", "set", "source.password=-",
                            "destination.password=-")
    term.expect("source.password: ")
    term.line(PASSWORD)
    term.expect("destination.password: ")
    pid, words = pid_of_config(pgrepup)
    environ = Path(f"/proc/{pid}/environ").read_bytes()
    assert PASSWORD.encode() not in b" ".join(words) + environ
    term.line("other")
    assert term.wait() == 0
    assert PASSWORD not in term.text
    assert PASSWORD in pgrepup.config.read_text()


def test_password_is_never_read_with_echo(pgrepup):
    term = pgrepup.terminal("--no-input", "config", "set", "source.password=-")
    assert term.wait() == 2
    assert "standard input" in term.text
    assert not pgrepup.config.exists()


# --- another passphrase -------------------------------------------------------

def test_the_passphrase_is_changed(sealed, passphrase_file):
    new = sealed.home / "new"
    new.write_text("battery staple\n")
    new.chmod(0o600)
    before = re.findall('sealed = "(.*)"', sealed.config.read_text())
    sealed("config", "passphrase", f"--passphrase-file={passphrase_file}",
           f"--new-passphrase-file={new}")
    after = re.findall('sealed = "(.*)"', sealed.config.read_text())
    assert len(after) == 2 and not set(before) & set(after)
    sealed("config", "test", "source", f"--passphrase-file={passphrase_file}",
           check=3)
    sealed("config", "test", "source", f"--passphrase-file={new}")


def test_the_passphrase_is_changed_on_a_terminal(sealed):
    term = sealed.terminal("config", "passphrase")
    for question, answer in (("Passphrase of .*: ", PASSPHRASE),
                             ("New passphrase: ", "battery staple"),
                             ("same again: ", "battery staple")):
        term.expect(question)
        term.line(answer)
    term.expect("sealed with the new passphrase")
    assert term.wait() == 0
    sealed("config", "test", "source", "--passphrase-file=-",
           input="battery staple\n")


def test_the_passphrase_is_removed(sealed, server, passphrase_file):
    result = sealed("config", "passphrase", "remove",
                    f"--passphrase-file={passphrase_file}")
    assert "in clear" in result.stdout
    assert sealed.config.read_text().count(
        f'password = "{server.password}"') == 2
    sealed("config", "test", "source")


@pytest.mark.parametrize("words", [[], ["remove"]])
def test_a_passphrase_is_not_changed_with_a_wrong_one(sealed, words):
    before = sealed.config.read_bytes()
    result = sealed("config", "passphrase", *words, "--passphrase-file=-",
                    input="wrong\nnew\n", check=3)
    assert "wrong passphrase" in result.stderr
    assert sealed.config.read_bytes() == before
