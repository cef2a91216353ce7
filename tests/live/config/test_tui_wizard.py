# SPDX-License-Identifier: PostgreSQL
"""The wizard of the dashboard, by keys, in a real terminal."""
import re
import socket
import time

import pytest
from harness import wait_for
from harness.configs import PASSPHRASE
from harness.tmux import Tmux


@pytest.fixture
def tmux(pgrepup):
    """The wizard of a home without a configuration, at its first page."""
    with Tmux(pgrepup) as made:
        made.wait_screen("There is no configuration yet")
        made.keys("Enter")
        made.wait_screen("Name of this upgrade")
        yield made


@pytest.fixture
def silent():
    """A port that takes connections and never says a word."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        yield listener.getsockname()[1]


def uri(server, password=None):
    return (f"postgresql://{server.user}:{password or server.password}"
            f"@{server.host}:{server.port}")


def configure(pgrepup, server, *more):
    """A file that is there already, as a script makes it."""
    pgrepup("config", "set", *(
        f"{side}.{key}={value}" for side in ("source", "destination")
        for key, value in (("host", server.host), ("port", server.port),
                           ("user", server.user))), *more)
    for side in ("source", "destination"):
        pgrepup("config", "set", f"{side}.password=-",
                input=server.password + "\n")


def open_wizard(tmux):
    tmux.wait_screen("Checks|Source|check")
    tmux.keys("1")
    tmux.wait_screen("source.host")
    tmux.keys("!")
    tmux.wait_screen("Name of this upgrade")


def go(tmux, page, key="C-n"):
    """To the page with that number."""
    while not tmux.row(rf" {page}/7( |$)"):
        now = tmux.wait_screen(r" (\d)/7( |$)").group(1)
        tmux.keys(key)
        tmux.wait_gone(rf" {now}/7( |$)")


def shows(tmux, label, text):
    """Waits until that text stands beside a label."""
    tmux.wait_screen(rf"[> ]{label} +(< \w+ > +)?{re.escape(text)}( |$)")


# --- from nothing to a file ---------------------------------------------------

def test_an_empty_home_comes_to_a_file_that_config_test_accepts(
        tmux, pgrepup, server, other):
    go(tmux, 2)
    tmux.paste(uri(server))
    for stage in ("name resolves", "port answers", "login", "version"):
        tmux.wait_screen(rf"OK +{stage}")
    tmux.wait_screen("17.*can be the source")
    go(tmux, 3)
    tmux.type(other.host)
    tmux.keys("Tab", "C-u")
    tmux.type(str(other.port))
    tmux.keys("Tab", "Tab", "Tab")
    tmux.type(other.password)
    tmux.wait_screen(f"{len(other.password)} characters")
    tmux.keys("Tab")
    tmux.wait_screen("can be the destination")
    assert server.password not in tmux.screen()
    go(tmux, 6)
    for _ in range(2):
        tmux.keys("Tab")
        tmux.type(PASSPHRASE)
    go(tmux, 7)
    tmux.wait_screen("sealed with a passphrase")
    assert not pgrepup.config.exists()
    assert not (pgrepup.home / "state").exists()
    tmux.keys("Enter")
    tmux.wait_screen("Saved")
    assert pgrepup.config.stat().st_mode & 0o777 == 0o600
    text = pgrepup.config.read_text()
    assert server.password not in text.replace(str(server.port), "")
    words = pgrepup.home / "passphrase"
    words.write_text(PASSPHRASE + "\n")
    words.chmod(0o600)
    tests = pgrepup.json("config", "test",
                         f"--passphrase-file={words}")["tests"]
    assert [test["ok"] for test in tests] == [True, True]
    assert all(test["password_used"] for test in tests)
    # the checklist checks at once: then leaving is a question
    tmux.keys("2")
    tmux.wait_gone("Saved")
    tmux.keys("q")
    wait_for(lambda: tmux.is_over() or tmux.row("capital Y|Y leave"), 10,
             f"an end of\n{tmux.screen()}")
    if not tmux.is_over():
        tmux.keys("Y")
    assert tmux.wait() == 0


# --- the live test ------------------------------------------------------------

def test_a_wrong_password_fails_at_the_stage_login(tmux, pgrepup, server):
    go(tmux, 2)
    tmux.paste(uri(server, "wrong"))
    tmux.wait_screen("KO +login +password authentication failed")
    tmux.wait_screen("OK +port answers")
    assert "version" not in tmux.screen()
    tmux.wait_screen("wrong password or a wrong user")
    tmux.keys("Tab", "Tab", "Tab", "Tab")
    tmux.type(server.password)
    tmux.keys("Tab")
    tmux.wait_screen("OK +login")
    assert not pgrepup.config.exists()


def test_what_was_changed_since_its_test_is_not_called_ok(tmux, server):
    go(tmux, 2)
    tmux.paste(uri(server))
    tmux.wait_screen("can be the source")
    tmux.wait_screen(r"^> OK +Source")
    # down to the password, which is typed wrong, and on at once
    tmux.keys("Tab", "Tab", "Tab", "Tab")
    tmux.type("wrong")
    tmux.keys("C-n")
    tmux.wait_screen(r" 3/7$")
    tmux.settle()
    assert not tmux.row(r"OK +Source")
    go(tmux, 7)
    tmux.settle()
    assert not tmux.row(r"OK +Source|Source +OK")
    # there again it is asked
    go(tmux, 2, "C-p")
    tmux.wait_screen(r"^> KO +Source")


def test_an_unknown_name_fails_at_the_stage_name(tmux):
    go(tmux, 2)
    tmux.type("nowhere.invalid")
    tmux.wait_screen("KO +name resolves")
    assert "port answers" not in tmux.screen()


def test_a_closed_port_fails_at_the_stage_port(tmux):
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
    go(tmux, 2)
    tmux.type("127.0.0.1")
    tmux.keys("Tab", "C-u")
    tmux.type(str(port))
    tmux.wait_screen("KO +port answers.*refused")


def test_missing_encryption_fails_at_the_stage_ssl(tmux, server):
    go(tmux, 2)
    tmux.paste(uri(server) + "/postgres?sslmode=require")
    tmux.wait_screen("KO +SSL +server does not support SSL")


def test_a_silent_host_leaves_keys_answered(tmux, silent):
    go(tmux, 2)
    tmux.paste(f"host=127.0.0.1 port={silent} user=me")
    tmux.wait_screen("RUN +SSL")
    tmux.keys("Tab", "Tab", "C-u")
    began = time.monotonic()
    for n, letter in enumerate("abcdefgh"):
        tmux.type(letter)
        tmux.wait_screen("Database +" + "abcdefgh"[:n + 1])
    # a key that waited for the host would take more than all of them
    assert time.monotonic() - began < 8
    go(tmux, 3)


def test_the_test_runs_again_on_ctrl_t(tmux, server):
    go(tmux, 2)
    tmux.paste(uri(server))
    tmux.wait_screen("OK +version")
    server.stop()
    try:
        tmux.keys("C-t")
        tmux.wait_screen("KO +port answers")
    finally:
        server.start()
    tmux.keys("C-t")
    tmux.wait_screen("OK +version")


# --- fields -------------------------------------------------------------------

def test_a_pasted_conninfo_fills_the_fields(tmux):
    go(tmux, 2)
    tmux.paste("host=127.0.0.1 port=5 dbname=app user=jo password=pw "
               "sslmode=verify-full options='-c jit=off'\n")
    shows(tmux, "Host", "127.0.0.1")
    shows(tmux, "Port", "5")
    shows(tmux, "Database", "app")
    shows(tmux, "User", "jo")
    shows(tmux, "Password", "not saved yet")
    shows(tmux, "SSL mode", "< verify-full >")
    go(tmux, 7)
    tmux.wait_screen('options = "-c jit=off"')
    tmux.wait_screen(r'sealed = "\*\*\*"')
    assert "pw" not in tmux.screen()


def test_every_key_of_editing_does_what_it_says(tmux):
    tmux.keys("C-u")
    tmux.type("bcd?q!")
    tmux.keys("Home")
    tmux.type("a")
    tmux.keys("Right", "DC", "End", "BSpace", "Left")
    tmux.type("é")
    tmux.wait_screen(r"Name +abd\?éq$")
    tmux.keys("Left", "Right", "BSpace", "End")
    tmux.type(" two  three")
    tmux.keys("C-w")
    tmux.wait_screen(r"Name +abd\?q two$")
    tmux.keys("C-u")
    shows(tmux, "Name", "")


def test_keys_move_between_fields_and_pages(tmux):
    go(tmux, 2)
    for key, label in (("Tab", "Port"), ("Down", "Database"),
                       ("Enter", "User"), ("BTab", "Database"),
                       ("Up", "Port")):
        tmux.keys(key)
        tmux.wait_screen(f">{label}")
    go(tmux, 1, "C-p")
    tmux.keys("Enter")
    tmux.wait_screen(" 2/7$")
    tmux.keys("F1")
    tmux.wait_screen("test the connection now")
    tmux.keys("Escape")
    tmux.wait_screen(" 2/7$")
    tmux.keys("C-l")
    tmux.wait_screen(" 2/7$")


def test_space_chooses(tmux):
    go(tmux, 4)
    tmux.keys("Tab", "Tab", "Space")
    tmux.wait_screen("Templates +< yes >")
    tmux.keys("Left")
    tmux.wait_screen("Templates +< no >")
    tmux.keys("Right")
    tmux.wait_screen("Templates +< yes >")


def test_a_wrong_value_is_told_and_never_saved(tmux, pgrepup):
    go(tmux, 2)
    tmux.keys("Tab", "C-u")
    tmux.type("99999999")
    tmux.keys("Tab")
    tmux.wait_screen("Port: invalid value")
    tmux.wait_screen("Port +KO +99999999")
    go(tmux, 7)
    tmux.keys("Enter")
    tmux.wait_screen(">Port +KO +99999999")
    assert not pgrepup.config.exists()


def test_passphrases_that_differ_are_not_saved(tmux, pgrepup):
    go(tmux, 6)
    tmux.keys("Tab")
    tmux.type("one")
    tmux.keys("Tab")
    tmux.type("two")
    go(tmux, 7)
    tmux.keys("Enter")
    tmux.wait_screen("The two passphrases differ")
    tmux.keys("C-u", "BTab", "C-u")
    go(tmux, 7)
    tmux.keys("Enter")
    tmux.wait_screen("Sealing needs a passphrase")
    assert not pgrepup.config.exists()


# --- leaving ------------------------------------------------------------------

def test_leaving_with_changes_asks(tmux, pgrepup):
    tmux.type("x")
    for key in ("Escape", "C-c"):
        tmux.keys(key)
        tmux.wait_screen("Leave without saving")
        tmux.keys("Enter")
        tmux.wait_gone("Leave without saving")
        tmux.wait_screen("Name of this upgrade")
    tmux.keys("Escape")
    tmux.wait_screen("Leave without saving")
    tmux.keys("Y")
    tmux.wait_screen("There is no configuration yet")
    assert not pgrepup.config.exists()


def test_leaving_without_changes_does_not_ask(tmux):
    tmux.keys("Escape")
    tmux.wait_screen("There is no configuration yet")


# --- a file that is there -----------------------------------------------------

def test_an_edit_keeps_what_the_wizard_does_not_know(pgrepup, server):
    configure(pgrepup, server, "source.keepalives_idle=7",
              "fix.rewrite_limit=5MB", "tables.exclude=public.fish")
    with Tmux(pgrepup) as tmux:
        open_wizard(tmux)
        go(tmux, 2)
        tmux.wait_screen("OK +login")
        shows(tmux, "Password", "stored, kept")
        go(tmux, 5)
        tmux.keys("Tab", "Tab", "C-u")
        tmux.type("4")
        go(tmux, 7)
        tmux.keys("Enter")
        tmux.wait_screen("Saved")
    settings = {one["key"]: one["value"]
                for one in pgrepup.json("config", "get")["settings"]}
    assert settings["source.keepalives_idle"] == "7"
    assert settings["fix.rewrite_limit"] == "5MB"
    assert settings["tables.exclude"] == "public.fish"
    assert settings["jobs"] == "4"
    pgrepup("config", "test", "source")
    former = pgrepup.config.with_name(pgrepup.config.name + "~")
    assert "jobs" not in former.read_text()


def test_a_file_changed_by_somebody_else_is_not_overwritten(pgrepup, server):
    configure(pgrepup, server)
    with Tmux(pgrepup) as tmux:
        open_wizard(tmux)
        pgrepup("config", "set", "jobs=9")
        go(tmux, 7)
        tmux.keys("Enter")
        tmux.wait_screen("changed by somebody else")
    assert pgrepup("config", "get", "jobs").stdout == "jobs=9\n"


def test_a_file_of_the_python_pgrepup_is_taken_over(pgrepup):
    text = ("[Security]\nencrypted_credentials = y\ntmp_folder = /tmp\n"
            "[Source]\nhost = 127.0.0.1\nport = 1\nuser = jo\n"
            "connect_database = app\npassword = gAAAAA==\n")
    pgrepup.config.write_text(text)
    with Tmux(pgrepup) as tmux:
        tmux.wait_screen("one of the Python pgrepup 0.3")
        tmux.keys("!")
        tmux.wait_screen("source.password is encrypted by the Python")
        go(tmux, 2)
        shows(tmux, "Host", "127.0.0.1")
        shows(tmux, "User", "jo")
        shows(tmux, "Database", "app")
        go(tmux, 6)
        tmux.keys("Space")
        go(tmux, 7)
        tmux.wait_screen("FILE~ keeps the former")
        assert pgrepup.config.read_text() == text
        tmux.keys("Enter")
        tmux.wait_screen("Saved")
    assert pgrepup("config", "get", "source.user").stdout == \
        "source.user=jo\n"
    former = pgrepup.config.with_name(pgrepup.config.name + "~")
    assert former.read_text() == text


def test_a_small_terminal_shows_fields_and_the_test(pgrepup, server):
    with Tmux(pgrepup, width=40, height=12) as tmux:
        tmux.wait_screen("There is no configuration yet")
        tmux.keys("!")
        go(tmux, 2)
        tmux.paste(uri(server))
        tmux.wait_screen(r"^>Host +127\.0\.0\.1$")
        tmux.wait_screen("OK +version")
        for _ in range(10):
            tmux.keys("Tab")
        tmux.wait_screen(">at port")
        tmux.wait_screen("OK +version")


def test_a_sealed_file_stays_sealed_with_its_passphrase(pgrepup, server):
    words = pgrepup.home / "passphrase"
    words.write_text(PASSPHRASE + "\n")
    words.chmod(0o600)
    pgrepup("config", "set", f"source.host={server.host}",
            f"source.port={server.port}", f"source.user={server.user}",
            "source.password=-", "security.encrypt=yes",
            f"--passphrase-file={words}", input="wrong\n")
    with Tmux(pgrepup) as tmux:
        tmux.wait_screen("Passphrase of")
        tmux.type(PASSPHRASE)
        tmux.keys("Enter")
        open_wizard(tmux)
        go(tmux, 2)
        tmux.wait_screen("KO +login +password authentication failed")
        tmux.keys("Tab", "Tab", "Tab", "Tab")
        tmux.type(server.password)
        tmux.keys("Tab")
        tmux.wait_screen("OK +login")
        go(tmux, 7)
        tmux.wait_screen("sealed with a passphrase")
        tmux.keys("Enter")
        tmux.wait_screen("Saved")
    assert '"' + server.password + '"' not in pgrepup.config.read_text()
    test, = pgrepup.json("config", "test", "source",
                         f"--passphrase-file={words}")["tests"]
    assert test["ok"] and test["password_used"]


def test_a_stored_password_can_be_taken_away(pgrepup, server):
    configure(pgrepup, server)
    with Tmux(pgrepup) as tmux:
        open_wizard(tmux)
        go(tmux, 2)
        tmux.keys("Tab", "Tab", "Tab", "Tab", "C-u")
        shows(tmux, "Password", "taken away")
        go(tmux, 7)
        tmux.keys("Enter")
        tmux.wait_screen("Saved")
    assert pgrepup("config", "get", "source.password",
                   "destination.password").stdout == \
        "source.password=\ndestination.password=***\n"
