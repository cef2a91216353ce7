# SPDX-License-Identifier: PostgreSQL
"""Fixtures of the live tests. Each worker has servers, ports and homes of its
own below one folder of the run, which is removed at its end, or at the start
of a later run when this one was killed."""
import os
import shutil
import subprocess
import tempfile
from pathlib import Path

import pytest
from harness import Clusters, Disk
from harness.program import PROGRAM
from harness.servers import PGCLUSTERS, TESTS

PREFIX = "pgrepup-tests-"
PORTS_PER_WORKER = 40


def is_controller(config):
    return not hasattr(config, "workerinput")


def remove_run(folder):
    """Stops what runs below the folder of a run, and removes it."""
    for disk in Disk.below(folder):
        subprocess.run(["umount", "-l", disk], check=False)
    for home in folder.glob("*/data"):
        subprocess.run(
            [str(PGCLUSTERS), "destroy", "all"], check=False,
            env={**os.environ, "PGCLUSTERS_HOME": str(home.parent)},
            stdin=subprocess.DEVNULL, capture_output=True, timeout=120)
    shutil.rmtree(folder, ignore_errors=True)


def is_stale(folder):
    try:
        pid = int((folder / "pid").read_text())
        os.kill(pid, 0)
    except ProcessLookupError:
        return True
    except (OSError, ValueError):
        return False
    return False


def pytest_configure(config):
    config.run_folder = None
    if not is_controller(config):
        config.run_folder = Path(config.workerinput["run_folder"])


def pytest_sessionstart(session):
    """The controller (or the only process) makes the folder of the run."""
    config = session.config
    if not is_controller(config) or config.option.collectonly:
        return
    if not os.access(PROGRAM, os.X_OK):
        pytest.exit(f"no program {PROGRAM}: build it, or set PGREPUP", 3)
    top = Path(os.environ.get("TMPDIR", "/var/tmp"))
    for old in top.glob(PREFIX + "*"):
        if is_stale(old):
            remove_run(old)
    config.run_folder = Path(tempfile.mkdtemp(prefix=PREFIX, dir=top))
    config.run_folder.chmod(0o755)
    (config.run_folder / "pid").write_text(str(os.getpid()))


@pytest.hookimpl(optionalhook=True)
def pytest_configure_node(node):
    """xdist: what the controller tells each worker."""
    node.workerinput["run_folder"] = str(node.config.run_folder)


@pytest.hookimpl(trylast=True)
def pytest_sessionfinish(session):
    """Last of all: fixtures may be torn down as late as this."""
    config = session.config
    if is_controller(config) and config.run_folder:
        remove_run(config.run_folder)


@pytest.fixture(scope="session")
def clusters(request, worker_id):
    """Makes servers and pairs; for fixtures of a wider scope than a test:

        @pytest.fixture(scope="module")
        def upgraded(clusters):
            pair = clusters.pair(13, 17)
            yield pair
            pair.destroy()
    """
    folder = request.config.run_folder / worker_id
    folder.mkdir(exist_ok=True)
    folder.chmod(0o755)
    number = int("".join(filter(str.isdigit, worker_id)) or 0)
    first = int(os.environ.get("PGREPUP_TEST_PORT", "55000"))
    made = Clusters(folder, first + number * PORTS_PER_WORKER,
                    PORTS_PER_WORKER)
    yield made
    made.destroy()


@pytest.fixture
def pair(request, clusters):
    """pair(13, 17) makes two new clusters and a pgrepup configured for them;
    all of it is gone after the test."""
    made = []

    def make(source, destination, **more):
        made.append(clusters.pair(source, destination, **more))
        return made[-1]

    request.node.pairs = made
    yield make
    for one in made:
        one.destroy()


@pytest.fixture
def server(clusters):
    """server(17, bare=True) makes one new cluster, gone after the test."""
    made = []

    def make(version, **more):
        made.append(clusters.server(version, **more))
        return made[-1]

    yield make
    for one in made:
        one.destroy()


@pytest.fixture
def pgrepup(clusters):
    """The program alone, with an empty home and no servers."""
    program = clusters.program()
    yield program
    program.close()


@pytest.fixture
def disk():
    """disk(folder, "1m") puts a small disk over a folder; skips the test
    where that needs rights that are not there."""
    made = []

    def make(folder, size):
        made.append(Disk(folder, size))
        return made[-1]

    yield make
    for one in made:
        one.remove()


@pytest.fixture
def fixtures():
    """Folder of the SQL fixtures."""
    return TESTS / "fixtures"


@pytest.fixture(autouse=True)
def no_sanitizer_report(clusters):
    """A report of a sanitizer, of whatever process, fails the test."""
    yield
    reports = clusters.sanitizer_reports()
    assert not reports, "\n".join(reports)


def tail(text, n=40):
    return "\n".join(text.rstrip("\n").split("\n")[-n:])


@pytest.hookimpl(hookwrapper=True)
def pytest_runtest_makereport(item):
    """A test that failed shows the ends of its servers' logs and journals."""
    report = (yield).get_result()
    if report.when != "call" or not report.failed:
        return
    for pair_ in getattr(item, "pairs", ()):
        for side in (pair_.source, pair_.destination):
            if side.log_path.exists():
                report.sections.append(
                    (f"log of {side.name}", tail(side.log)))
        for path in sorted(pair_.pgrepup.home.rglob("journal*")):
            if path.is_file():
                report.sections.append(
                    (path.name, tail(path.read_text(errors="replace"))))
