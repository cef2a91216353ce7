# SPDX-License-Identifier: PostgreSQL
"""The dashboard and its terminal: it starts at once, answers keys whatever the
servers do, sends few bytes, fits any size, and gives the terminal back."""
import base64
import json
import os
import random
import re
import shutil
import signal
import socket
import subprocess
import time
from pathlib import Path
from types import SimpleNamespace

import pytest
from harness import Tmux, held_lock, wait_for
from harness.program import PROGRAM


@pytest.fixture
def silent(pgrepup):
    """pgrepup configured for two servers that accept and say nothing."""
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        listener.listen(64)
        server = SimpleNamespace(host="127.0.0.1", user="postgres",
                                 password="secret",
                                 port=listener.getsockname()[1])
        pgrepup.configure(SimpleNamespace(source=server, destination=server))
        yield pgrepup


@pytest.fixture
def tmux(silent):
    """The dashboard at 80x24 on such servers, on the screen of the
    configuration; the first check runs for many seconds."""
    with Tmux(silent) as made:
        made.wait_screen(r"1 Config")
        to_config(made)
        yield made


@pytest.fixture
def quiet(silent):
    """The same after a stop that failed, at which it opens: no check runs,
    and nothing moves."""
    stop = {"run": "a", "command": "stop"}
    write_journal(silent, [
        {"type": "begin", **stop},
        {"type": "end", **stop, "ok": False, "exit": 1, "message": "no"}])
    with Tmux(silent) as made:
        made.wait_screen(r"\[5 Stop !\]")
        to_config(made)
        yield made


def write_journal(pgrepup, records):
    folder = pgrepup.home / "state/pgrepup/pgrepup"
    folder.mkdir(parents=True, mode=0o700, exist_ok=True)
    with open(folder / "journal", "w") as file:
        for record in records:
            file.write(json.dumps({**record,
                                   "time": "2026-01-02T03:04:05.000Z"},
                                  separators=(",", ":")) + "\n")
    return folder


def to_config(tmux):
    tmux.keys("1")
    tmux.wait_screen(r"source\.port")
    tmux.settle()


def without_clock(screen):
    return re.sub(r"\b\d\d:\d\d$", "", screen, flags=re.M)


def quit_cleanly(tmux):
    tmux.keys("q")
    if tmux.pgrepup.config.exists():
        wait_for(lambda: tmux.is_over() or tmux.row("Leave"), 10, "a way out")
        if not tmux.is_over():
            tmux.keys("Y")
    assert tmux.wait() == 0
    assert_given_back(tmux)


def assert_given_back(tmux):
    """Every mode that was set was reset after that."""
    written = tmux.bytes()
    for on, off in [(b"\x1b[?2004h", b"\x1b[?2004l"),
                    (b"\x1b[?1049h", b"\x1b[?1049l"),
                    (b"\x1b[?25l", b"\x1b[?25h"),
                    (b"\x1b[?1000h", b"\x1b[?1000l")]:
        assert written.rfind(off) >= written.rfind(on), (on, written[-200:])


# -- starting

def test_without_a_configuration_it_says_how_to_make_one(pgrepup):
    with Tmux(pgrepup) as tmux:
        tmux.wait_screen("no configuration")
        tmux.wait_screen(r"^ *!|Name")
        quit_cleanly(tmux)


def test_first_screen_comes_before_any_server_answers(silent):
    def took():
        with Tmux(silent) as tmux:
            wait_for(lambda: b"Config" in tmux.bytes(), 10, "the first screen",
                     interval=0.002)
            return time.monotonic() - tmux.began
    # 100 ms; a program with sanitizers on a busy machine needs more, and the
    # quickest of three says what is the program's own
    times = [took() for _ in range(3)]
    assert min(times) < 1, times


def test_keys_are_answered_while_servers_are_silent(tmux):
    # each key's quickest of three: what a busy machine adds is not ours
    times = [answers(tmux) for _ in range(3)]
    quickest = {key: min(one[key] for one in times) for key in times[0]}
    assert max(quickest.values()) < 0.5, quickest
    quit_cleanly(tmux)


