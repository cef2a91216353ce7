# SPDX-License-Identifier: PostgreSQL
"""What happens around the dashboard while it is open: a folder that cannot be
written, a process that is killed, a terminal that shrinks below a question."""
import json
import os
import re
import signal
import subprocess
import time
from types import SimpleNamespace

import pytest
from harness import Tmux, wait_for
from harness.program import PROGRAM
from test_tui_journey import agree, ends, journal, runner_pid
from test_tui_silent import frozen

pytestmark = pytest.mark.xdist_group("tui_mishaps")


@pytest.fixture
def nobody(pgrepup):
    """pgrepup configured for two servers that are not there."""
    server = SimpleNamespace(host="127.0.0.1", user="postgres",
                             password="secret", port=1)
    pgrepup.configure(SimpleNamespace(source=server, destination=server))
    return pgrepup


@pytest.fixture(scope="module")
def pair(clusters):
    """Not set up; one table of one database has no key."""
    made = clusters.pair(13, 17)
    made.source.psql("CREATE DATABASE app")
    made.source.psql("CREATE TABLE fish (name text)", "app")
    yield made
    made.destroy()


@pytest.fixture
def tmux(pair):
    """The dashboard on the checklist, which is filled."""
    n = len(ends(pair.pgrepup))
    with Tmux(pair.pgrepup) as made:
        made.wait_screen("1 Config")
        # it may have opened where setup failed; the checklist checks
        made.keys("2")
        wait_for(lambda: len(ends(pair.pgrepup)) > n, 60, "the check")
        made.wait_idle()
        made.wait_screen("KO 1 ")
        made.settle()
        yield made


