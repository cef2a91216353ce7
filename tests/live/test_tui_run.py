# SPDX-License-Identifier: PostgreSQL
"""The run view by keys: what waits, what runs, pausing, the log, what failed,
and who may steer what another terminal has started."""
import contextlib
import json
import os
import signal

import pytest
from harness import Tmux, wait_for
from test_pause import journal, says, state

DATABASES = ["app", "crm", "dwh", "hr"]
TABLES = """
CREATE TABLE big (id int PRIMARY KEY, x text);
INSERT INTO big SELECT g, repeat('x', 500) FROM generate_series(1, 20000) g;
CREATE TABLE small (id int PRIMARY KEY);
INSERT INTO small SELECT generate_series(1, 10);
"""


@pytest.fixture
def made(pair):
    both = pair(13, 17)
    for name in DATABASES:
        both.source.psql(f"CREATE DATABASE {name}")
        both.source.psql(TABLES, name)
    both.pgrepup("config", "set", "databases_at_once=2")
    yield both


@pytest.fixture
def tmux(made):
    with Tmux(made.pgrepup) as opened:
        opened.wait_screen("1 Config")
        # it checks at first
        wait_for(lambda: says(made.pgrepup, "end"), 60, "the first check")
        opened.wait_idle()
        yield opened


def ask(tmux, key, question):
    tmux.keys(key, "!")
    agree(tmux, question)


def agree(tmux, question):
    tmux.wait_screen(question)
    tmux.wait_screen("capital Y")
    tmux.keys("Y")


def pause(tmux, question=r"Pause it\?"):
    """Also by a letter of which nobody sees that it acts: it asks."""
    tmux.keys("p")
    agree(tmux, question)


def to_line(tmux, pattern):
    tmux.keys("g")
    for _ in range(20):
        tmux.settle(0.1)
        if tmux.row(f"^>.*{pattern}"):
            return
        tmux.keys("j")
    raise AssertionError(f"no line /{pattern}/ on\n{tmux.screen()}")


class Held:
    """A lock that holds setup in its step "databases"."""

    def __init__(self, made):
        self.lock = made.destination.connect("postgres", autocommit=False)
        self.lock.execute("LOCK pg_catalog.pg_database IN EXCLUSIVE MODE")

    def let_go(self):
        self.lock.commit()
        self.lock.close()


def run_held(made, tmux):
    held = Held(made)
    ask(tmux, "3", r"Run setup\?")
    tmux.wait_screen(r"RUN +5  Create the databases", 60)
    return held


def test_all_steps_stand_there_from_the_first_on(made, tmux):
    held = run_held(made, tmux)
    tmux.wait_screen(r"step 5 of 7 .*elapsed 00:0")
    for n, title in [(6, "Copy the schemas"), (7, "Prepare the replication")]:
        tmux.wait_screen(rf"WAIT +{n}  {title}")
    tmux.wait_screen(r"OK +2  Record what")
    # databases that were not begun, on one line below it
    tmux.wait_screen(r"RUN +app")
    tmux.wait_screen(r"WAIT +crm, dwh, hr, postgres")
    # a question about what has ended behind it says so, and asks no more
    tmux.keys("C-c")
    tmux.wait_screen("Stop it")
    held.let_go()
    tmux.wait_screen("has ended meanwhile: there is nothing to stop", 60)
    assert not tmux.row("Stop it|capital Y")
    tmux.keys("Enter")
    tmux.wait_screen("setup +done", 60)
    tmux.wait_screen(r"OK +6  Copy the schemas +5 of 5")


def stop_a_check(made, tmux):
    """A check's process, in the middle of it: one may be over too soon."""
    for _ in range(10):
        before = len(journal(made.pgrepup))
        tmux.keys("2", "R")
        wait_for(lambda: any(r["type"] == "begin" for r in
                             journal(made.pgrepup)[before:]), 20,
                 "another check", 0.01)
        pid = says(made.pgrepup, "begin")[0]["pid"]
        with contextlib.suppress(ProcessLookupError):
            os.kill(pid, signal.SIGSTOP)
            if not says(made.pgrepup, "end"):
                return pid
            os.kill(pid, signal.SIGCONT)
        tmux.wait_idle()
    raise AssertionError("each check was too quick")


def test_what_is_agreed_to_during_a_check_begins_after_it(made, tmux):
    pid = stop_a_check(made, tmux)
    ask(tmux, "3", r"Run setup\?")
    tmux.wait_screen("setup begins when the check has ended")
    os.kill(pid, signal.SIGCONT)
    tmux.wait_screen("setup +done", 60)


