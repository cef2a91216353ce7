# SPDX-License-Identifier: PostgreSQL
"""What the tests of `pgrepup config` and its file share."""
import termios
from pathlib import Path

from .program import PROGRAM, Terminal

PASSPHRASE = "correct horse"
PASSWORD = "s3cret-pässword"


def side(name, server):
    return [f"{name}.host={server.host}", f"{name}.port={server.port}",
            f"{name}.user={server.user}"]


def write(pgrepup, text, mode=0o600):
    pgrepup.config.write_text(text)
    pgrepup.config.chmod(mode)


def echo_is_on(term):
    return bool(termios.tcgetattr(term.fd)[3] & termios.ECHO)


def shell(pgrepup, script, *shell_args):
    """A shell on a terminal of its own, with the program as $PGREPUP."""
    term = Terminal(["/bin/bash", *shell_args, *(["-c", script] if script
                                                 else [])],
                    {**pgrepup.env, "PGREPUP": PROGRAM, "PS1": "$ "},
                    pgrepup.home)
    pgrepup.children.append(term)
    return term


def pid_of_config(pgrepup):
    for pid in pgrepup.processes():
        words = Path(f"/proc/{pid}/cmdline").read_bytes().split(b"\0")
        if words[0] == PROGRAM.encode():
            return pid, words
    raise AssertionError("the program does not run")
