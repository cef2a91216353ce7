# SPDX-License-Identifier: PostgreSQL
"""The demonstration on a terminal: the dashboard, left, come back to, and
cleared up. (Without a terminal "make demo" itself is the test.)"""
import os

import pytest
from harness import Tmux, wait_for
from harness.program import PROGRAM
from harness.servers import BINARIES, TESTS


@pytest.fixture
def demo(pgrepup, clusters):
    """Runs it on a terminal; whatever is left at the end is removed."""
    # the servers' user must come to it
    folder = clusters.home / "demo"
    folder.mkdir()
    folder.chmod(0o755)
    top = folder / f"pgrepup-demo-{os.getuid()}"
    pgrepup.env.update(PGREPUP=PROGRAM, TMPDIR=str(folder),
                       PGCLUSTERS_HOME=str(BINARIES.parent))

    def run(*words):
        return Tmux(pgrepup, ["bash", str(TESTS / "demo.sh"), *words])

    yield run, top
    if top.exists():
        with run("end") as tmux:
            assert tmux.wait(60) == 0
    folder.rmdir()


def test_demo_opens_the_dashboard_and_clears_up(demo):
    run, top = demo
    with run() as tmux:
        tmux.wait_screen("Enter opens it", 90)
        tmux.keys("Enter")
        tmux.wait_screen(r"KO \d+", 30)
        tmux.keys("q")
        tmux.wait_screen(r"a +stop the application")
        tmux.keys("a", "Enter")
        # which goes on to the dashboard, and that covers it at once
        wait_for(lambda: b"The application has stopped" in tmux.bytes())
        tmux.wait_screen(r"KO \d+", 30)
        tmux.keys("q")
        tmux.wait_screen(r"a +start the application")
        tmux.keys("q", "Enter")
        assert tmux.wait() == 0
    with run() as tmux:
        tmux.wait_screen("The clusters of before", 30)
        tmux.wait_screen("Enter opens it", 90)
        tmux.keys("Enter")
        tmux.wait_screen(r"KO \d+", 30)
        tmux.keys("q")
        tmux.wait_screen("e +end")
        pids = [int((top / f"clusters/data/{name}/data/postmaster.pid")
                    .read_text().split()[0]) for name in ("13-old", "17-new")]
        tmux.keys("e", "Enter")
        assert tmux.wait(60) == 0
    assert not top.exists()
    wait_for(lambda: not any(os.path.exists(f"/proc/{p}") for p in pids))