def test_p_pauses_after_the_step_and_r_goes_on(made, tmux):
    held = run_held(made, tmux)
    pause(tmux)
    tmux.wait_screen("step 5 of 7, then it pauses")
    assert state(made.pgrepup, "pause").exists()
    # from any screen, as it means the same on all of them
    tmux.keys("2")
    pause(tmux, r"Let it go on instead\?")
    tmux.keys("3")
    tmux.wait_gone("then it pauses")
    assert not state(made.pgrepup, "pause").exists()
    tmux.keys("4")
    pause(tmux)
    tmux.keys("3")
    tmux.wait_screen("then it pauses")
    tmux.keys("q")
    tmux.wait_screen("An operation runs")
    held.let_go()
    tmux.wait_screen("The operation is paused meanwhile", 60)
    assert not tmux.row("An operation runs|pause after this step")
    tmux.keys("Escape")
    tmux.wait_screen("setup +paused: r goes on", 60)
    tmux.wait_screen("paused after step 5 of 7")
    tmux.wait_screen(r"WAIT +6  Copy the schemas")
    tmux.keys("r")
    tmux.wait_screen("The last setup was paused: this goes on")
    agree(tmux, r"Run setup\?")
    tmux.wait_screen("setup +done", 60)


def test_q_offers_to_leave_to_pause_or_to_stay(made, tmux):
    held = run_held(made, tmux)
    tmux.keys("q")
    tmux.wait_screen("Enter, Y leave")
    tmux.keys("Escape")
    tmux.wait_gone("Enter, Y leave")
    tmux.keys("q")
    tmux.wait_screen("Enter, Y leave")
    tmux.keys("p")
    assert tmux.wait() == 0
    held.let_go()
    wait_for(lambda: says(made.pgrepup, "end"), 60, "the end")
    assert says(made.pgrepup, "end")[0]["paused"]


def test_the_first_terminal_steers_and_the_next_when_it_has_died(made, tmux):
    held = run_held(made, tmux)
    with Tmux(made.pgrepup) as other:
        other.wait_screen("1 Config")
        other.keys("3")
        other.wait_screen(f"read only: process {tmux.pid} has it")
        for key in ("p", "C-c"):
            other.keys(key)
            other.wait_screen(f"Read only: setup is of process {tmux.pid}")
            other.keys("g")
            other.wait_gone("Read only: setup")
        other.keys("!")
        other.wait_screen("one operation at a time")
        assert not state(made.pgrepup, "pause").exists()
        # a command may, from anywhere
        made.pgrepup("pause")
        for one in (tmux, other):
            one.wait_screen("then it pauses")
        made.pgrepup("pause", "off")
        tmux.hang_up()
        other.wait_gone("read only")
        other.wait_screen("attached to process")
        other.keys("C-c")
        other.wait_screen("Stop it")
        other.keys("Y")
        other.wait_screen("setup +failed", 30)
        other.wait_screen("stopped on request")
    held.let_go()


def test_a_command_owns_what_it_has_started(made, tmux):
    held = Held(made)
    face = made.pgrepup.spawn("setup")
    tmux.keys("3")
    tmux.wait_screen(f"read only: process {face.pid} has it", 60)
    tmux.wait_screen(r"RUN +5  Create the databases", 60)
    face.send_signal(signal.SIGHUP)
    face.wait(20)
    tmux.wait_gone("read only", 20)
    pause(tmux)
    tmux.wait_screen("then it pauses")
    held.let_go()
    tmux.wait_screen("setup +paused", 60)


def test_what_failed_says_why_what_to_do_and_what_is_untouched(made, tmux):
    made.destination.psql("CREATE DATABASE app")
    made.destination.psql("CREATE TABLE other (id int)", "app")
    ask(tmux, "3", r"Run setup\?")
    tmux.wait_screen("setup +failed", 60)
    to_line(tmux, r"KO +\d")
    tmux.keys("Enter")
    tmux.wait_screen(r"Step 1 of 7 failed: Check both sides")
    tmux.wait_screen("Nothing was changed on either side")
    tmux.wait_screen("r begins step 1 again")
    tmux.wait_screen(r"Log +pgrepup log \d+")
    tmux.keys("y")
    tmux.wait_screen("Copied|is in")
    copied = state(made.pgrepup, "copied").read_text()
    assert "Nothing was changed on either side" in copied
    tmux.keys("Escape")
    made.destination.psql("DROP DATABASE app")
    tmux.keys("Enter")
    tmux.wait_screen("Step 1 of 7 failed")
    tmux.keys("r")
    tmux.wait_screen("The last setup failed: 1 thing is in the way")
    agree(tmux, r"Run setup\?")
    tmux.wait_screen("setup +done", 60)


def test_start_shows_bytes_and_the_tables_of_a_database(made, tmux):
    made.pgrepup("setup")
    with made.destination.connect("dwh", autocommit=False) as lock:
        lock.execute("LOCK TABLE big IN SHARE MODE")
        ask(tmux, "4", r"Start\?")
        tmux.keys("v")
        tmux.wait_screen(r"RUN +2  Copy the databases", 60)
        tmux.wait_screen(r"OK +hr ", 60)
        # it waits for a lock: what it did before foretells nothing
        tmux.wait_screen(r"RUN +dwh +1 of 2 tables .*stalled [\dm]+s? ", 60)
        tmux.wait_screen(r"RUN +2  Copy .* MB of \d+ MB +stalled")
        assert "ETA" not in tmux.screen()
        to_line(tmux, "RUN +dwh")
        tmux.keys("Enter")
        tmux.wait_screen(r"TABLE \(2\)")
        tmux.wait_screen(r"Copied .* MB, stalled [\dm]+s?$")
        tmux.wait_screen(r"RUN +public.big")
        tmux.wait_screen(r"OK +public.small +10 ")
        lock.commit()
        tmux.wait_screen(r"OK +public.big +20000 ", 60)
        tmux.keys("Escape")
    tmux.wait_screen("start +done", 60)
    tmux.keys("v")
    tmux.wait_screen(r"dwh +replicating", 60)


