# SPDX-License-Identifier: PostgreSQL
"""Every screen as it was accepted, at 80x24, 40x12 and 200x60: the files are
in golden/. One journey takes them all; PGREPUP_GOLDEN=write accepts it anew
(see harness/golden.py)."""
import os
import shutil
from pathlib import Path

import pytest
from harness import Clusters, Tmux, wait_for
from harness.servers import BINARIES, bindir
from harness.golden import FOLDER, SIZES, Golden, path_of
from test_tui_journey import QUESTION, agree, ends, wait_for_end

SCREENS = [
    "config-empty", *(f"wizard-{n}" for n in range(1, 8)),
    "wizard-test", "check", "check-open", "check-filter", "fix", "fix-table",
    "fix-all", "ignore", "undo", "help", "help-find", "log", "config", "setup",
    "setup-confirm", "setup-done", "replicate-before", "start-confirm",
    "replicate", "detail", "help-replicate", "log-start", "stop",
    "stop-confirm", "stop-done", "uninstall", "uninstall-confirm",
    "uninstall-done",
]
TABLES = """
CREATE TABLE customer (id int PRIMARY KEY, name text);
INSERT INTO customer SELECT g, 'name ' || g FROM generate_series(1, 1000) g;
CREATE TABLE fish (name text);
INSERT INTO fish VALUES ('saba'), ('maguro');
CREATE SEQUENCE batch;
ANALYZE;
"""


@pytest.fixture(scope="module")
def folder(clusters):
    """Paths stand on the screens, so theirs must always be as long."""
    made = Path("/tmp") / f"pgrepup-golden-{clusters.ports.first}"
    if made.exists():
        Clusters(made, clusters.ports.first, 0).destroy()
    yield made
    shutil.rmtree(made, ignore_errors=True)


@pytest.fixture(scope="module")
def problems(folder, clusters):
    """What differs, by name and size, after a walk through all screens."""
    own = Clusters(folder, clusters.ports.first, clusters.ports.count)
    found = {}
    try:
        with Tmux(own.program()) as tmux:
            found.update(take_wizard(Golden(tmux)))
        made = own.pair(13, 17, bare=True)
        made.pgrepup("config", "set", "databases_at_once=1", "jobs=1",
                     f"bin_dir={folder / 'pg' / bindir(17).relative_to(BINARIES)}")
        for name in ("app", "shop"):
            made.source.psql(f"CREATE DATABASE {name}")
            made.source.psql(TABLES, name)
        made.source.psql("CREATE UNLOGGED TABLE scratch (n int)", "app")
        with Tmux(own.program()) as tmux:
            found.update(take_live_test(Golden(tmux), made.source))
        with Tmux(made.pgrepup) as tmux:
            found.update(take_journey(Golden(tmux), made))
    finally:
        own.destroy()
    return found


def take_wizard(golden):
    tmux = golden.tmux
    tmux.wait_screen("There is no configuration yet")
    golden.take("config-empty")
    tmux.keys("Enter")
    for page in range(1, 8):
        tmux.wait_screen(rf" {page}/7$")
        if page in (2, 3):
            tmux.type(f"postgresql://admin:pw@db{page - 1}.invalid:5432")
            tmux.keys("Tab")
            tmux.wait_screen("KO")
        golden.take(f"wizard-{page}")
        tmux.keys("C-n")
    return golden.problems


def take_live_test(golden, server):
    tmux = golden.tmux
    tmux.wait_screen("There is no configuration yet")
    tmux.keys("Enter", "C-n")
    tmux.wait_screen(" 2/7$")
    tmux.paste(f"postgresql://{server.user}:{server.password}@"
               f"{server.host}:{server.port}/postgres?sslmode=disable")
    tmux.wait_screen(r"OK +version", 30)
    golden.take("wizard-test")
    return golden.problems