def answers(tmux):
    """The time until each key is answered."""
    tmux.keys("2")
    tmux.wait_screen("hint")
    took = {}
    for key, pattern in [("?", b"This|Screen|Help"), ("Escape", b"Config"),
                         ("1", b"source.port"), ("4", b"Asking|DATABASE"),
                         ("5", b"runs stop")]:
        start = tmux.settle()
        began = time.monotonic()
        tmux.keys(key)
        wait_for(lambda s=start, p=pattern: re.search(p, tmux.bytes(s)),
                 5, f"an answer to {key}", interval=0.002)
        # Escape waits 200 ms for the rest of a key
        took[key] = time.monotonic() - began - (
            0.2 if key == "Escape" else 0)
    return took


@pytest.mark.parametrize("env", [{"TERM": "dumb"}, {"TERM": ""}])
def test_a_dumb_terminal_gets_the_usage(silent, env):
    terminal = silent.terminal(env=env)
    assert terminal.wait() == 2
    assert "Usage: pgrepup" in terminal.text
    assert "\x1b" not in terminal.text


def test_without_a_terminal_the_usage_goes_to_stderr(silent):
    result = silent(check=2)
    assert result.stdout == ""
    assert "Usage: pgrepup" in result.stderr


def test_an_unknown_terminal_is_named(silent):
    # ncurses does not free what it made for a terminal that it knows not
    terminal = silent.terminal(env={"TERM": "no-such-thing",
                                    "ASAN_OPTIONS": "detect_leaks=0"})
    assert terminal.wait() == 2
    assert "no-such-thing" in terminal.text


# -- sizes

SIZES = [(1, 1), (20, 4), (40, 12), (200, 60)]


@pytest.mark.parametrize("width, height", SIZES)
def test_every_size_shows_something_and_obeys(silent, width, height):
    with Tmux(silent, width=width, height=height) as tmux:
        wait_for(lambda: b"\x1b[?1049h" in tmux.bytes(), 10, "a screen")
        for key in "1?":
            tmux.keys(key)
            tmux.settle()
        tmux.keys("Escape")
        tmux.settle()
        if width >= 39:
            tmux.wait_screen(r"source\.port|Name")
        elif width >= 20:
            tmux.wait_screen(r"\? help")
        quit_cleanly(tmux)


def test_a_storm_of_sizes_leaves_a_clean_screen(quiet):
    before = without_clock(quiet.screen())
    dice = random.Random(42)
    for turn in range(60):
        quiet.resize(dice.randint(1, 500), dice.randint(1, 200))
        if turn % 10 == 3:
            quiet.keys("?")
        if turn % 10 == 7:
            quiet.keys("q")
    quiet.settle()
    if quiet.row("Help"):
        quiet.keys("Escape")
    quiet.keys("1")
    quiet.resize(1, 1)
    quiet.settle()
    quiet.resize(80, 24)
    quiet.settle()
    wait_for(lambda: without_clock(quiet.screen()) == before,
             10, f"the screen as it was\n{before}\nbut\n{quiet.screen()}\n")
    quit_cleanly(quiet)


# -- terminals

TERMS = ["vt100", "linux", "screen", "xterm-256color"]


@pytest.mark.parametrize("term", TERMS)
def test_every_terminal_shows_the_same_text(tmux, term):
    # the first two lines have a clock, and a check that may still run
    expected = tmux.screen().split("\n")[2:]
    with Tmux(tmux.pgrepup, term=term) as other:
        other.wait_screen("1 Config")
        to_config(other)
        got = other.screen().split("\n")[2:]
        # the line above the keys is for messages
        assert got[:-3] == expected[:len(got) - 3]
        assert b"\x1b(0" not in other.bytes() or term in ("vt100", "linux")
        quit_cleanly(other)


def test_no_color_sends_no_color(silent):
    with Tmux(silent, env={"NO_COLOR": "1"}) as tmux:
        tmux.wait_screen("1 Config")
        to_config(tmux)
        assert not re.search(rb"\x1b\[[0-9;]*[34][0-7][;m]", tmux.bytes())
        assert re.search(rb"\x1b\[[0-9;]*[147]m", tmux.bytes())
        quit_cleanly(tmux)


