# SPDX-License-Identifier: PostgreSQL
"""The live panel while a server is frozen, killed, or a black hole: what it
knew stays, with its age, the other side stays fresh, keys are answered."""
import contextlib
import os
import signal
import socket
import time
from pathlib import Path

import pytest
from harness import Tmux, wait_for

pytestmark = pytest.mark.xdist_group("tui_silent")


@pytest.fixture(scope="module", params=[(13, 17)])
def pair(request, clusters):
    made = clusters.pair(*request.param)
    for name in ["app", "dwh"]:
        made.source.psql(f"CREATE DATABASE {name}")
        made.source.psql("CREATE TABLE t (id int PRIMARY KEY, x text)", name)
    made.pgrepup("setup", "--yes")
    made.pgrepup("start")
    yield made
    made.destroy()


@pytest.fixture
def tmux(pair):
    with Tmux(pair.pgrepup, width=130, height=40) as made:
        made.wait_screen("1 Config")
        made.keys("4")
        made.wait_screen(r"dwh +replicating", 60)
        yield made


def processes(server):
    """The postmaster and its children."""
    main = int((server.data / "postmaster.pid").read_text().split()[0])
    found = [main]
    for stat in Path("/proc").glob("[0-9]*/stat"):
        with contextlib.suppress(OSError):
            words = stat.read_text().rpartition(")")[2].split()
            if int(words[1]) == main:
                found.append(int(stat.parent.name))
    return found


@contextlib.contextmanager
def frozen(server):
    pids = processes(server)
    for pid in pids:
        os.kill(pid, signal.SIGSTOP)
    try:
        yield
    finally:
        for pid in pids:
            os.kill(pid, signal.SIGCONT)


@contextlib.contextmanager
def black_hole(port):
    """A listener that accepts and says nothing."""
    with socket.socket() as listener:
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.bind(("127.0.0.1", port))
        listener.listen(64)
        yield


def answers_keys(tmux):
    """The slowest of some keys, in seconds: the quicker of two rounds, as a
    busy machine is not what is measured."""
    return min(slowest_key(tmux), slowest_key(tmux))


def slowest_key(tmux):
    slowest = 0
    for key, pattern in [("Z", "frozen"), ("Z", r" 2 s$"),
                         ("S", "reversed"), ("S", r"sort: state$")]:
        began = time.monotonic()
        tmux.keys(key)
        tmux.wait_screen(pattern)
        slowest = max(slowest, time.monotonic() - began)
    return slowest


def test_a_frozen_destination_keeps_its_numbers_and_shows_their_age(
        pair, tmux):
    with frozen(pair.destination):
        tmux.wait_screen(r"destination \S+ did not answer for \d+s", 30)
        # known before it fell silent
        assert tmux.row(r"dwh +replicating")
        assert answers_keys(tmux) < 1
        pair.source.psql("CREATE TABLE fill AS SELECT repeat(md5(g::text), 9)"
                         " FROM generate_series(1, 100000) g", "app")
        # the source is asked all the same
        tmux.wait_screen(r"Xlog difference \d+ MB", 30)
        tmux.wait_screen(r"dwh +unknown ", 60)
        # and again when there is no answer, never more often than it should
        tmux.wait_screen(r"destination \S+ did not answer for [3-9]\ds", 60)
        assert tmux.row(r"dwh .* 0/0|dwh .* \d+/\d+")
        assert answers_keys(tmux) < 1
    tmux.wait_gone("did not answer", 60)
    tmux.wait_screen(r"dwh +(replicating|catching up)", 60)
    tmux.wait_screen(r"dwh +replicating", 60)


def test_a_source_that_is_a_black_hole_leaves_the_destination_fresh(
        pair, tmux):
    pair.source.stop()
    try:
        with black_hole(pair.source.port):
            tmux.wait_screen(r"source \S+ did not answer for \d+s: \w+", 60)
            assert answers_keys(tmux) < 1
            status = pair.pgrepup("status", "--json", check=4).json
            assert status["source_age"] is None
            assert status["destination_age"] < 10
            assert not tmux.row("destination .* did not answer")
    finally:
        pair.source.start()
    # tries become rarer, but not rarer than ten seconds
    tmux.wait_gone("did not answer", 40)
    tmux.wait_screen(r"dwh +replicating", 60)


def test_a_killed_source_comes_back_by_itself(pair, tmux):
    for pid in processes(pair.source):
        os.kill(pid, signal.SIGKILL)
    tmux.wait_screen(r"source \S+ did not answer for \d+s", 30)
    assert tmux.row(r"dwh +\w+")
    wait_for(lambda: pair.source.start() or True, 60, "the server again",
             interval=1)
    tmux.wait_gone("did not answer", 60)
    tmux.wait_screen(r"dwh +replicating", 120)


def test_a_monitor_that_dies_is_started_again(pair, tmux):
    [monitor] = [int(pid) for pid in Path(
        f"/proc/{tmux.pid}/task/{tmux.pid}/children").read_text().split()
        if b"--monitor" in Path(f"/proc/{pid}/cmdline").read_bytes()]
    os.kill(monitor, signal.SIGKILL)
    tmux.wait_screen(r" old$|dwh +replicating", 30)
    tmux.keys("Enter")
    tmux.wait_screen(r"Slot +\S+, active", 60)
