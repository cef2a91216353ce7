# SPDX-License-Identifier: PostgreSQL
"""The program under test, run as its user runs it, in a home of its own."""
import fcntl
import json
import os
import pty
import re
import select
import signal
import struct
import subprocess
import termios
import time
from pathlib import Path

PROGRAM = str(Path(os.environ.get("PGREPUP") or Path(
    __file__).resolve().parents[2] / "build-check" / "pgrepup").resolve())


# a worker of xdist ignores SIGINT, and a child would inherit that
AS_AT_LOGIN = ["env", "--default-signal"]


class Result:
    """What one run gave back."""

    def __init__(self, argv, rc, stdout, stderr):
        self.argv, self.rc = argv, rc
        self.stdout, self.stderr = stdout, stderr

    @property
    def json(self):
        """The one object that --json prints."""
        return json.loads(self.stdout)

    @property
    def output(self):
        return self.stdout + self.stderr

    def __repr__(self):
        return (f"pgrepup {' '.join(self.argv)}: exit status {self.rc}\n"
                f"--- stdout\n{self.stdout}--- stderr\n{self.stderr}---")


class Pgrepup:
    """pgrepup with an own HOME, state folder and configuration file.

    Call it as the shell would: pgrepup("check", "source", check=1).
    """

    def __init__(self, home, bin_dir=None):
        self.home, self.bin_dir = Path(home), bin_dir
        self.home.mkdir(parents=True, exist_ok=True)
        self.home.chmod(0o700)
        self.tmp = self.home / "tmp"
        self.tmp.mkdir(exist_ok=True)
        self.config = self.home / ".pgrepup"
        self.reports = self.home / "sanitizer"
        self.reports.mkdir(exist_ok=True)
        self.children = []
        self.env = {
            "HOME": str(self.home),
            "XDG_STATE_HOME": str(self.home / "state"),
            "TMPDIR": str(self.tmp),
            "PATH": os.environ["PATH"],
            "LC_ALL": "C.UTF-8",
            "TERM": "xterm",
            "ASAN_OPTIONS": f"detect_leaks=1:log_path={self.reports}/asan",
            "UBSAN_OPTIONS": f"print_stacktrace=1:log_path={self.reports}/ubsan",
        }

    # -- running it

    def __call__(self, *args, check=True, input=None, timeout=120, env=None):
        """Runs it to its end. check: the exit status that is expected, True
        for 0, False for any. input: text for standard input, which is closed
        otherwise."""
        argv = [str(arg) for arg in args]
        child = self.spawn(*argv, env=env, stdin=subprocess.PIPE)
        try:
            out, err = child.communicate(input or "", timeout=timeout)
        except subprocess.TimeoutExpired:
            child.kill()
            out, err = child.communicate()
            raise AssertionError(
                f"did not end in {timeout} s: "
                f"{Result(argv, None, out, err)}") from None
        finally:
            self.children.remove(child)
        result = Result(argv, child.returncode, out, err)
        if check is not False:
            expected = 0 if check is True else check
            assert result.rc == expected, \
                f"expected exit status {expected}: {result}"
        return result

    def json(self, *args, **more):
        """The object that the command prints with --json."""
        return self(*args, "--json", **more).json

    def spawn(self, *args, env=None, stdin=subprocess.DEVNULL):
        """Starts it and returns the Popen; close() ends what is left."""
        child = subprocess.Popen(
            [*AS_AT_LOGIN, PROGRAM, *(str(arg) for arg in args)],
            env={**self.env, **(env or {})}, cwd=self.home, stdin=stdin,
            stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
            errors="replace")
        self.children.append(child)
        return child

    def terminal(self, *args, env=None):
        """Runs it on a terminal of its own, 24 x 80."""
        term = Terminal([PROGRAM, *(str(arg) for arg in args)],
                        {**self.env, **(env or {})}, self.home)
        self.children.append(term)
        return term

    # -- its configuration

    def configure(self, pair, **keys):
        """Writes the configuration file for these servers, passwords in clear.
        keys are more settings, with __ for the dot."""
        settings = ["security.encrypt=no", f"tmp_dir={self.tmp}"]
        if self.bin_dir:
            settings.append(f"bin_dir={self.bin_dir}")
        for side, server in (("source", pair.source),
                             ("destination", pair.destination)):
            settings += [f"{side}.host={server.host}",
                         f"{side}.port={server.port}",
                         f"{side}.dbname=postgres",
                         f"{side}.user={server.user}"]
        settings += [f"{key.replace('__', '.')}={value}"
                     for key, value in keys.items()]
        self("config", "set", *settings)
        for side, server in (("source", pair.source),
                             ("destination", pair.destination)):
            self("config", "set", f"{side}.password=-",
                 input=server.password + "\n")

    # -- what is left behind

    def processes(self):
        """Pids of every process that runs in this home: runners, children."""
        mark = f"HOME={self.home}".encode()
        found = []
        for folder in Path("/proc").glob("[0-9]*"):
            try:
                if mark in (folder / "environ").read_bytes().split(b"\0"):
                    found.append(int(folder.name))
            except OSError:
                continue
        return found

    def close(self):
        """Ends everything that still runs in this home."""
        for pid in self.processes():
            try:
                os.kill(pid, signal.SIGKILL)
            except ProcessLookupError:
                continue
        for child in self.children:
            child.wait()
        self.children.clear()

    def sanitizer_reports(self):
        """Texts of the reports so far, which are then forgotten."""
        texts = []
        for path in sorted(self.reports.glob("[au]*san.*")):
            text = path.read_text(errors="replace")
            # a process that was killed while it looked for leaks: no finding
            if "ERROR" in text or "runtime error" in text:
                texts.append(text)
            path.rename(path.with_name("seen-" + path.name))
        return texts