def read_only(folder):
    done = subprocess.run(["mount", "-o", "remount,ro", folder],
                          capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr


# -- a state folder that cannot be written

def test_without_a_state_folder_it_says_why_and_no_key_hurts(nobody, disk):
    (nobody.home / "state").mkdir(exist_ok=True)
    small = disk(nobody.home / "state", "1m")
    for path in small.folder.iterdir():
        subprocess.run(["rm", "-r", path], check=True)
    read_only(small.folder)
    with Tmux(nobody) as tmux:
        # the reason, which is longer than a line, and what to do
        tmux.wait_screen(r"could not create folder")
        said = " ".join(tmux.screen().split())
        assert "Read-only file system" in said and "XDG_STATE_HOME" in said
        for key in "23456RXfFunLwyYopvr/T4":
            tmux.keys(key)
            tmux.settle()
            if tmux.row("Enter goes back"):
                tmux.keys("Enter")
                wait_for(lambda: tmux.flag("alternate_on") == "1", 10,
                         "the dashboard")
            assert not tmux.is_over(), f"{key}: {tmux.screen()}"
        tmux.wait_screen(r"\[1 Config\]")
        # once there is one, it goes on
        subprocess.run(["mount", "-o", "remount,rw", small.folder], check=True)
        tmux.keys("2")
        tmux.wait_screen(r"\[2 Check")
        wait_for(lambda: ends(nobody), 60, "the check")


def test_on_a_read_only_disk_the_live_panel_goes_on(tmux, pair, disk):
    pgrepup = pair.pgrepup
    tmux.keys("q")
    tmux.wait()
    small = disk(pgrepup.home / "state", "4m")
    read_only(small.folder)
    with Tmux(pgrepup) as again:
        again.wait_screen("1 Config")
        again.keys("4")
        again.wait_screen(r"app +not set up", 30)
        again.keys("3", "!")
        agree(again)
        again.wait_screen("could not open")
        said = " ".join(again.screen().split())
        assert "Read-only file system" in said and "writable" in said


# -- processes that are killed

def test_a_killed_runner_is_said_to_be_gone(tmux, pair):
    """Nothing says any more that it runs."""
    with pair.source.connect("app", autocommit=False) as blocker:
        # setup stands still there
        blocker.execute("LOCK TABLE pg_catalog.pg_class "
                        "IN ACCESS EXCLUSIVE MODE")
        tmux.keys("3", "!")
        agree(tmux)
        wait_for(lambda: [r for r in journal(pair.pgrepup)
                          if r["type"] == "begin"][-1]["command"] == "setup",
                 60, "setup")
        tmux.wait_screen(r"RUN +1 ")
        os.kill(runner_pid(pair.pgrepup), signal.SIGKILL)
        tmux.wait_screen("as when it is killed")
        assert not tmux.row("goes on without this terminal")
        assert not tmux.row(r"RUN +\d")
        assert tmux.row(r"KO +1 ") and tmux.row("ends or rolls back")
    n = len(ends(pair.pgrepup))
    tmux.keys("r")
    tmux.wait_screen("The last setup failed: it ended without a word")
    agree(tmux)
    wait_for(lambda: len(ends(pair.pgrepup)) > n, 60, "setup again")
    tmux.wait_screen("setup: 1 thing is in the way")


# -- what is said of a part

def test_a_part_that_is_fine_makes_no_check_ok(tmux, pair):
    assert tmux.row(r"\[2 Check !\]")
    n = len(ends(pair.pgrepup))
    # the group under the cursor is that of this machine
    tmux.keys("g", "r")
    wait_for(lambda: len(ends(pair.pgrepup)) > n, 60, "the check of a group")
    assert ends(pair.pgrepup)[-1]["ok"]
    tmux.wait_screen("check: done$")
    assert tmux.row(r"\[2 Check !\]") and tmux.row("KO 1 ")


def test_what_has_just_begun_is_stopped(tmux, pair):
    with frozen(pair.destination):
        # at once: that it begins was not read from the journal yet
        tmux.send(b"R\x03")
        agree(tmux)
        tmux.wait_screen("check: stopped on request")


def test_a_check_that_was_stopped_finds_nothing_fine(tmux, pair):
    with frozen(pair.destination):
        tmux.keys("R")
        tmux.wait_screen(r"\[2 Check >\][\s\S]*This machine +OK 1")
        tmux.keys("C-c")
        agree(tmux)
        tmux.wait_screen("check: stopped on request")
        assert tmux.row("Not everything was asked")
        # what can be asked is fine, and says nothing of the rest
        n = len(ends(pair.pgrepup))
        tmux.keys("g", "r")
        wait_for(lambda: len(ends(pair.pgrepup)) > n, 60, "the check")
        tmux.wait_screen("check: done$")
        assert ends(pair.pgrepup)[-1]["ok"]
        assert tmux.row(r"\[2 Check\]") and tmux.row("Not everything")


def test_what_fails_before_it_begins_says_that_nothing_was_changed(
        tmux, pair):
    with frozen(pair.destination):
        tmux.keys("3", "!")
        agree(tmux)
        tmux.wait_screen("It had not begun: nothing was changed", 40)
        tmux.wait_screen("setup: no answer from the server in time")


# -- what lies over the screens

@pytest.fixture
def shell(pair):
    """The dashboard in a shell that can bring it back."""
    with Tmux(pair.pgrepup, ["bash", "--norc", "-i"],
              env={"PS1": "prompt$ "}) as tmux:
        tmux.wait_screen(r"prompt\$")
        n = len(ends(pair.pgrepup))
        tmux.type(PROGRAM + "\r")
        tmux.wait_screen("1 Config")
        tmux.keys("2")
        wait_for(lambda: len(ends(pair.pgrepup)) > n, 60, "the check")
        tmux.wait_idle()
        tmux.wait_screen("KO 1 ")
        yield tmux


OVER = {
    "question": (["3", "!"], "capital Y"),
    "name": (["6", "!"], 'Type "pgrepup"'),
    "help": (["?"], "Help: "),
    "find": (["?", "/"], "^ /"),
    "filter": (["2", "/"], r"OK \d+.* /"),
    "log": (["L"], "^ Log "),
    "fix all": (["2", "F"], "Space tick"),
    "wizard": (["1", "!"], "Name of this upgrade"),
}


@pytest.mark.parametrize("name", OVER)
def test_suspended_and_back_all_is_as_it_was(shell, name):
    keys, shows = OVER[name]
    shell.keys(*keys)
    shell.wait_screen(shows)
    if name in ("name", "find", "filter", "wizard"):
        shell.type("abc")
        shell.wait_screen("abc")
    before = shell.screen().split("\n")[1:]
    shell.keys("C-z")
    shell.wait_screen("Stopped")
    shell.type("fg\r")
    shell.wait_screen(shows)
    shell.settle()
    assert shell.screen().split("\n")[1:] == before
    # and drawn again it is the same
    shell.keys("C-l")
    shell.settle()
    assert shell.screen().split("\n")[1:] == before


@pytest.mark.parametrize("size", [(40, 9), (20, 5), (20, 4)],
                         ids=lambda s: "%dx%d" % s)
def test_a_question_on_a_small_terminal_is_read_before_it_is_answered(
        tmux, pair, size):
    tmux.keys("3")
    tmux.wait_screen(r"\[3 Setup")
    tmux.keys("!")
    tmux.wait_screen("capital Y")
    tmux.resize(*size)
    tmux.wait_screen("PgDn")
    read = set()
    n = len(journal(pair.pgrepup))
    while not tmux.row(r"\[ No \]"):
        read |= {word for line in tmux.screen().split("\n")[:-1]
                 for word in line.replace("\u2502", " ").split()}
        assert tmux.row("PgDn")
        tmux.keys("Y", "Down")
        tmux.settle()
    read |= set(tmux.screen().split())
    assert {"Checks", "sides,", "touched.", "Run", "setup?"} <= read
    assert len(journal(pair.pgrepup)) == n
    tmux.keys("Escape")


def test_fix_all_can_be_read_on_a_small_terminal(tmux):
    tmux.keys("F")
    tmux.wait_screen(r"fish=\w+ +rewrites \d+ bytes")
    tmux.resize(40, 12)
    tmux.wait_screen(r"\[ \] app\.public\.fish\S+ +rewrites")
    tmux.resize(20, 5)
    tmux.wait_screen(r"> \[ \]")
    tmux.keys("Space")
    tmux.wait_screen(r"> \[x\]")
    tmux.keys("Escape")


# -- leaving

def test_two_interrupts_quit_where_nothing_runs(tmux):
    tmux.keys("C-c")
    tmux.wait_screen("Nothing runs")
    tmux.keys("C-c")
    assert tmux.wait() == 0


# -- a line on which things come late

def test_a_paste_that_hangs_is_no_keys_however_late(tmux):
    tmux.send(b"\x1b[200~3!")
    tmux.wait_screen("The end of a paste has not come")
    tmux.send(b"Y!q")
    tmux.settle()
    assert not tmux.is_over()
    assert tmux.row(r"\[2 Check") and not tmux.row("capital Y")
    tmux.send(b"\x1b[201~")
    tmux.keys("?")
    tmux.wait_screen("Help: Check")
    tmux.keys("Escape")
    tmux.wait_gone("Help: Check")


def test_the_end_of_a_paste_may_come_in_pieces(tmux):
    tmux.keys("/")
    tmux.send(b"\x1b[200~fis")
    tmux.send(b"h\x1b")
    time.sleep(0.35)    # the bad line: longer than the 200 ms for Esc
    tmux.send(b"[201~")
    tmux.wait_screen(r" /fish( |$)")
    tmux.keys("x")
    tmux.wait_screen(r" /fishx")
    tmux.keys("Escape")


def test_who_waits_for_the_end_of_a_paste_gives_it_up(tmux):
    for key in ("Escape", "C-c"):
        tmux.send(b"\x1b[200~3!Y")
        tmux.wait_screen("The end of a paste has not come")
        tmux.keys(key, "?")
        tmux.wait_screen("Help: Check")
        tmux.keys("q")
        tmux.wait_gone("Help: Check")


def test_the_wizard_shows_all_of_what_is_wrong(nobody):
    with Tmux(nobody) as tmux:
        tmux.wait_screen("1 Config")
        tmux.keys("1", "!")
        tmux.wait_screen("Name of this upgrade")
        tmux.keys("C-n")
        tmux.wait_screen(" 2/7$")
        tmux.keys("Tab", "C-u")
        tmux.type("99999")
        # while the cursor is there, and also when a key has hushed the message
        for keys in (["C-t"], ["Left"]):
            tmux.keys(*keys)
            tmux.settle()
            said = " ".join(re.sub(r".*\u2502", "", line).strip()
                            for line in tmux.screen().split("\n"))
            assert re.search('invalid value for "source.port": "99999"; '
                             "Give a whole number from 1 to 65535", said), said
