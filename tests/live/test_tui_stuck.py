# SPDX-License-Identifier: PostgreSQL
"""A terminal that takes nothing (a dead line, XOFF) stops nobody."""
import os
import re
import select
import signal
import socket
import termios
from pathlib import Path
from types import SimpleNamespace

import pytest
from harness import Tmux, wait_for


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
def stuck(silent):
    """The dashboard on a terminal that nobody reads any more, and whose
    buffer is full. read: all that it has written so far."""
    term = silent.terminal(env={"TERM": "tmux-256color"})
    read = b""
    while b"1 Config" not in read:
        read += take(term, 30)
    wait_for(lambda: is_full(term), 120, "a full terminal", interval=0)
    yield SimpleNamespace(term=term, pid=term.child.pid, read=read)


def take(term, timeout):
    if not select.select([term.fd], [], [], timeout)[0]:
        return b""
    return os.read(term.fd, 65536)


def written_by(pid):
    counts = Path(f"/proc/{pid}/io").read_text()
    return int(re.search(r"wchar: (\d+)", counts)[1])


def is_full(term):
    """Every ^L is a whole screen, unless there is no room for one."""
    before = written_by(term.child.pid)
    term.send("\x0c")
    try:
        wait_for(lambda: written_by(term.child.pid) > before, 1)
    except AssertionError:
        return True
    return False


def all_of_it(term):
    """What comes until nothing comes any more."""
    read, piece = b"", take(term, 10)
    while piece:
        read += piece
        piece = take(term, 1)
    return read


@pytest.mark.parametrize("name", ["SIGTERM", "SIGHUP", "SIGINT"])
def test_a_signal_ends_it(stuck, name):
    os.kill(stuck.pid, getattr(signal, name))
    # a second is what it waits for the terminal
    assert stuck.term.child.wait(5) == 128 + getattr(signal, name)
    modes = termios.tcgetattr(stuck.term.fd)
    assert modes[3] & termios.ICANON and modes[3] & termios.ECHO


def test_a_crash_ends_it(stuck):
    os.kill(stuck.pid, signal.SIGABRT)
    stuck.term.child.wait(5)
    modes = termios.tcgetattr(stuck.term.fd)
    assert modes[3] & termios.ICANON and modes[3] & termios.ECHO


@pytest.mark.parametrize("nudge", [None, signal.SIGCONT, signal.SIGWINCH])
def test_it_goes_on_with_a_right_screen(stuck, silent, nudge):
    if nudge:
        os.kill(stuck.pid, nudge)
    stuck.term.send("1")
    read = stuck.read + all_of_it(stuck.term)
    stuck.term.send("?")
    read += all_of_it(stuck.term)
    written = silent.home / "written"
    written.write_bytes(read)
    with Tmux(silent) as fresh, \
            Tmux(silent, hold(written)) as shown:
        fresh.wait_screen("1 Config")
        fresh.keys("1")
        fresh.wait_screen(r"source\.port")
        fresh.keys("?")
        for tmux in (fresh, shown):
            tmux.wait_screen("Esc close")
            tmux.settle()
        assert shown.screen() == fresh.screen()


def hold(path):
    """Shows a file and keeps the screen as that leaves it."""
    return ["sh", "-c", f"cat '{path}'; read x"]
