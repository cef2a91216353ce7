# SPDX-License-Identifier: PostgreSQL
"""The lock of an upgrade in the hands of a process that is no pgrepup."""
import contextlib
import json
import subprocess
import sys

HOLD = """
import fcntl, json, os, sys
lock = open(sys.argv[1], "w")
fcntl.lockf(lock, fcntl.LOCK_EX)
json.dump({"pid": os.getpid(), **json.loads(sys.argv[2])}, lock)
lock.flush()
print("held", flush=True)
sys.stdin.read()
"""


@contextlib.contextmanager
def held_lock(folder, **words):
    """Held as by a runner, which says its number and such words (run,
    command) of itself. Yields the process."""
    with subprocess.Popen([sys.executable, "-c", HOLD, folder / "lock",
                           json.dumps(words)], text=True,
                          stdin=subprocess.PIPE, stdout=subprocess.PIPE,
                          ) as holder:
        try:
            assert holder.stdout.readline() == "held\n"
            yield holder
        finally:
            holder.kill()