def test_the_log_follows_until_it_is_scrolled(made, tmux):
    held = run_held(made, tmux)
    tmux.keys("Tab", "/")
    tmux.type("nothing has this")
    tmux.wait_screen("Nothing passes the filter")
    tmux.keys("Escape")
    tmux.wait_gone("Nothing passes")
    held.let_go()
    tmux.wait_screen("setup +done", 60)
    tmux.keys("L")
    tmux.wait_screen("Log  +Everything")
    # what was done, when, and how long it took; the end is in sight
    tmux.wait_screen(r"^>\d\d:\d\d:\d\d setup: done$")
    tmux.wait_screen(r"\d 7 of 7  Prepare the replication: done, \d+\.\d s$")
    tmux.wait_screen(r"\d dwh: publish: done, \d")
    tmux.wait_screen("follow")
    # and of what was before it, that it was
    tmux.keys("g")
    tmux.wait_screen(r"^>\d{4}-\d\d-\d\d \d\d:\d\d:\d\d check begins$")
    tmux.wait_screen(r"check: done$")
    tmux.wait_screen("G follows again")
    tmux.keys("G")
    tmux.wait_gone("G follows again")
    tmux.keys("/")
    tmux.type("schemas")
    tmux.keys("Enter")
    tmux.wait_gone("Prepare the replication")
    assert tmux.row("6 of 7  Copy the schemas: begins")
    tmux.keys("Escape")
    tmux.wait_screen("Prepare the replication")
    # typed before the next frame: the line above the last one that passes
    tmux.send(b"/schemas\rGk\r")
    tmux.wait_screen("^ 6 of 7  Copy the schemas: begins$")
    # the line stays under the cursor when all are there again
    tmux.keys("Escape", "Escape")
    tmux.wait_screen("5 of 7  Create the databases: done")
    assert tmux.row("^>.* 6 of 7  Copy the schemas: begins$")
    tmux.keys("Escape")
    tmux.wait_gone("Log  +Everything")


def test_a_filter_leaves_steps_and_what_is_below(made, tmux):
    made.pgrepup("setup")
    tmux.keys("3")
    tmux.wait_screen("setup +done")
    tmux.keys("/")
    tmux.type("dwh")
    tmux.keys("Enter")
    tmux.wait_gone(r"OK +app")
    tmux.wait_screen(r"OK +dwh")
    tmux.wait_screen("Copy the schemas")
    tmux.wait_gone("Record what is changed")
    tmux.keys("Escape")
    tmux.wait_screen("Record what is changed")
    # typed before the next frame: the last line that passes
    tmux.send(b"/dwh\rG\r")
    tmux.wait_screen(r"^ ok +dwh +publish")
    tmux.keys("Escape", "Escape")
    tmux.wait_screen("Record what is changed")


def test_every_size_shows_what_runs(made, tmux):
    held = run_held(made, tmux)
    for width, height in [(200, 60), (40, 12), (20, 5), (1, 1), (39, 8)]:
        tmux.resize(width, height)
        tmux.settle(0.2)
    tmux.resize(40, 12)
    tmux.wait_screen(r"RUN +5  Create")
    tmux.resize(200, 60)
    tmux.wait_screen(r"WAIT +7  ")
    held.let_go()
    tmux.wait_screen("setup +done", 60)


def test_a_long_journal_is_there_at_once(made):
    """200,000 records of one run, and as many of those before."""
    path = state(made.pgrepup, "journal")
    made.pgrepup("setup")
    begin = {"type": "begin", "command": "start", "pid": 1, "run": "long",
             "time": "2026-01-01T00:00:00.000Z", "dry_run": False}
    item = {"type": "item", "step": "copy", "database": "app", "state": "ok",
            "run": "long", "time": "2026-01-01T00:00:00.000Z"}
    with open(path, "a") as file:
        file.write(json.dumps(begin, separators=(",", ":")) + "\n")
        for n in range(200_000):
            file.write(json.dumps(
                {**item, "object": f"public.t{n % 10000}", "rows": n},
                separators=(",", ":")) + "\n")
    with Tmux(made.pgrepup) as tmux:
        tmux.wait_screen("1 Config")
        tmux.keys("4", "v")
        tmux.wait_screen("start +ended without a word", 60)
        assert len(journal(made.pgrepup)) > 200_000
        os.kill(tmux.pid, 0)
