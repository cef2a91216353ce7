# SPDX-License-Identifier: PostgreSQL
"""Killed in the middle and run again: every command gets to its end, and
what it leaves is what one undisturbed run leaves."""
import json
import os
import random
import signal
import time

import pytest
from harness import (Writer, assert_same_catalog, assert_same_rows,
                     catalog_snapshot, second, sequences, wait_for)

DATABASES = ["app", "Weird-DB name"]
ROLES = """
CREATE ROLE scott LOGIN PASSWORD 'tiger';
CREATE ROLE "Weird Role" LOGIN PASSWORD 'we''ird "p\\w';
GRANT scott TO "Weird Role";
"""
APP = """
CREATE TABLE animal (id serial PRIMARY KEY, name text NOT NULL UNIQUE);
INSERT INTO animal (name) SELECT 'animal ' || g FROM generate_series(1, 5000) g;
CREATE TABLE keyless (x int, y text);
INSERT INTO keyless SELECT g, 'y' FROM generate_series(1, 1000) g;
CREATE TABLE refers (id int PRIMARY KEY, animal int REFERENCES animal (id));
INSERT INTO refers SELECT g, g FROM generate_series(1, 2000) g;
CREATE FUNCTION fire() RETURNS trigger LANGUAGE plpgsql AS
    'BEGIN NEW.name := NEW.name || ''!''; RETURN NEW; END';
CREATE TRIGGER fires BEFORE INSERT ON animal FOR EACH ROW
    EXECUTE PROCEDURE fire();
ALTER TABLE animal ENABLE ALWAYS TRIGGER fires;
CREATE VIEW v AS SELECT count(*) FROM animal;
CREATE MATERIALIZED VIEW mv AS SELECT * FROM animal;
CREATE SEQUENCE down INCREMENT -1 START -5;
SELECT nextval('down');
GRANT SELECT ON animal TO scott;
COMMENT ON TABLE animal IS 'those that walk';
"""
PARTS = """
CREATE TABLE part (id int, d date, PRIMARY KEY (id, d)) PARTITION BY RANGE (d);
CREATE TABLE part_a PARTITION OF part
    FOR VALUES FROM ('2024-01-01') TO ('2025-01-01');
CREATE TABLE part_b PARTITION OF part
    FOR VALUES FROM ('2025-01-01') TO ('2026-01-01');
INSERT INTO part SELECT g, '2024-05-05' FROM generate_series(1, 500) g;
INSERT INTO part SELECT g, '2025-05-05' FROM generate_series(1, 500) g;
CREATE INDEX part_of_id ON part (id);
"""
WEIRD = """
CREATE SCHEMA "we'ird";
CREATE TABLE "we'ird"."t""q" (id serial PRIMARY KEY, x text);
INSERT INTO "we'ird"."t""q" (x) SELECT 'x' || g FROM generate_series(1, 900) g;
CREATE TABLE "no key" (x text);
INSERT INTO "no key" VALUES ('a'), ('a'), (NULL);
"""


def fill(source):
    source.psql(ROLES)
    source.psql("CREATE DATABASE app OWNER scott CONNECTION LIMIT 50")
    source.psql("ALTER DATABASE app SET work_mem = '5MB'")
    source.psql('CREATE DATABASE "Weird-DB name" OWNER "Weird Role"')
    for db, script in zip(DATABASES, (APP, WEIRD)):
        source.psql(script, db)
    if source.version >= 10:
        source.psql(PARTS, "app")


class Tail:
    """What comes into the journal from now on."""

    def __init__(self, pgrepup):
        self.path = pgrepup.home / "state/pgrepup/pgrepup/journal"
        self.offset = self.path.stat().st_size if self.path.exists() else 0

    def new(self):
        if not self.path.exists():
            return []
        with open(self.path, "rb") as file:
            file.seek(self.offset)
            data = file.read()
        whole = data[:data.rfind(b"\n") + 1]
        self.offset += len(whole)
        return [json.loads(line) for line in whole.splitlines()]


