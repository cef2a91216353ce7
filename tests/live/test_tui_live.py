# SPDX-License-Identifier: PostgreSQL
"""The run view and the live panel, on servers, databases and terminals that
are not kind: hostile names, a subscription that is off, a server that goes."""
import re
import time
from pathlib import Path

import pytest
from harness import Tmux, Writer, wait_for
from harness.palette import REVERSE, pieces
from harness.program import PROGRAM
from test_tui_journey import ends, journal

pytestmark = pytest.mark.xdist_group("tui_live")

HOSTILE = 'a"b\x1b[31m\r\u202e' + "\u540d" * 4
NAMES = ["app", "dwh", HOSTILE]
ROWS = """
CREATE TABLE t (id int PRIMARY KEY, x text);
INSERT INTO t SELECT g, repeat('x', 100) FROM generate_series(1, 5000) g;
"""


@pytest.fixture(scope="module")
def pair(clusters):
    made = clusters.pair(13, 17)
    for name in NAMES:
        with made.source.connect("postgres") as conn:
            quoted = name.replace('"', '""')
            conn.execute(f'CREATE DATABASE "{quoted}"')
        with made.source.connect(name) as conn:
            conn.execute(ROWS)
    yield made
    made.destroy()


@pytest.fixture
def set_up(pair):
    """The pair after setup, which the first test makes when it runs."""
    wait_for_the_end(pair)
    if not any(r.get("command") == "setup" and r["ok"]
               for r in ends(pair.pgrepup)):
        pair.pgrepup("setup", "--yes")
    return pair


@pytest.fixture
def replicating(set_up):
    """The pair after start, which the second test makes when it runs."""
    if set_up.pgrepup("status", check=False).rc != 0:
        set_up.pgrepup("start")
    wait_for(lambda: set_up.pgrepup("status", check=False).rc == 0, 60,
             "replication")
    return set_up


def wait_for_the_end(pair):
    """The dashboard of the test before may have left a check."""
    wait_for(lambda: not journal(pair.pgrepup) or
             journal(pair.pgrepup)[-1]["type"] == "end", 60,
             "the end of what runs")


@pytest.fixture
def tmux(pair):
    with Tmux(pair.pgrepup) as made:
        made.wait_screen("1 Config")
        yield made


def ask(tmux, question):
    """Presses ! until it asks: the dashboard may begin with a check."""
    tmux.keys("!")
    while tmux.wait_screen(f"{question}|at a time").group() == "at a time":
        tmux.keys("g")
        tmux.wait_gone("at a time")
        tmux.keys("!")


def is_clean(screen):
    return not any(ord(c) < 32 and c != "\n" or c == "\u202e"
                   for c in screen)


def test_setup_fails_says_what_and_is_taken_up_again(pair, tmux):
    pair.destination.psql("CREATE DATABASE app; ")
    pair.destination.psql("CREATE TABLE other (id int)", "app")
    tmux.keys("3")
    ask(tmux, r"Run setup\?")
    tmux.keys("Y")
    tmux.wait_screen(r"setup +failed .*elapsed 00:", 60)
    tmux.wait_screen(r"KO .*Check both sides")
    tmux.wait_screen(r"- +KO +1 ")
    tmux.wait_screen(r"^[> ] +KO +app ")
    tmux.wait_screen("what failed")
    with Tmux(pair.pgrepup) as other:
        # it is what one comes for, and no check has hidden it
        other.wait_screen(r"\[3 Setup !\]", 30)
        other.wait_screen("setup +failed")
        other.keys("2")
        other.wait_screen(r"check: \d+ check", 60)
        other.keys("3")
        other.wait_screen("The last one failed: 1 thing is in the way")
    pair.destination.psql("DROP DATABASE app")
    tmux.keys("r")
    tmux.wait_screen(r"The last setup failed[\s\S]*Run setup\?")
    tmux.keys("Y")
    tmux.wait_screen(r"setup +done", 60)
    tmux.wait_screen(r"^>? *\+? +OK +dwh ")
    assert is_clean(tmux.screen())


@pytest.mark.usefixtures("set_up")
def test_start_is_followed_from_two_terminals(pair, tmux):
    with pair.destination.connect("dwh", autocommit=False) as conn:
        conn.execute("LOCK TABLE t IN SHARE MODE")
        tmux.keys("4")
        ask(tmux, r"Start\?")
        tmux.keys("Y")
        tmux.wait_screen("RUN +start  00:00:")
        tmux.wait_screen(r"dwh +initializing +0/1 ", 60)
        with Tmux(pair.pgrepup, width=200, height=60) as other:
            other.wait_screen("1 Config")
            other.keys("4")
            other.wait_screen(r"attached to process \d+")
            other.wait_screen(r"dwh +initializing")
            other.keys("!")
            other.wait_screen("one operation at a time")
            other.wait_screen("last 30 minutes")
            assert is_clean(other.screen())
    tmux.wait_screen(r"dwh +replicating +1/1 ", 60)
    tmux.wait_gone("RUN +start  ")


