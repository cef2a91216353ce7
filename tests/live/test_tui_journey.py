# SPDX-License-Identifier: PostgreSQL
"""The whole journey by keys at 80x24, from an empty home, on servers as initdb
has made them, with the terminal lost once in the middle of start."""
import json
import os

import pytest
from harness import (Tmux, assert_same_rows, catalog_snapshot, second,
                     wait_for)

PASSPHRASE = "correct horse"

TABLES = """
CREATE TABLE t (id int PRIMARY KEY, x text);
INSERT INTO t SELECT g, 'row ' || g FROM generate_series(1, 1000) g;
CREATE TABLE fish (name text);
INSERT INTO fish VALUES ('saba'), ('maguro');
"""


def journal(pgrepup):
    path = pgrepup.home / "state/pgrepup/pgrepup/journal"
    lines = path.read_text().split("\n")[:-1] if path.exists() else []
    return [json.loads(line) for line in lines]


def ends(pgrepup):
    return [r for r in journal(pgrepup) if r["type"] == "end"]


def runner_pid(pgrepup):
    lock = pgrepup.home / "state/pgrepup/pgrepup/lock"
    return json.loads(lock.read_text())["pid"]


def wait_for_end(tmux, n, ok=True):
    """Until n operations have ended; the newest must be as said."""
    wait_for(lambda: len(ends(tmux.pgrepup)) >= n, 60,
             f"the end of operation {n}")
    last = ends(tmux.pgrepup)[-1]
    assert last["ok"] == ok, last
    tmux.wait_idle()
    tmux.settle()


QUESTION = 'capital Y|more to read|Type "'


def agree(tmux):
    """Reads the question to its end, and says yes; types the name of the
    upgrade where that is asked for."""
    tmux.wait_screen(QUESTION)
    while tmux.row("more to read"):
        tmux.keys("NPage")
        tmux.settle()
    if tmux.row('Type "'):
        tmux.type("pgrepup")
        tmux.wait_screen('Enter: pgrepup')
        tmux.keys("Enter")
    else:
        tmux.keys("Y")
    tmux.wait_gone(QUESTION)


def run(tmux, *keys, ok=True):
    """Presses keys that start an operation, and waits for its end."""
    n = len(ends(tmux.pgrepup))
    tmux.keys(*keys)
    agree(tmux)
    wait_for_end(tmux, n + 1, ok)


def problems(tmux):
    """Newest findings that are KO, by id."""
    found = []
    for record in journal(tmux.pgrepup):
        if record["type"] == "begin" and record["command"] == "check":
            found = []
        if record["type"] == "check" and record["status"] == "ko":
            found.append(record)
    return found


def check_again(tmux):
    n = len(ends(tmux.pgrepup))
    tmux.wait_idle()
    tmux.keys("2", "r")
    wait_for(lambda: len(ends(tmux.pgrepup)) > n, 60, "the check")
    tmux.wait_idle()
    tmux.settle()


def fix_everything(tmux, made):
    """F first; what is heavy is left by it, and fixed one by one."""
    n = len(ends(tmux.pgrepup))
    tmux.keys("F")
    tmux.wait_screen("Space tick")
    tmux.keys("a", "Enter")
    agree(tmux)
    wait_for_end(tmux, n + 2)   # the plan, and the fixes
    for _ in range(10):
        for server in (made.source, made.destination):
            server.restart()
        check_again(tmux)
        left = [r for r in problems(tmux) if r.get("fixable")]
        if not left:
            break
        # one of a table's findings is named by the table alone
        tmux.keys("/")
        tmux.type(left[0].get("object") or left[0]["id"])
        tmux.keys("Enter", "g", "n", "f")
        n = len(ends(tmux.pgrepup))
        agree(tmux)
        wait_for_end(tmux, n + 2)
        tmux.keys("Escape")
        tmux.settle()
    assert not problems(tmux), problems(tmux)


def go_page(tmux, page):
    """To the wizard's page of that number."""
    while not tmux.row(rf" {page}/7$"):
        now = tmux.wait_screen(r" (\d)/7$").group(1)
        tmux.keys("C-n")
        tmux.wait_gone(rf" {now}/7$")