def test_without_utf8_only_ascii_is_sent(silent):
    with Tmux(silent, env={"LC_ALL": "C"}) as tmux:
        tmux.wait_screen("1 Config")
        to_config(tmux)
        for key in ("2", "?", "Escape", "3", "!", "Escape"):
            tmux.keys(key)
            tmux.settle()
        assert max(tmux.bytes()) < 128
        assert b"\x1b(0" not in tmux.bytes()
        assert b"\x0e" not in tmux.bytes()
        tmux.keys("1")
        quit_cleanly(tmux)


# -- bytes

def test_nothing_is_sent_when_nothing_changes(quiet):
    for _ in range(2):
        start = quiet.settle(quiet=1)
        time.sleep(3)   # the time during which nothing may be sent
        sent = quiet.bytes(start)
        # the clock may have moved to the next minute meanwhile
        if not sent:
            return
    assert sent == b""


def test_it_sleeps_when_nothing_happens(quiet):
    def woken():
        status = Path(f"/proc/{quiet.pid}/status").read_text()
        return int(re.search(r"\nvoluntary_ctxt_switches:\s*(\d+)", status)[1])
    before = woken()
    time.sleep(4)       # the time that is measured
    # once a second for the clocks, and the samples of the monitor
    assert woken() - before <= 12


def long_copy(pgrepup, n):
    """The journal of a start that copies n tables, of which one failed."""
    check = {"run": "a", "command": "check", "ok": True}
    start = {"run": "b", "command": "start"}
    copy = {"run": "b", "step": "copy", "database": "app"}
    names = [f"public.customers_{i:06}_history" for i in range(n)]
    records = [
        {"type": "begin", **check},
        {"type": "check", **check, "id": "x", "side": "source",
         "status": "ok", "title": "X"},
        {"type": "end", **check}, {"type": "begin", **start},
        {"type": "step", "run": "b", "id": "copy", "n": 1, "of": 1,
         "title": "Copy", "state": "run"},
        {"type": "databases", **copy, "databases": ["app"]},
        {"type": "database", **copy, "state": "run"},
        *({"type": "tables", **copy, "first": at,
           "names": names[at:at + 1000], "bytes": [8192] * 1000}
          for at in range(0, n, 1000)),
        *({"type": "item", **copy, "object": name, "state": "ok", "rows": 5,
           "bytes": 8192, "seconds": 0.1} for name in names[:-1]),
        {"type": "item", **copy, "object": names[-1], "state": "ko",
         "detail": "no room"}]
    return write_journal(pgrepup, records)


def resident(pid):
    status = Path(f"/proc/{pid}/status").read_text()
    return int(re.search(r"VmHWM:\s*(\d+)", status)[1]) / 1024


def test_what_it_keeps_of_many_tables_has_an_end(silent):
    folder = long_copy(silent, 100_000)
    # who holds it runs, and keeps the first check from starting
    with held_lock(folder, command="start"), Tmux(silent) as tmux:
        tmux.wait_screen("1 Config")
        tmux.keys("4", "v")
        tmux.wait_screen(r"RUN +app", 60)
        tmux.keys("G", "Enter")
        # what failed is the first, and nothing is kept back in silence
        tmux.wait_screen(r"the first 30000, and what fails")
        # which stands last in the journal
        tmux.wait_screen(r"customers_099999_history +.*no room|failed.*099999",
                         60)
        # a sanitizer takes more memory than the program
        assert resident(tmux.pid) < 20 or \
            b"__asan_init" in Path(PROGRAM).read_bytes()


def write_runs(pgrepup, *runs):
    """Runs, each as (command, records, members of its end)."""
    return write_journal(pgrepup, [
        {**record, "run": f"run{number}"}
        for number, (command, records, end) in enumerate(runs)
        for record in ({"type": "begin", "command": command}, *records,
                       {"type": "end", "command": command, **end})])


CHECK = ("check", [
    {"type": "check", "id": "x", "side": "source", "status": "ok",
     "title": "X"},
    *({"type": "group", "side": side, "database": None, "state": "done"}
      for side in ("local", "source", "destination"))], {"ok": True})


