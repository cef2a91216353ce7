# SPDX-License-Identifier: PostgreSQL
"""A real terminal for the dashboard: a tmux of its own draws every screen.

    with Tmux(pgrepup) as tmux:
        tmux.wait_screen("no configuration")
        tmux.keys("2", "Down", "Enter")
        tmux.resize(40, 12)
        assert "Check" in tmux.screen()
"""
import os
import re
import shlex
import shutil
import subprocess
import tempfile
import time
from pathlib import Path

from .program import AS_AT_LOGIN, PROGRAM
from .wait import wait_for


class Control:
    """A client of a terminal's server that stays: hundreds of keys and looks
    a second, where a new client for each would take most of the time.

        with tmux.control() as control:
            control.send(b"\\x1b")
            assert "Check" in control.screen()
    """

    def __init__(self, tmux):
        self.client = subprocess.Popen(
            ["tmux", "-u", "-S", tmux.folder / "socket", "-C", "attach",
             "-f", "no-output,ignore-size"],
            env={"PATH": os.environ["PATH"], "LC_ALL": "C.UTF-8",
                 "TERM": "xterm-256color"},
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
            errors="replace")
        self.answer()   # to the attaching

    def answer(self):
        """The lines of one command's answer; what is told besides is not."""
        lines = None
        while True:
            line = self.client.stdout.readline()
            assert line, "tmux has ended"
            if line.startswith(("%end ", "%error ")):
                return lines
            if line.startswith("%begin "):
                lines = []
            elif lines is not None:
                lines.append(line.rstrip())

    def run(self, command):
        self.client.stdin.write(command + "\n")
        self.client.stdin.flush()
        return self.answer()

    def send(self, data):
        self.run("send-keys -H " + " ".join(f"{byte:02x}" for byte in data))

    def key(self, name):
        self.run(f"send-keys -- {shlex.quote(name)}")

    def screen(self):
        return "\n".join(self.run("capture-pane -p")).rstrip()

    def close(self):
        self.client.stdin.close()
        self.client.wait()
        self.client.stdout.close()

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.close()


