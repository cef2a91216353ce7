# SPDX-License-Identifier: PostgreSQL
"""A disk so small that a test can fill it."""
import errno
import shutil
import subprocess
import tempfile
from pathlib import Path

import pytest


class Disk:
    """A file system of so many bytes over a folder, with what was in that."""

    def __init__(self, folder, size):
        self.folder = Path(folder)
        self.folder.mkdir(parents=True, exist_ok=True)
        owner = self.folder.stat()
        with tempfile.TemporaryDirectory() as kept:
            subprocess.run(["cp", "-a", f"{folder}/.", kept], check=True)
            done = subprocess.run(
                ["mount", "-t", "tmpfs", "-o",
                 f"size={size},mode={owner.st_mode & 0o777:o},"
                 f"uid={owner.st_uid},gid={owner.st_gid}", "tmpfs",
                 str(folder)], capture_output=True, text=True, check=False)
            if done.returncode != 0:
                # A full disk cannot be had without the right to mount one, as
                # in most containers; filling the real one harms others.
                pytest.skip(f"no small disk here: {done.stderr.strip()}")
            subprocess.run(["cp", "-a", f"{kept}/.", str(folder)], check=True)

    def fill(self, path=None, byte=b"\0"):
        """Adds that byte to a file until no other fits."""
        with open(path or self.folder / "ballast", "ab", buffering=0) as file:
            size = 65536
            while size > 0:
                try:
                    file.write(byte * size)
                except OSError as problem:
                    assert problem.errno == errno.ENOSPC
                    size //= 2

    @property
    def free(self):
        return shutil.disk_usage(self.folder).free

    @staticmethod
    def below(folder):
        """The folders of disks that a run has left there."""
        mounts = Path("/proc/mounts")
        lines = mounts.read_text().splitlines() if mounts.exists() else []
        return [line.split()[1] for line in lines
                if line.split()[1].startswith(f"{folder}/")]

    def remove(self):
        subprocess.run(["umount", "-l", str(self.folder)], check=False)