def test_what_failed_of_a_database_is_said_beside_the_count(silent):
    write_runs(silent, CHECK, ("stop", [
        {"type": "step", "id": "sessions", "n": 1, "of": 1, "title": "Look",
         "state": "ko", "seconds": 1},
        {"type": "error", "database": "shop", "message": "still in use",
         "hint": "End these sessions."}],
        {"ok": False, "message": "1 of 4 databases failed",
         "hint": "Their errors are above."}))
    with Tmux(silent) as tmux:
        tmux.wait_screen(r"\[5 Stop !\]")
        tmux.wait_screen(r"^1 of 4 databases failed\nshop: still in use\n"
                         r"End these sessions\.\n")
        assert not tmux.row("errors are above")
        quit_cleanly(tmux)


@pytest.mark.parametrize("done, next_one", [
    ([], "setup (3)"), (["setup"], "start (4)"),
    (["setup", "start"], "stop (5)"),
    (["setup", "start", "stop"], "uninstall (6)"),
    (["setup", "start", "stop", "uninstall"], "setup (3)")])
def test_the_checklist_knows_what_comes_next(silent, done, next_one):
    folder = write_runs(silent, *((one, [], {"ok": True}) for one in done),
                        CHECK)
    # who holds it runs, and keeps the first check from starting
    with held_lock(folder, command="start"), Tmux(silent) as tmux:
        tmux.wait_screen("1 Config")
        tmux.keys("2", "g")
        tmux.wait_screen(rf"Nothing is in the way of {re.escape(next_one)}\.")
        quit_cleanly(tmux)


# -- what must not act

def test_nobody_is_stopped_whose_number_only_stands_in_the_lock(silent):
    run = {"run": "a", "command": "start"}
    folder = write_journal(silent, [{"type": "begin", **run}])
    with subprocess.Popen(["sleep", "600"]) as bystander:
        with held_lock(folder, **run, pid=bystander.pid) as holder, \
             Tmux(silent) as tmux:
            tmux.wait_screen("1 Config")
            tmux.keys("C-c")
            tmux.wait_screen("Stop it")
            tmux.keys("Y")
            tmux.wait_screen("cannot be stopped from here")
            assert bystander.poll() is None and holder.poll() is None
            holder.kill()
            quit_cleanly(tmux)
        bystander.kill()


def test_what_holds_the_lock_and_says_so_is_stopped(silent):
    run = {"run": "a", "command": "start"}
    folder = write_journal(silent, [{"type": "begin", **run}])
    with held_lock(folder, **run) as holder, Tmux(silent) as tmux:
        tmux.wait_screen("1 Config")
        tmux.keys("C-c")
        tmux.wait_screen("Stop it")
        tmux.keys("Y")
        tmux.wait_screen("Asked to stop")
        wait_for(lambda: holder.poll() is not None, 10, "its end")
        quit_cleanly(tmux)


def test_a_paste_outside_a_field_does_nothing(quiet):
    before = without_clock(quiet.screen())
    quiet.paste("q2!Y\r?")
    quiet.settle()
    assert without_clock(quiet.screen()) == before
    assert not quiet.is_over()
    quiet.keys("2")
    quiet.wait_screen("hint")
    quit_cleanly(quiet)


def test_a_late_rest_of_a_key_does_nothing(quiet):
    start, before = quiet.settle(), without_clock(quiet.screen())
    quiet.send(b"\x1b")
    time.sleep(0.35)    # the bad line: longer than the 200 ms for Esc
    quiet.send(b"OA")
    quiet.settle()
    quiet.send(b"\x1b")
    time.sleep(0.35)
    quiet.send(b"[6~")
    quiet.settle()
    assert without_clock(quiet.screen()) == before, quiet.bytes(start)
    quit_cleanly(quiet)


def test_a_key_that_comes_later_is_a_key(tmux):
    tmux.send(b"\x1b")
    time.sleep(0.35)    # the bad line: longer than the 200 ms for Esc
    tmux.send(b"[")
    time.sleep(0.7)     # so late that it belongs to nothing any more
    tmux.send(b"2")
    tmux.wait_screen("hint")
    quit_cleanly(tmux)


def test_a_slow_arrow_is_one_arrow(tmux):
    assert tmux.screen().split("\n")[4].startswith(">")
    for byte in b"\x1bOB":
        tmux.send(bytes([byte]))
        time.sleep(0.06)    # the bad line
    wait_for(lambda: tmux.screen().split("\n")[5].startswith(">"), 5,
             "the cursor one line below")
    quit_cleanly(tmux)


