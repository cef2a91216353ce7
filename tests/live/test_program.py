# SPDX-License-Identifier: PostgreSQL
"""The program by itself: no server is needed."""
import os
import platform
import re
import shutil
import subprocess
import tempfile
from pathlib import Path

import pytest

from harness import Tmux, wait_for
from harness.program import PROGRAM

SOURCE = Path(__file__).resolve().parents[2]


def test_help_names_the_commands(pgrepup):
    assert "help" in pgrepup("help").stdout


def test_a_password_that_was_left_goes_with_the_next_look(pgrepup, tmp_path):
    """A run that was killed leaves the file by which pg_dump got it."""
    pgrepup("config", "set", "security.encrypt=no", "source.host=127.0.0.1",
            "source.port=1", "destination.host=127.0.0.1",
            "destination.port=1", f"tmp_dir={tmp_path}")
    gone = subprocess.Popen(["true"])
    gone.wait()
    left = tmp_path / f"pgrepup-{gone.pid}-abcdef"
    left.mkdir(mode=0o700)
    (left / "pgpass-source").write_text("*:*:*:*:secret\n")
    pgrepup("status", check=False)
    assert not left.exists()
    left.mkdir(mode=0o700)
    with Tmux(pgrepup) as tmux:
        tmux.wait_screen("1 Config")
        wait_for(lambda: not left.exists(), 15)


def readelf(path, *options):
    return subprocess.run(["readelf", "-W", *options, path], check=True,
                          capture_output=True, text=True).stdout


def test_its_memory_is_for_nobody_else(tmp_path):
    """Not even for processes of the same user, unless that is root."""
    # PR_SET_DUMPABLE and /proc/PID/mem, by which it is seen, are Linux's own:
    # elsewhere there is neither the protection nor a way to look
    if platform.system() != "Linux":
        pytest.skip("PR_SET_DUMPABLE is Linux's")
    program = tmp_path / "pgrepup"
    shutil.copy(PROGRAM, program)
    # nobody comes through folders that pytest has made for us alone
    for folder in (tmp_path, *tmp_path.parents):
        if folder.stat().st_mode & 0o011 != 0o011:
            folder.chmod(folder.stat().st_mode | 0o011)
        if folder == Path(tempfile.gettempdir()):
            break
    user = "nobody" if os.getuid() == 0 else None
    # waits for its request
    with subprocess.Popen([program, "--runner"], user=user,
                          stdin=subprocess.PIPE, cwd="/") as waiting:
        memory = Path(f"/proc/{waiting.pid}/mem")
        wait_for(lambda: memory.stat().st_uid == 0, 10, "its own")
        shown = subprocess.run(["cat", memory.with_name("maps")], user=user,
                               stdout=subprocess.PIPE, stderr=subprocess.PIPE,
                               check=False)
        assert b"Permission denied" in shown.stderr, shown
        waiting.stdin.close()


def test_the_program_is_hardened():
    """As far as the linker does it, and in each object."""
    headers = readelf(PROGRAM, "-h", "-d", "-l")
    assert re.search(r"Type: +DYN", headers)
    assert re.search(r"\(FLAGS_1\) +Flags: NOW PIE", headers)
    assert "GNU_RELRO" in headers
    assert re.search(r"GNU_STACK .* RW ", headers)
    assert "__stack_chk_fail" in readelf(PROGRAM, "--dyn-syms")


def test_an_object_without_sanitizers_checks_its_buffers(tmp_path):
    """FORTIFY, which no build with sanitizers has, and on x86 the marks of
    indirect branches and of the shadow stack."""
    text = (Path(PROGRAM).parent / "Makefile").read_text()
    flags = {key: re.search(rf"^{key} =(.*)", text, re.M)[1].split()
             for key in ("CC", "HARDEN_CFLAGS", "FORTIFY_CFLAGS")}
    assert {"-fstack-protector-strong", "-fstack-clash-protection"} <= \
        {*flags["HARDEN_CFLAGS"]}
    found = tmp_path / "mem.o"
    subprocess.run([*flags["CC"], "-O2", "-std=c11", *flags["HARDEN_CFLAGS"],
                    *flags["FORTIFY_CFLAGS"], "-D_GNU_SOURCE", "-c", "-o",
                    found, SOURCE / "src" / "mem.c"], check=True)
    assert "__vasprintf_chk" in readelf(found, "-s")
    if platform.machine() == "x86_64":
        assert re.search("x86 feature: IBT, SHSTK", readelf(found, "-n"))