class Tmux:
    """One program on one terminal. Everything that it writes is kept."""

    def __init__(self, pgrepup, argv=None, width=80, height=24, env=None,
                 term="tmux-256color", unset=(), inside=False):
        """inside: the program sees $TMUX, as in a person's own tmux."""
        # short: the path of a socket has at most 107 bytes
        self.folder = Path(tempfile.mkdtemp(prefix="tui-", dir="/tmp"))
        self.written = self.folder / "written"
        self.pgrepup = pgrepup
        gate = self.folder / "gate"
        os.mkfifo(gate)
        own = {**pgrepup.env, **(env or {}), "TERM": term}
        command = ["env", "-i", *(f"{k}={v}" for k, v in own.items()
                                  if k not in unset),
                   *AS_AT_LOGIN, *(argv or [PROGRAM])]
        words = " ".join(shlex.quote(word) for word in command)
        if inside:
            words = words.replace("env -i ", 'env -i TMUX="$TMUX" ', 1)
        wait = f"cd {shlex.quote(str(pgrepup.home))}; read _ <{gate}"
        (self.folder / "conf").write_text(
            "set -g status off\nset -s escape-time 0\n"
            "set -g remain-on-exit on\n"
            f"set -g default-size {width}x{height}\n")
        self.tmux("new-session", "-d", "-x", str(width), "-y", str(height),
                  f"{wait}; {words}; echo $? >{self.folder}/status")
        self.tmux("pipe-pane", "-O", f"exec cat >{self.written}")
        wait_for(self.written.exists, 10, "the pipe of tmux")
        self.began = time.monotonic()
        gate.write_text("go\n")

    def tmux(self, *args):
        """Output of a command to the server of this terminal."""
        done = subprocess.run(
            ["tmux", "-u", "-f", self.folder / "conf",
             "-S", self.folder / "socket", *args], env={"PATH": os.environ["PATH"], "LC_ALL": "C.UTF-8",
                          "TERM": "xterm-256color", "SHELL": "/bin/sh"},
            stdin=subprocess.DEVNULL, capture_output=True, timeout=30,
            check=False)
        assert done.returncode == 0, \
            f"tmux {args[0]}: {done.stderr.decode(errors='replace')}"
        return done.stdout.decode(errors="replace")

    def control(self):
        return Control(self)

    # -- looking

    def screen(self):
        """The text of the screen, a line a row, no blanks at the ends."""
        return "\n".join(line.rstrip() for line in
                         self.tmux("capture-pane", "-p").split("\n")).rstrip()

    def colors(self):
        """The text of the screen with its SGR codes."""
        return self.tmux("capture-pane", "-p", "-e")

    def row(self, pattern):
        """The first row of the screen with that pattern, or None."""
        for line in self.screen().split("\n"):
            if re.search(pattern, line):
                return line
        return None

    def wait_screen(self, pattern, timeout=15):
        """Waits until the pattern stands on the screen; returns the match."""
        deadline = time.monotonic() + timeout
        while True:
            screen = self.screen()
            match = re.search(pattern, screen, re.M)
            if match:
                return match
            assert time.monotonic() < deadline, \
                f"/{pattern}/ did not come; the screen is:\n{screen}"
            time.sleep(0.02)

    def wait_gone(self, pattern, timeout=30):
        wait_for(lambda: not re.search(pattern, self.screen(), re.M),
                 timeout, f"the end of /{pattern}/ on\n{self.screen()}")

    def wait_idle(self, timeout=60):
        """Until the dashboard knows that nothing runs any more, of which the
        journal may tell earlier; before that it refuses what is begun."""
        self.wait_gone(r"^.*1 Config.* >", timeout)

    def settle(self, quiet=0.25, timeout=20):
        """Until nothing was written for so long; returns all bytes so far."""
        deadline = time.monotonic() + timeout
        last, since = -1, time.monotonic()
        while time.monotonic() - since < quiet:
            assert time.monotonic() < deadline, "it writes all the time"
            if self.written.stat().st_size != last:
                last, since = self.written.stat().st_size, time.monotonic()
            time.sleep(0.02)
        return last

    def bytes(self, start=0):
        """What the program has written, from an offset on."""
        with open(self.written, "rb") as file:
            file.seek(start)
            return file.read()

    def flag(self, name):
        """A fact of the terminal by its name in tmux's formats."""
        return self.tmux("display-message", "-p", "#{%s}" % name).strip()

    # -- acting

    def keys(self, *names):
        """Keys by the names of tmux: a Y Enter Escape Up PPage C-l F1."""
        for name in names:
            self.tmux("send-keys", "--", name)

    def type(self, text):
        self.tmux("send-keys", "-l", "--", text)

    def send(self, data):
        """Bytes as they are."""
        self.tmux("send-keys", "-H", *(f"{byte:02x}" for byte in data))

    def paste(self, text):
        """As the terminal pastes: in brackets when the program wants it."""
        self.tmux("set-buffer", "-b", "p", "--", text)
        self.tmux("paste-buffer", "-p", "-r", "-b", "p")

    def resize(self, width, height):
        self.tmux("resize-window", "-x", str(width), "-y", str(height))

    @property
    def pid(self):
        """Of the program; 0 before it runs."""
        shell = self.flag("pane_pid")
        pids = Path(f"/proc/{shell}/task/{shell}/children").read_text()
        return int((pids.split() or [0])[0])

    # -- ending

    def is_over(self):
        return self.flag("pane_dead") == "1"

    def wait(self, timeout=30):
        """The exit status (negative: the signal)."""
        wait_for(self.is_over, timeout, f"the end of\n{self.screen()}\n")
        status = int((self.folder / "status").read_text())
        return 128 - status if status > 128 else status

    def hang_up(self):
        """The terminal is gone at once, as when a connection is lost."""
        self.tmux("kill-server")
        wait_for(lambda: not self.is_there(), 10, "the end of tmux")

    def is_there(self):
        try:
            self.flag("pane_pid")
        except AssertionError:
            return False
        return True

    def close(self):
        if self.is_there():
            self.hang_up()
        shutil.rmtree(self.folder, ignore_errors=True)

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.close()