def ask(tmux):
    """A question, that of setup."""
    tmux.keys("3", "!")


def test_only_a_capital_y_agrees(quiet):
    for key in ("Enter", "Escape", "n", "y", "q", "!", "Space"):
        ask(quiet)
        quiet.wait_screen("Yes: capital Y")
        quiet.keys(key)
        quiet.wait_gone("Yes: capital Y")
        assert not quiet.is_over() and not quiet.row("Started")
    quit_cleanly(quiet)


def test_what_was_typed_ahead_agrees_to_nothing(quiet):
    quiet.keys("3")
    quiet.wait_screen(r"3 Setup")
    quiet.send(b"!Y")
    quiet.wait_screen(r"\[ No \]")
    quiet.settle()
    # the question is still there, and nothing has been started
    assert quiet.row(r"\[ No \]")
    quiet.keys("Escape")
    journal = quiet.pgrepup.home / "state/pgrepup/pgrepup/journal"
    assert '"command":"setup"' not in journal.read_text()


def test_what_was_not_read_cannot_be_agreed_to(quiet):
    quiet.resize(40, 9)
    quiet.keys("3", "!")
    quiet.wait_screen("more to read")
    quiet.keys("Y")
    quiet.settle()
    while not quiet.row("capital Y"):
        assert quiet.row("more to read")
        quiet.keys("NPage")
        quiet.settle()
    assert "Run setup?" in quiet.screen()
    quiet.keys("Y")
    quiet.resize(80, 24)
    quiet.wait_screen("setup runs|failed")
    quit_cleanly(quiet)


def test_what_cannot_be_undone_wants_its_name(pgrepup):
    """Neither Y nor another name nor a paste does it."""
    pgrepup("config", "set", "security.encrypt=no", *(
        f"{side}.{key}" for side in ("source", "destination")
        for key in ("host=127.0.0.1", "port=1", "user=nobody")))
    with Tmux(pgrepup) as tmux:
        tmux.wait_screen(r"check: ")
        for typed in ("Y", "pgrepu", "Pgrepup"):
            tmux.keys("6", "!")
            tmux.wait_screen('Type "pgrepup" and Enter')
            tmux.type(typed)
            tmux.keys("Enter")
            tmux.wait_gone(f"Enter: {typed}")
            tmux.paste("pgrepup")
            tmux.keys("Enter")
            tmux.wait_gone('Type "pgrepup"')
            assert not tmux.row("Started|uninstall:")
        tmux.keys("q")
        assert tmux.wait() == 0


def test_a_paste_is_wiped(tmux):
    tmux.paste("Correct-Horse-Battery")
    tmux.keys("2")
    tmux.wait_screen("hint")
    assert b"Correct-Horse" not in memory(tmux.pid)
    # what is on the heap would be found
    assert bytes(tmux.pgrepup.config) in memory(tmux.pid)
    quit_cleanly(tmux)


def memory(pid):
    """All that the process can write to; the shadow of a sanitizer apart."""
    found = []
    with open(f"/proc/{pid}/mem", "rb", 0) as file:
        for line in Path(f"/proc/{pid}/maps").read_text().splitlines():
            start, end = (int(n, 16) for n in line.split()[0].split("-"))
            if " rw" in line and end - start < 1 << 28:
                file.seek(start)
                found.append(file.read(end - start))
    return b"".join(found)


# -- giving the terminal back

@pytest.mark.parametrize("name", ["SIGTERM", "SIGHUP", "SIGINT"])
def test_a_signal_gives_the_terminal_back(tmux, name):
    os.kill(tmux.pid, getattr(signal, name))
    # as every program that a signal has ended
    assert tmux.wait() == -getattr(signal, name)
    assert_given_back(tmux)


@pytest.mark.parametrize("name", ["SIGABRT", "SIGQUIT", "SIGUSR1", "SIGALRM"])
def test_a_signal_that_kills_gives_the_terminal_back(tmux, name):
    os.kill(tmux.pid, getattr(signal, name))
    tmux.wait()
    assert_given_back(tmux)