def type_side(tmux, page, server):
    """Host, port and password; user and database are proposed."""
    go_page(tmux, page)
    tmux.type(server.host)
    tmux.keys("Tab", "C-u")
    tmux.type(str(server.port))
    tmux.keys("Tab", "Tab", "Tab")
    tmux.type(server.password)
    tmux.keys("Tab")
    tmux.wait_screen("OK +version", 30)


def configure(tmux, made):
    """The wizard from its first page to the saved file."""
    tmux.wait_screen("There is no configuration yet")
    tmux.keys("Enter")
    type_side(tmux, 2, made.source)
    tmux.wait_screen("WARN wal_level +(replica|minimal)")
    type_side(tmux, 3, made.destination)
    tmux.wait_screen("OK +databases +none yet")
    go_page(tmux, 4)
    tmux.wait_screen(r"\[x\] app ", 30)
    go_page(tmux, 5)
    if made.pgrepup.bin_dir:
        tmux.keys("Tab")
        tmux.type(str(made.pgrepup.bin_dir))
        tmux.keys("Tab")
    tmux.wait_screen(rf"OK +pg_dump +{made.destination.version}\.", 30)
    go_page(tmux, 6)
    for _ in range(2):
        tmux.keys("Tab")
        tmux.type(PASSPHRASE)
    go_page(tmux, 7)
    tmux.wait_screen("the file as it will be")
    assert not made.pgrepup.config.exists()
    tmux.keys("Enter")
    tmux.wait_screen("Saved")
    tmux.keys("2")


@pytest.mark.parametrize("versions", [(13, 17), second((15, 18))])
def test_journey_by_keys(pair, versions):
    journey_by_keys(pair(*versions, bare=True, configure=False))


def journey_by_keys(made):
    pgrepup, source = made.pgrepup, made.source
    source.psql("CREATE DATABASE app")
    source.psql(TABLES, "app")
    with Tmux(pgrepup) as tmux:
        configure(tmux, made)
        # the checklist checks at once
        wait_for_end(tmux, 1, ok=False)
        tmux.wait_screen(r"KO +\d")
        fix_everything(tmux, made)
        run(tmux, "3", "!")
        tmux.wait_screen("setup: done|done")
        with source.connect("app", autocommit=False) as blocker:
            blocker.execute("INSERT INTO t VALUES (0, 'open')")
            tmux.keys("4", "!")
            agree(tmux)
            pid = str(blocker.info.backend_pid)
            wait_for(lambda: any(pid in json.dumps(r) for r in
                                 journal(pgrepup)
                                 if r["type"] in ("log", "item")),
                     what="a word on the transaction that start waits for")
            runner = runner_pid(pgrepup)
            tmux.hang_up()
            os.kill(runner, 0)
            with Tmux(pgrepup) as again:
                finish(again, blocker, runner)
    assert_same_rows(source, made.destination, ["app"])
    for server in (source, made.destination):
        left = [line for lines in catalog_snapshot(server).values()
                for line in lines if "pgrepup" in line]
        assert not [line for line in left if "preload" not in line], left


def finish(tmux, blocker, runner):
    """The second terminal finds what runs, and goes on to the end."""
    tmux.wait_screen("Passphrase of")
    tmux.type(PASSPHRASE)
    tmux.keys("Enter")
    tmux.wait_screen("4 Replicate >")
    tmux.keys("q")
    tmux.wait_screen("An operation runs")
    tmux.keys("Escape")
    # refused at once, or after the question when the journal was not yet read
    tmux.keys("4", "!")
    tmux.wait_screen("one operation at a time|capital Y|more to read")
    if not tmux.row("one operation at a time"):
        agree(tmux)
    tmux.wait_screen("one operation at a time")
    assert runner_pid(tmux.pgrepup) == runner
    n = len(ends(tmux.pgrepup))
    blocker.commit()
    wait_for_end(tmux, n + 1)
    tmux.wait_screen(r"app +.*replicating")
    blocker.close()
    run(tmux, "4", "X")
    tmux.keys("4")
    tmux.wait_screen(r"app +.*stopped")
    run(tmux, "6", "!")
    # as long as its process is there, leaving is a question
    pid = runner_pid(tmux.pgrepup)
    wait_for(lambda: not os.path.exists(f"/proc/{pid}"), 20, "its end")
    tmux.keys("q")
    assert tmux.wait() == 0
