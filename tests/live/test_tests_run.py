# SPDX-License-Identifier: PostgreSQL
"""tests/run: what failed runs once more, and what it says of that is true."""
import os
import re
import subprocess
import sys

import pytest
from harness.servers import TESTS

# the second test needs the first, and fails as often as the file says
NEEDY = """
import pathlib
import pytest
pytestmark = pytest.mark.xdist_group("needy")
ready = []

def test_first():
    ready.append(1)

@pytest.mark.parametrize("pair", ["13-17", "a.b"])
def test_second(pair):
    assert ready
    left = pathlib.Path(__file__).with_name("left." + pair)
    n = int(left.read_text() or 0)
    left.write_text(str(n - 1))
    assert n <= 0
"""

CALM = """
import pathlib

def test_runs_once():
    ran = pathlib.Path(__file__).with_name("ran")
    assert not ran.exists()
    ran.touch()
"""


@pytest.fixture
def run(tmp_path):
    """run(how often each needy test fails) gives the exit status and text."""
    live = tmp_path / "tests/live"
    (live / "deep").mkdir(parents=True)
    (tmp_path / "tests/pytest.ini").write_text(
        "[pytest]\nmarkers =\n    xdist_group(name): x\n    matrix: x\n")
    (live / "deep/test_needy.py").write_text(NEEDY)
    (live / "test_calm.py").write_text(CALM)
    env = {name: value for name, value in os.environ.items()
           if not name.startswith("PYTEST_")}

    def run_it(one=0, other=0):
        (live / "deep/left.13-17").write_text(str(one))
        (live / "deep/left.a.b").write_text(str(other))
        done = subprocess.run(
            [sys.executable, TESTS / "run", "--only=pytest",
             f"--srcdir={tmp_path}", f"--builddir={tmp_path}"],
            env=env, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT, text=True, check=False)
        return done.returncode, done.stdout

    run_it.live = live
    return run_it


def test_what_passes_is_not_run_again(run):
    status, text = run()
    assert status == 0 and text.endswith("\n4 passed, 0 failed\n"), text
    assert "failed at first" not in text
    assert re.search(r"pytest: on these servers:\n(  .*\n)*"
                     r"  17: postgres \(PostgreSQL\) 17\.\d+ .*pglogical 2",
                     text), text
    assert "this red run" not in text


def test_what_fails_once_is_run_again_with_its_file(run):
    status, text = run(one=1)
    assert status == 0 and text.endswith("\n4 passed, 0 failed\n"), text
    assert "pytest: 1 failed at first; when the 1 files" in text
    assert "0 of them failed again, and 0 others" in text
    assert "failed once: live.deep.test_needy::test_second[13-17]@needy" in text


def test_what_fails_twice_has_failed(run):
    status, text = run(one=2, other=1)
    assert status == 1 and text.endswith("\n3 passed, 1 failed\n"), text
    assert "pytest: 2 failed at first; when the 1 files" in text
    assert "failed twice: live.deep.test_needy::test_second[13-17]" in text
    assert "failed once: live.deep.test_needy::test_second[a.b]" in text
    assert re.search(r"servers of this red run were:\n(  .*\n)*  17: ", text)


def test_a_file_that_cannot_be_read_has_failed(run):
    (run.live / "test_broken.py").write_text("nonsense\n")
    status, text = run()
    assert status == 1 and "0 failed" not in text.splitlines()[-1], text


def test_lint_needs_no_build_folder(tmp_path):
    env = {name: value for name, value in os.environ.items()
           if name not in ("CC", "CPPFLAGS", "CFLAGS")}
    done = subprocess.run([sys.executable, f"{TESTS}/lint.py"], cwd=tmp_path,
                          env=env, capture_output=True, text=True, timeout=300,
                          check=False)
    assert "\nok 9 - every header compiles alone\n" in done.stdout, \
        done.stdout + done.stderr