def test_a_broken_pipe_does_not_end_it(tmux):
    os.kill(tmux.pid, signal.SIGPIPE)
    tmux.keys("2")
    tmux.wait_screen("hint")
    quit_cleanly(tmux)


def test_a_signal_is_obeyed_while_it_prints(tmux):
    tmux.keys("o")
    tmux.wait_screen("Enter goes back")
    assert tmux.flag("alternate_on") == "0"
    os.kill(tmux.pid, signal.SIGTERM)
    assert tmux.wait() == -signal.SIGTERM
    assert_given_back(tmux)


def test_printed_it_can_be_suspended_and_interrupted(silent):
    with Tmux(silent, ["bash", "--norc", "-i"],
              env={"PS1": "prompt$ "}) as tmux:
        tmux.wait_screen(r"prompt\$")
        tmux.type(PROGRAM + "\r")
        tmux.wait_screen("1 Config")
        to_config(tmux)
        tmux.keys("o")
        tmux.wait_screen("Enter goes back")
        tmux.keys("C-z")
        tmux.wait_screen("Stopped")
        tmux.type("fg\r")
        tmux.wait_screen(r"pgrepup$")
        assert tmux.flag("alternate_on") == "0"
        tmux.keys("C-c")
        wait_for(lambda: tmux.flag("alternate_on") == "1", 10, "the dashboard")
        tmux.keys("2")
        tmux.wait_screen("hint")


def test_a_crash_gives_the_terminal_back(silent):
    with Tmux(silent, ["sh", "-c", f"{PROGRAM}; stty -a; echo over; read x"]) \
            as tmux:
        tmux.wait_screen("1 Config")
        to_config(tmux)
        shell = tmux.pid
        child = Path(f"/proc/{shell}/task/{shell}/children").read_text()
        os.kill(int(child.split()[0]), signal.SIGSEGV)
        tmux.wait_screen("over")
        assert_given_back(tmux)
        modes = re.split(r"[\s;]+", tmux.screen())
        assert {"icanon", "echo", "isig", "icrnl"} <= set(modes)


def test_loss_of_the_terminal_ends_it(tmux):
    pid = tmux.pid
    tmux.hang_up()
    wait_for(lambda: not os.path.exists(f"/proc/{pid}"), 10, "its end")


def test_suspended_it_leaves_the_screen_and_comes_back(silent):
    with Tmux(silent, ["bash", "--norc", "-i"],
              env={"PS1": "prompt$ "}) as tmux:
        tmux.wait_screen(r"prompt\$")
        tmux.type(PROGRAM + "\r")
        tmux.wait_screen("1 Config")
        to_config(tmux)
        tmux.keys("C-z")
        tmux.wait_screen("Stopped")
        assert tmux.flag("alternate_on") == "0"
        tmux.type("fg\r")
        tmux.wait_screen(r"source\.port")
        assert tmux.flag("alternate_on") == "1"
        tmux.keys("2")
        tmux.wait_screen("hint")


# -- the mouse

def mouse(tmux, button, row):
    """A press on a row of the screen, as this terminal tells it."""
    if b"\x1b[?1006;1000h" in tmux.bytes():
        tmux.send(f"\x1b[<{button};10;{row + 1}M".encode())
    else:
        tmux.send(b"\x1b[M" + bytes([32 + button, 32 + 10, 33 + row]))


def test_a_click_chooses_a_line_and_the_wheel_moves(tmux):
    def cursor():
        return [n for n, line in enumerate(tmux.screen().split("\n"))
                if line.startswith(">")]
    first = cursor()[0]
    tmux.keys("m")
    tmux.wait_screen("Mouse on")
    mouse(tmux, 0, first + 5)
    wait_for(lambda: cursor() == [first + 5], 5, "the cursor at the click")
    mouse(tmux, 64, first)
    wait_for(lambda: cursor() == [first + 2], 5, "the cursor by the wheel up")
    mouse(tmux, 65, first)
    wait_for(lambda: cursor() == [first + 5], 5, "and down")
    mouse(tmux, 0, 0)       # where there is no line
    mouse(tmux, 0, 23)
    tmux.settle()
    assert cursor() == [first + 5]
    # over help, and not of what lies below it
    tmux.keys("?")
    tmux.wait_screen("1-21 of")
    mouse(tmux, 65, 10)
    tmux.wait_screen("4-24 of")
    mouse(tmux, 64, 10)
    tmux.wait_screen("1-21 of")
    tmux.keys("Escape")
    tmux.wait_gone("1-21 of")
    assert cursor() == [first + 5]
    quit_cleanly(tmux)