def kill_runner(pid):
    try:
        os.kill(pid, signal.SIGKILL)
    except ProcessLookupError:
        pass


def run_until(pgrepup, args, moment):
    """Runs a command and kills its runner when moment(record) is true.
    Returns whether it was killed before it could say its end."""
    tail, pid = Tail(pgrepup), None
    face = pgrepup.spawn(*args)
    while face.poll() is None:
        for record in tail.new():
            pid = record["pid"] if record["type"] == "begin" else pid
            if moment(record):
                kill_runner(pid)
        time.sleep(0.001)
    out, err = face.communicate()
    pgrepup.children.remove(face)
    assert face.returncode in (0, 7), f"{args}: {face.returncode} {out} {err}"
    return face.returncode == 7


def step(name):
    return lambda r: r["type"] == "step" and r["id"] == name \
        and r["state"] == "run"


def item(step_name, database=None, state=None):
    return lambda r: r["type"] == "item" and r["step"] == step_name \
        and database in (None, r["database"]) and state in (None, r["state"])


def random_moment(chance, most):
    """Some time after the n-th record of a run."""
    left, pause = chance.randint(1, most), chance.uniform(0, 0.1)

    def moment(_):
        nonlocal left
        left -= 1
        if left == 0:
            time.sleep(pause)
        return left == 0
    return moment


SETUP = [step("check"), item("role", state="ok"), step("globals"),
         item("schema", "app", "run"), step("publish")]
START = [step("databases"), item("slot", "app", "run"),
         item("slot", "Weird-DB name", "ok"), item("copy"),
         item("indexes"), item("triggers"), item("subscribe", None, "run"),
         item("analyze", "Weird-DB name", "run"),
         item("replicate", "app")]
STOP = [step("triggers"), item("hand_over", "app"),
        lambda r: r["type"] == "item" and r["object"] == "sequences",
        lambda r: r["type"] == "item" and r["object"] == "handed over",
        lambda r: r["type"] == "item" and r["object"] == "subscription"]
UNINSTALL = [step("databases"), item("nodes", "app", "ok"),
             item("databases", "app", "ok"),
             item("databases", "Weird-DB name", "ok"), step("clusters"),
             item("clusters", None, "ok")]


def passwords_left(pgrepup):
    return sorted(str(path) for path in pgrepup.tmp.rglob("*"))


def kill_at_each(pgrepup, args, moments, enough):
    """The command, killed at one moment after the other, then undisturbed.
    A moment may never come, when what it waits for was done by then."""
    kills = [run_until(pgrepup, args, moment) for moment in moments]
    told = f"{args}: killed at {kills}"
    assert sum(kills) >= enough, told
    pgrepup(*args)
    assert passwords_left(pgrepup) == [], told


def states(pgrepup):
    return {one["database"]: one["state"]
            for one in pgrepup.json("status")["databases"]}


def of_ours(server):
    """The servers are made with pglogical preloaded."""
    return [f"{section}: {line}"
            for section, lines in catalog_snapshot(server).items()
            for line in lines
            if ("pgrepup" in line or "pglogical" in line)
            and "_libraries" not in line
            and not section.startswith("pgclusters.conf")]


@pytest.mark.parametrize("old, new, mechanism",
                         [(13, 17, "pglogical"), (15, 18, "native")])
def test_killed_in_each_step_and_run_again(pair, old, new, mechanism):
    kill_in_each_step(pair(old, new), mechanism)