def line_of_cursor(tmux):
    """(character, pen) of each column."""
    lines = [[]]
    for text, pen in pieces(tmux.colors(), blanks=True):
        for char in text:
            if char == "\n":
                lines.append([])
            else:
                lines[-1].append((char, pen))
    return next(line for line in lines if line and line[0][0] == ">")


@pytest.mark.usefixtures("replicating")
def test_the_cursor_is_one_bar_on_which_states_keep_their_colour(pair, tmux):
    tmux.keys("4")
    tmux.wait_screen(r"^> .* replicating .*▁", 60)
    for theme in ("blue", "mono", "high", "auto"):
        tmux.keys("T")
        tmux.wait_screen(f"Theme {theme}")
        tmux.settle()
        line = line_of_cursor(tmux)
        assert len(line) > 70
        bare = [n for n, (_, (_, bg, attributes)) in enumerate(line)
                if n > 1 and bg is None and REVERSE not in attributes]
        assert not bare, (theme, bare, line)
        at = "".join(char for char, _ in line).index("replicating")
        assert (line[at][1][1] is None) == (theme == "mono"), theme


@pytest.mark.usefixtures("replicating")
def test_down_is_first_with_time_and_reason_at_every_width(pair, tmux):
    tmux.keys("4")
    tmux.wait_screen(r"app +replicating", 60)
    pair.destination.psql("SELECT pglogical.alter_subscription_disable("
                          "sub_name, true) FROM pglogical.subscription", "app")
    tmux.wait_screen(r"^> app +down \d+s ", 60)
    tmux.keys("g")
    tmux.wait_screen("app: down")
    tmux.wait_screen("subscription is disabled")
    tmux.resize(40, 12)
    tmux.wait_screen(r"^[> ] app +down +\S+ .*\d+s$")
    tmux.resize(20, 4)
    tmux.wait_screen(r"^1 down")
    tmux.resize(40, 3)
    tmux.wait_screen(r"^pgrepup 4( KO| ok)? DOWN \d+ (bytes|kB|MB)$")
    tmux.resize(19, 9)
    tmux.wait_screen(r"^4( KO| ok)? DOWN ")
    for width, height in [(1, 1), (2, 1), (500, 200), (39, 11)]:
        tmux.resize(width, height)
        tmux.settle(0.2)
    tmux.resize(130, 44)
    tmux.wait_screen("State +down")
    pair.destination.psql("SELECT pglogical.alter_subscription_enable("
                          "sub_name, true) FROM pglogical.subscription", "app")
    tmux.wait_screen(r"app +replicating", 60)


@pytest.mark.usefixtures("replicating")
def test_a_refresh_is_small_and_so_is_the_program(pair, tmux):
    tmux.keys("4")
    tmux.wait_screen(r"app +replicating", 60)
    tmux.keys("+")
    tmux.wait_screen(r"Every 1 s")
    with Writer(pair.source, ["app", "dwh"]):
        start = tmux.written.stat().st_size
        refreshes = bytes_of_refreshes(tmux, 8)
        sent = tmux.bytes(start)
    assert refreshes and max(refreshes) <= 2000, refreshes
    # a sample a second is one frame, and the minute on the clock another
    assert len(refreshes) <= 8 + 2, refreshes
    assert b"\x1b[2J" not in sent and b"\x1b[H\x1b[J" not in sent
    assert resident(tmux.pid) < 20 or is_sanitized()
    tmux.keys("-")
    tmux.wait_screen(r"Every 2 s")


def bytes_of_refreshes(tmux, seconds):
    """Bytes of each frame: what comes with less than 100 ms between."""
    frames, last = [], 0
    size = tmux.written.stat().st_size
    end = time.monotonic() + seconds    # the time that is measured
    while time.monotonic() < end:
        time.sleep(0.01)
        now, before = time.monotonic(), size
        size = tmux.written.stat().st_size
        if size == before:
            continue
        if now - last > 0.1:
            frames.append(0)
        frames[-1] += size - before
        last = now
    return frames


def resident(pid):
    status = Path(f"/proc/{pid}/status").read_text()
    return int(re.search(r"VmHWM:\s*(\d+)", status)[1]) / 1024


def is_sanitized():
    """A sanitizer takes more memory than the program."""
    return b"__asan_init" in Path(PROGRAM).read_bytes()


@pytest.mark.usefixtures("replicating")
def test_a_server_that_goes_leaves_its_numbers(pair, tmux):
    tmux.keys("4")
    tmux.wait_screen(r"app +replicating .* bytes ", 60)
    pair.source.stop()
    try:
        tmux.wait_screen(r"source \S+ did not answer for \d+s", 60)
        tmux.wait_screen(r"app .*\(\d+ \w+\)")
        wait_for(lambda: tmux.row(r"did not answer for [4-9]s"), 30,
                 "a time that goes on")
    finally:
        pair.source.start()
    tmux.wait_gone("did not answer", 60)
    tmux.wait_screen(r"app +replicating", 60)
