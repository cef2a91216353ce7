# SPDX-License-Identifier: PostgreSQL
"""The dialogue of `pgrepup config`."""
import re
import signal
import stat

import pytest
from harness.configs import PASSPHRASE, echo_is_on


# --- the dialogue -------------------------------------------------------------

def test_dialogue_needs_a_terminal(pgrepup):
    result = pgrepup("config", check=2)
    assert "terminal" in result.stderr and "config set" in result.stderr
    assert not pgrepup.config.exists()


def answer_side(term, host, port, password):
    for question, answer in (("Host", host), ("Port", str(port)),
                             ("Database", ""), ("User", ""),
                             ("Password", password), ("SSL mode", "")):
        term.expect(question + r".*: ")
        assert echo_is_on(term) == (question != "Password")
        term.line(answer)


def answer_rest(term, *answers):
    for question, answer in zip(("Databases to upgrade", "leave out",
                                 "temporary", "same time"), answers):
        term.expect(question + r".*: ")
        term.line(answer)


def test_dialogue_tests_corrects_seals_and_saves(pgrepup, server, other):
    term = pgrepup.terminal("config")
    answer_side(term, server.host, server.port, "wrong password")
    term.expect("password authentication failed")
    term.expect(r"Correct these answers\? \[yes\]: ")
    term.line("")
    answer_side(term, "", "", server.password)
    term.expect(r"as postgres \.+\s*\S*OK")
    answer_side(term, f"postgresql://{other.host}:{other.port}", "",
                other.password)
    term.expect(r"as postgres \.+\s*\S*OK")
    answer_rest(term, "", "app", "relative")
    term.expect("absolute path")
    term.expect("temporary.*: ")
    term.line("")
    term.expect("same time.*: ")
    term.line("3")
    term.expect(r"Seal the passwords\? \[yes\]: ")
    term.line("")
    term.expect("New passphrase: ")
    term.line(PASSPHRASE)
    term.expect("same again: ")
    term.line(PASSPHRASE)
    assert not pgrepup.config.exists()
    term.expect(r"Save to .*\? \[yes\]: ")
    term.line("")
    term.expect("pgrepup check")
    assert term.wait() == 0
    text = pgrepup.config.read_text()
    assert stat.S_IMODE(pgrepup.config.stat().st_mode) == 0o600
    assert text.count("sealed = ") == 2
    assert f'"{server.password}"' not in text
    pgrepup("config", "test", "--passphrase-file=-", input=PASSPHRASE + "\n")
    got = pgrepup("config", "get", "jobs", "databases.exclude").stdout
    assert got == "jobs=3\ndatabases.exclude=app\n"


def test_dialogue_proposes_what_is_set(sealed, server, other):
    before = sealed.config.read_text()
    term = sealed.terminal("config")
    term.expect("Passphrase of .*: ")
    term.line(PASSPHRASE)
    for one in (server, other):
        term.expect(rf"Host.*\[{re.escape(one.host)}\]: ")
        term.line("")
        term.expect(rf"Port \[{one.port}\]: ")
        term.line("")
        for question in ("Database", "User", "Password.*keep", "SSL mode"):
            term.expect(question + r".*: ")
            term.line("")
        term.expect(r"as postgres \.+\s*\S*OK")
    answer_rest(term, "", "", "", "")
    term.expect(r"Seal the passwords\? \[yes\]: ")
    term.line("")
    term.expect(r"Save to .*\? \[yes\]: ")
    term.line("no")
    term.expect("Nothing was saved")
    assert term.wait() == 0
    assert sealed.config.read_text() == before


@pytest.mark.parametrize("keys, status", [("\x03", -signal.SIGINT),
                                          ("\x04", 7)])
def test_dialogue_given_up_leaves_no_file(pgrepup, keys, status):
    term = pgrepup.terminal("config")
    term.expect("Host.*: ")
    term.send(keys)
    assert term.wait() == status
    assert not pgrepup.config.exists()