class Terminal:
    """A program on a pseudo terminal: type, and wait for what it says."""

    def __init__(self, argv, env, cwd, rows=24, columns=80):
        self.text = ""
        self.fd, theirs = pty.openpty()
        fcntl.ioctl(self.fd, termios.TIOCSWINSZ,
                    struct.pack("HHHH", rows, columns, 0, 0))
        # setsid makes the terminal the controlling one: ^C and hang-up work
        self.child = subprocess.Popen(
            ["setsid", "--ctty", *AS_AT_LOGIN, *argv], env=env, cwd=cwd,
            stdin=theirs, stdout=theirs, stderr=theirs)
        os.close(theirs)

    def expect(self, pattern, timeout=30):
        """Waits until the pattern stands in what came since the last match,
        and returns the match."""
        deadline = time.monotonic() + timeout
        while True:
            match = re.search(pattern, self.text)
            if match:
                self.text = self.text[match.end():]
                return match
            left = deadline - time.monotonic()
            assert left > 0 and self.read(left), \
                f"/{pattern}/ did not come; there is: {self.text!r}"

    def read(self, timeout):
        """Reads once; False at the end of the program or of the time."""
        if not select.select([self.fd], [], [], timeout)[0]:
            return False
        try:
            data = os.read(self.fd, 65536)
        except OSError:     # Linux: the other side is closed
            data = b""
        self.text += data.decode(errors="replace")
        return bool(data)

    def send(self, text):
        os.write(self.fd, text.encode())

    def line(self, text):
        self.send(text + "\r")

    def hang_up(self):
        """The connection is lost: what closing an ssh session does."""
        os.close(self.fd)
        self.fd = -1

    def wait(self, timeout=30):
        """The exit status (negative: the signal); all output is in text."""
        deadline = time.monotonic() + timeout
        while self.fd >= 0 and self.read(max(deadline - time.monotonic(), 0)):
            pass
        left = max(deadline - time.monotonic(), 0.1)
        try:
            status = self.child.wait(left)
        except subprocess.TimeoutExpired:
            raise AssertionError(f"did not end in {timeout} s; there is: "
                                 f"{self.text!r}") from None
        if self.fd >= 0:
            self.hang_up()
        return status