# -- help

def test_help_has_columns_pages_and_finds(tmux):
    tmux.keys("?")
    tmux.wait_screen(r"^ This screen +Everywhere$")
    tmux.wait_screen(r"Help: Config +page 1 of \d")
    tmux.keys("NPage")
    tmux.wait_screen(r"page 2 of \d")
    tmux.resize(60, 24)
    tmux.keys("g")
    tmux.wait_screen(r"^ This screen$")
    tmux.wait_gone(r"This screen +Everywhere")
    tmux.keys("/")
    tmux.type("theme")
    tmux.keys("Enter")
    # it stands among its neighbours
    tmux.wait_screen(r"^ +T +next theme")
    assert tmux.row("mouse on and off")
    tmux.wait_screen(r"line 1 of 1$")
    tmux.keys("Escape", "g", "/")
    tmux.type("SCREEN")
    tmux.keys("Enter")
    tmux.wait_screen(r"line 1 of ([2-9]|\d\d)$")
    tmux.keys("n")
    tmux.wait_screen(r"line 2 of")
    tmux.keys("N", "N")
    tmux.wait_screen(r"line (\d+) of \1$")
    tmux.keys("Escape", "/")
    tmux.type("no such word")
    tmux.wait_screen("not found")
    tmux.keys("Escape", "Escape")
    tmux.wait_gone("Help: Config")
    # what is the same everywhere is so here
    tmux.keys("?", "m")
    tmux.wait_screen("Mouse on")
    tmux.keys("m")
    tmux.wait_screen("Mouse off")
    tmux.keys("2")
    tmux.wait_screen(r"\[2 Check")
    tmux.keys("?")
    tmux.wait_screen("Help: Check")
    tmux.keys("F2")
    tmux.wait_screen(r"\[1 Config")
    # all of it typed before the first frame
    tmux.send(b"?/screen\rnn")
    tmux.wait_screen("line 3 of")
    tmux.keys("Escape", "Escape")
    tmux.wait_gone("Help: Config")
    quit_cleanly(tmux)


# -- the clipboard

def test_copy_goes_to_the_buffer_of_tmux(silent):
    with Tmux(silent, inside=True) as tmux:
        tmux.wait_screen("1 Config")
        to_config(tmux)
        tmux.keys("y")
        tmux.wait_screen("Copied")
        copied = tmux.tmux("show-buffer")
        assert re.match(r"[a-z_.]+=", copied), copied
        quit_cleanly(tmux)


def other_tmux(pgrepup, script):
    """The environment in which "tmux" is that script."""
    folder = pgrepup.home / "bin"
    folder.mkdir()
    (folder / "tmux").write_text(f"#!/bin/sh\n{script}\n")
    (folder / "tmux").chmod(0o755)
    return {"PATH": f"{folder}:{os.environ['PATH']}"}


def test_a_tmux_that_hangs_holds_nobody_up(silent):
    env = other_tmux(silent, 'cat >"$HOME/got"; exec sleep 60')
    with Tmux(silent, inside=True, env=env) as tmux:
        tmux.wait_screen("1 Config")
        to_config(tmux)
        tmux.keys("y", "2")
        tmux.wait_screen("hint")
        assert not tmux.row("Copied")
        # nobody waits for it for ever, and nothing is said that is not so
        tmux.wait_screen("The clipboard did not take it; it is in")
        assert (silent.home / "got").read_text() == the_file(silent)
        quit_cleanly(tmux)