def take_journey(golden, made):
    tmux = golden.tmux
    wait_for_end(tmux, 1, ok=False)
    take_checks(golden)
    for key, name in (("1", "config"), ("3", "setup"),
                      ("4", "replicate-before"), ("5", "stop"),
                      ("6", "uninstall")):
        tmux.keys(key)
        golden.take(name)
    mend(made)
    tmux.wait_idle()
    tmux.keys("2", "r")
    wait_for(lambda: ends(tmux.pgrepup)[-1]["command"] == "check", 30)
    tmux.wait_idle()
    to(tmux, "app fish")
    tmux.keys("u")
    tmux.wait_screen(QUESTION)
    golden.take("undo")
    tmux.keys("Escape", "Escape")
    run(golden, "setup", "3", "!")
    run(golden, "start", "4", "!")
    tmux.keys("L")
    tmux.wait_screen("Log  +Everything")
    # databases end in any order, steps do not
    tmux.keys("/")
    tmux.type("of")
    tmux.keys("Enter")
    golden.take("log-start")
    tmux.keys("Escape", "Escape")
    tmux.wait_screen(r"shop +.*replicating")
    wait_for(lambda: not tmux.row("initializing|catching"), 30)
    golden.take("replicate")
    tmux.keys("?")
    golden.take("help-replicate")
    tmux.keys("Escape", "Enter")
    golden.take("detail")
    tmux.keys("Escape")
    run(golden, "stop", "4", "X")
    run(golden, "uninstall", "6", "!")
    return golden.problems


def take_checks(golden):
    tmux = golden.tmux
    tmux.keys("g", "n")
    golden.take("check")
    for name, keys in (("check-open", ["Enter"]), ("help", ["?"]),
                       ("log", ["L"])):
        tmux.keys(*keys)
        golden.take(name)
        tmux.keys("Escape")
    tmux.keys("?", "/")
    tmux.type("screen")
    tmux.keys("Enter", "n")
    golden.take("help-find")
    tmux.keys("Escape", "Escape")
    tmux.wait_gone("Help: ")
    for name, key in (("fix", "f"), ("fix-all", "F")):
        tmux.keys(key)
        tmux.wait_screen(QUESTION + "|Space tick")
        golden.take(name)
        tmux.keys("Escape")
        tmux.wait_gone(QUESTION + "|Space tick")
    tmux.keys("/")
    tmux.type("fish")
    golden.take("check-filter")
    tmux.keys("Escape", "Escape")
    for name, key, wait, words in (
            ("fix-table", "f", QUESTION, "app fish"),
            ("ignore", "i", "Why is it ignored", "scratch")):
        to(tmux, words)
        tmux.keys(key)
        tmux.wait_screen(wait)
        golden.take(name)
        tmux.keys("Escape")
        tmux.wait_gone(wait)
        tmux.keys("Escape")
    tmux.keys("g", "n")


def to(tmux, words):
    """The cursor to the first line that the filter leaves, but headings."""
    tmux.keys("/")
    tmux.type(words)
    tmux.keys("Enter", "G")
    tmux.wait_screen(f"^>.*{words.split()[-1]}")


def mend(made):
    made.pgrepup("fix", "--yes")
    for server in (made.source, made.destination):
        server.restart()
    made.pgrepup("fix", "--yes")


def run(golden, command, *keys):
    """Confirms an operation, and waits for its end."""
    tmux, n = golden.tmux, len(ends(golden.tmux.pgrepup))
    tmux.keys(*keys)
    # what ran last may not yet have let go of the lock
    wait_for(lambda: tmux.row(QUESTION) or (
        tmux.row("one operation at a time") and tmux.keys(keys[-1])), 15,
             "the question")
    golden.take(f"{command}-confirm")
    agree(tmux)
    wait_for_end(tmux, n + 1)
    if command != "start":
        golden.take(f"{command}-done")


@pytest.mark.xdist_group("golden")
@pytest.mark.parametrize("size", SIZES, ids=lambda s: f"{s[0]}x{s[1]}")
@pytest.mark.parametrize("name", SCREENS)
def test_screen_is_as_accepted(problems, name, size):
    problem = problems[name, size]
    assert not problem, "\n" + problem


@pytest.mark.xdist_group("golden")
def test_every_golden_file_belongs_to_a_screen():
    known = {path_of(name, size).name for name in SCREENS for size in SIZES}
    assert set(os.listdir(FOLDER)) == known
