# SPDX-License-Identifier: PostgreSQL
"""Pausing an operation after the step at hand, from another process, and going
on with the same command."""
import json
import os
import signal

import pytest
from harness import assert_same_rows, wait_for

TABLES = """
CREATE TABLE t (id int PRIMARY KEY, x text);
INSERT INTO t SELECT g, 'row ' || g FROM generate_series(1, 1000) g;
"""


@pytest.fixture
def made(pair):
    both = pair(13, 17)
    for name in ("app", "dwh"):
        both.source.psql(f"CREATE DATABASE {name}")
        both.source.psql(TABLES, name)
    yield both


def state(pgrepup, name):
    return pgrepup.home / "state/pgrepup/pgrepup" / name


def journal(pgrepup):
    path = state(pgrepup, "journal")
    lines = path.read_text().split("\n")[:-1] if path.exists() else []
    return [json.loads(line) for line in lines]


def says(pgrepup, kind, **members):
    """Records of the newest run that have these members."""
    records = journal(pgrepup)
    begin = max((n for n, r in enumerate(records)
                 if r["type"] == "begin" and not r.get("refused")), default=0)
    return [r for r in records[begin:] if r["type"] == kind
            and all(r.get(key) == value for key, value in members.items())]


def wait_for_record(pgrepup, kind, **members):
    wait_for(lambda: says(pgrepup, kind, **members), 60,
             f"{kind} {members}", 0.01)


class Held:
    """setup, held in its step "databases" by a lock on a shared catalog."""

    def __init__(self, made, *words):
        self.pgrepup = made.pgrepup
        self.lock = made.destination.connect("postgres", autocommit=False)
        self.lock.execute("LOCK pg_catalog.pg_database IN EXCLUSIVE MODE")
        self.face = self.pgrepup.spawn("setup", *words)
        wait_for_record(self.pgrepup, "step", id="databases", state="run")

    def let_go(self):
        self.lock.commit()
        self.lock.close()
        out, err = self.face.communicate(timeout=60)
        self.pgrepup.children.remove(self.face)
        return self.face.returncode, out, err


def test_setup_pauses_after_the_step_and_goes_on(made):
    pgrepup = made.pgrepup
    held = Held(made)
    told = pgrepup("pause")
    assert "setup pauses" in told.stdout
    assert state(pgrepup, "pause").read_text() == \
        says(pgrepup, "begin")[0]["run"]
    status, out, err = held.let_go()
    assert status == 7, out + err
    assert "paused after step 5 of 7" in err
    assert "Run `pgrepup setup`" in err
    # what was not begun is named, in order
    assert [line.split(" ..")[0] for line in out.splitlines()
            if line.endswith("WAIT")] == [
        " > Copy the schemas",
        " > Prepare the replication"]
    end = says(pgrepup, "end")[0]
    assert end["paused"] and end["exit"] == 7
    assert says(pgrepup, "step", id="databases", state="ok")
    assert not says(pgrepup, "step", id="schema")
    assert not state(pgrepup, "pause").exists()
    pgrepup("setup")
    pgrepup("start")
    assert_same_rows(made.source, made.destination, ["app", "dwh"])


def test_a_pause_is_taken_back(made):
    held = Held(made, "--json")
    told = made.pgrepup.json("pause")
    assert told["asked"] and told["operation"] == "setup"
    assert not made.pgrepup.json("pause", "off")["asked"]
    status, out, err = held.let_go()
    assert status == 0, out + err
    assert {step["state"] for step in json.loads(out)["steps"]} == {"ok"}


def test_json_names_the_steps_that_wait(made):
    held = Held(made, "--json")
    made.pgrepup("pause")
    status, out, _ = held.let_go()
    told = json.loads(out)
    assert status == told["exit"] == 7
    assert [(s["id"], s["state"]) for s in told["steps"]][-3:] == [
        ("databases", "ok"), ("schema", "wait"), ("publish", "wait")]
    assert "plan" not in told and "begun" not in told


def test_start_pauses_between_two_phases(made):
    pgrepup = made.pgrepup
    pgrepup("setup")
    with made.destination.connect("dwh", autocommit=False) as lock:
        lock.execute("LOCK TABLE t IN SHARE MODE")
        face = pgrepup.spawn("start")
        wait_for_record(pgrepup, "progress", database="dwh")
        running = says(pgrepup, "progress", database="dwh")[-1]
        assert running["tables"] == 1
        assert says(pgrepup, "tables", database="dwh")[0]["names"] == \
            ["public.t"]
        pgrepup("pause")
    out, err = face.communicate(timeout=60)
    assert face.returncode == 7, out + err
    assert "paused in step 2 of 2" in err
    assert "keep WAL on the source" in err
    assert says(pgrepup, "database", database="dwh", state="wait")
    # the rows are there, the indexes are not: copied, and no more
    assert made.destination.value("SELECT state FROM pgrepup.load",
                                  db="dwh") == "copied"
    made.source.psql("INSERT INTO t VALUES (-1, 'in the pause')", "dwh")
    pgrepup("start")
    wait_for(lambda: {one["state"] for one in
                      pgrepup.json("status")["databases"]} == {"replicating"},
             what="replicating")
    wait_for(lambda: made.destination.value("SELECT count(*) FROM t",
                                            db="dwh") == 1001,
             what="the row of the pause")


def test_a_runner_killed_with_a_pause_asked_leaves_none_to_the_next(made):
    pgrepup = made.pgrepup
    held = Held(made)
    pgrepup("pause")
    os.kill(json.loads(state(pgrepup, "lock").read_text())["pid"],
            signal.SIGKILL)
    assert held.let_go()[0] == 7
    assert state(pgrepup, "pause").exists()
    pgrepup("setup")


def test_nothing_to_pause_is_said(made):
    pgrepup = made.pgrepup
    refused = pgrepup("pause", check=6)
    assert "nothing runs" in refused.stderr
    assert pgrepup("pause", "now", check=2)


def test_who_is_refused_says_so_and_disturbs_nobody(made):
    pgrepup = made.pgrepup
    held = Held(made)
    pgrepup("check", check=6)
    begins = [r for r in journal(pgrepup) if r["type"] == "begin"]
    assert [r.get("refused", False) for r in begins[-2:]] == [False, True]
    assert held.let_go()[0] == 0