def test_a_copy_that_fails_is_not_called_one(silent):
    env = other_tmux(silent, "exit 1")
    with Tmux(silent, inside=True, env=env) as tmux:
        tmux.wait_screen("1 Config")
        to_config(tmux)
        tmux.keys("y")
        tmux.wait_screen("The clipboard did not take it; it is in")
        # the same over a screen, where its own line has no place
        tmux.keys("?")
        tmux.wait_screen("Esc close")
        tmux.keys("y")
        tmux.wait_screen("The clipboard did not take it; it is in")
        assert "Everywhere" in the_file(silent)
        tmux.keys("j")
        tmux.wait_screen("Esc close")
        tmux.keys("Escape")
        quit_cleanly(tmux)


def test_what_cannot_be_written_is_said(silent):
    with Tmux(silent, inside=True) as tmux:
        tmux.wait_screen("1 Config")
        to_config(tmux)
        (silent.home / "state/pgrepup/pgrepup/copied").mkdir()
        tmux.keys("y")
        tmux.wait_screen("Copied; could not write .*Is a directory")
        quit_cleanly(tmux)


def test_copy_goes_to_the_terminal_elsewhere(silent):
    with Tmux(silent) as tmux:
        tmux.wait_screen("1 Config")
        to_config(tmux)
        start = tmux.settle()
        tmux.keys("y")
        # which says nothing to it
        tmux.wait_screen("Sent to the clipboard")
        assert re.search(rb"\x1b\]52;c;[A-Za-z0-9+/=]+\x07",
                         tmux.bytes(start))
        quit_cleanly(tmux)


def test_copy_of_too_much_goes_to_the_file_alone(silent):
    """Terminals drop a longer OSC 52, and some of them hang on it."""
    silent("config", "set", "databases.exclude=" +
           " ".join(f"database_{n:07}" for n in range(4500)))
    with Tmux(silent) as tmux:
        tmux.wait_screen("1 Config")
        to_config(tmux)
        start = tmux.settle()
        tmux.keys("Y")
        tmux.wait_screen("The clipboard did not take it; it is in")
        assert b"\x1b]52" not in tmux.bytes(start)
    [copied] = silent.home.rglob("copied")
    assert "database_0004499" in copied.read_text()


def test_copy_goes_to_screen_in_pieces(silent):
    with Tmux(silent, env={"STY": "1.pts"}, term="screen") as tmux:
        tmux.wait_screen("1 Config")
        to_config(tmux)
        start = tmux.settle()
        tmux.keys("Y")
        tmux.wait_screen("Sent to the clipboard")
        pieces = re.findall(rb"\x1bP(.*?)\x1b\\", tmux.bytes(start), re.S)
        assert pieces and max(map(len, pieces)) <= 250
        assert b"".join(pieces).startswith(b"\x1b]52;c;")
        quit_cleanly(tmux)


def test_resize_there_and_back_leaves_nothing_behind(pgrepup):
    with Tmux(pgrepup) as tmux:
        tmux.wait_screen("There is no configuration yet")
        tmux.settle()
        before = without_clock(tmux.screen())
        for _ in range(5):
            # so fast that the program sees only the size it had
            for size in ((40, 12), (200, 60), (20, 4), (80, 24)):
                tmux.resize(*size)
            wait_for(lambda: without_clock(tmux.screen()) == before, 10,
                     "the screen of before")


@pytest.mark.skipif(not shutil.which("screen"), reason="no GNU screen here")
def test_copy_goes_through_a_real_screen(silent):
    """More than one piece arrives as one whole at the terminal outside."""
    rc = silent.home / "screenrc"
    rc.write_text("startup_message off\nmsgwait 0\n")
    with Tmux(silent, ["screen", "-c", str(rc), "-U", PROGRAM],
              env={"SCREENDIR": str(silent.home / "screens")},
              term="xterm-256color") as tmux:
        tmux.wait_screen("1 Config")
        to_config(tmux)
        start = tmux.settle()
        tmux.keys("Y")
        tmux.wait_screen("Sent to the clipboard")
        tmux.settle()
        codes = re.findall(rb"\x1b\]52;c;([A-Za-z0-9+/=]+)\x07",
                           tmux.bytes(start))
        copied = base64.b64decode(b"".join(codes)).decode()
        assert len(copied) > 300 and copied == the_file(silent)
        quit_cleanly(tmux)


def the_file(pgrepup):
    """What the dashboard has left in the file that it names."""
    return (pgrepup.home / "state/pgrepup/pgrepup/copied").read_text()