def kill_in_each_step(made, mechanism, in_start=6):
    source, destination, pgrepup = made.source, made.destination, made.pgrepup
    pgrepup("config", "set", f"mechanism={mechanism}")
    fill(source)
    with Writer(source, ["app", "Weird-DB name"]) as writer:
        before = catalog_snapshot(source)
        kill_at_each(pgrepup, ["fix", "--yes"],
                     [lambda r: r["type"] == "fix"], 1)
        kill_at_each(pgrepup, ["setup"], SETUP, 4)
        kill_at_each(pgrepup, ["start"], START, in_start)
        writer.wait_for_progress(20)
        wait_for(lambda: set(states(pgrepup).values()) == {"replicating"},
                 what="replicating")
    kill_at_each(pgrepup, ["stop", "--yes"], STOP, 3)
    assert set(states(pgrepup).values()) == {"stopped"}
    writer.verify(destination)
    assert_same_rows(source, destination, DATABASES)
    for db in DATABASES:
        assert sequences(source, db) == sequences(destination, db)
    kill_at_each(pgrepup, ["uninstall", "--yes"], UNINSTALL, 3)
    assert_same_catalog(before, catalog_snapshot(source), ignore=("sequence",))
    assert of_ours(destination) == []
    assert_same_rows(source, destination, DATABASES)
    assert destination.value("SELECT tgenabled FROM pg_trigger WHERE "
                             "tgname = 'fires'", db="app") == "A"


@pytest.mark.parametrize("old, new, mechanism",
                         [(15, 18, "pglogical"), second(17, 18, "native")])
def test_killed_at_random_moments_and_run_again(pair, old, new, mechanism):
    made = pair(old, new)
    source, destination, pgrepup = made.source, made.destination, made.pgrepup
    pgrepup("config", "set", f"mechanism={mechanism}")
    fill(source)
    before = catalog_snapshot(source)
    chance = random.Random(20)
    for args, most in ((["fix", "--yes"], 3), (["setup"], 100),
                       (["start"], 40), (["stop", "--yes"], 20),
                       (["uninstall", "--yes"], 20)):
        kill_at_each(pgrepup, args,
                     [random_moment(chance, most) for _ in range(3)], 1)
        if args == ["stop", "--yes"]:
            assert_same_rows(source, destination, DATABASES)
            for db in DATABASES:
                assert sequences(source, db) == sequences(destination, db)
    assert_same_catalog(before, catalog_snapshot(source), ignore=("sequence",))
    assert of_ours(destination) == []
    assert_same_rows(source, destination, DATABASES)


def crash_in_start(made, server, moment):
    """A crash of that server while start is at work, and start again."""
    tail = Tail(made.pgrepup)
    face = made.pgrepup.spawn("start", "--json")
    wait_for(lambda: any(moment(r) for r in tail.new()), 30, "the moment",
             0.002)
    server.kill()
    out, err = face.communicate(timeout=90)
    assert face.returncode in (4, 5), out + err
    told = json.loads(out)
    assert not told["ok"] and told["errors"], out
    server.start()
    return told


@pytest.mark.parametrize("old, new, mechanism",
                         [(13, 17, "pglogical"), second(13, 15, "native")])
def test_a_server_that_crashes_during_start(pair, old, new, mechanism):
    crash_each_in_start(pair(old, new), mechanism)


def crash_each_in_start(made, mechanism):
    source, destination, pgrepup = made.source, made.destination, made.pgrepup
    pgrepup("config", "set", f"mechanism={mechanism}")
    fill(source)
    with Writer(source, ["app"]) as writer:
        pgrepup("fix", "--yes")
        pgrepup("setup")
        writer.wait_for_progress(20)
        crash_in_start(made, source, item("slot", "app", "ok"))
        crash_in_start(made, destination, item("copy"))
        crash_in_start(made, source, item("indexes"))
        crash_in_start(made, destination, item("subscribe", None, "run"))
        pgrepup("start")
        writer.wait_for_progress(20)
    pgrepup("stop", "--yes")
    writer.verify(destination)
    assert_same_rows(source, destination, DATABASES)
    pgrepup("uninstall", "--yes")
    assert of_ours(destination) == []
    assert of_ours(source) == []
