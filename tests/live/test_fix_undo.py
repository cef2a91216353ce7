# SPDX-License-Identifier: PostgreSQL
"""fix --undo: one fix is taken back, all of it or nothing, and only when
nobody changed it since or stands on it."""
import pytest
from harness import assert_same_catalog, catalog_snapshot
from test_fix import has_column, has_registry, identity

HOSTILE = 'we"ird d\'b.x'
TABLE = 'T "q"\n\'x\'.$1'
SCRIPT = """
CREATE TABLE plain (name text);
CREATE TABLE full_id (id int PRIMARY KEY);
ALTER TABLE full_id REPLICA IDENTITY FULL;
CREATE TABLE late (id int UNIQUE DEFERRABLE INITIALLY DEFERRED NOT NULL);
CREATE TABLE root (name text, part int) PARTITION BY LIST (part);
CREATE TABLE leaf_1 PARTITION OF root FOR VALUES IN (1);
CREATE TABLE leaf_2 PARTITION OF root FOR VALUES IN (2);
ALTER TABLE leaf_2 REPLICA IDENTITY FULL;
INSERT INTO root VALUES ('a', 1), ('b', 2);
"""
UNDO = pytest.mark.xdist_group("fix-undo")


@pytest.fixture(scope="module")
def shared(clusters):
    made = clusters.pair(13, 18, bare=True)
    yield made
    made.destroy()


@pytest.fixture
def app(shared):
    shared.source.psql("CREATE DATABASE app")
    shared.source.psql(SCRIPT, "app")
    yield shared
    shared.source.psql("DROP DATABASE app")


def undo(p, *targets, check=True):
    return p.pgrepup.json("fix", "--undo", "--yes", *targets,
                          check=check)


def states(answer):
    return [f["state"] for f in answer.get("fixes", []) if f["state"] != "run"]


@UNDO
@pytest.mark.parametrize("word", [
    "replica_identity:app.public.plain=column",
    "replica_identity:app.public.full_id",
    "replica_identity:app.public.late",
    "replica_identity:app.public.root",
])
def test_a_table_is_as_before(app, word):
    before = catalog_snapshot(app.source)
    app.pgrepup("fix", "--yes", word)
    assert has_registry(app.source, "app")
    answer = undo(app, word.split("=")[0])
    assert states(answer) == ["done"]
    # the columns that are dropped leave a number, which the snapshot knows
    assert_same_catalog(before, catalog_snapshot(app.source))
    assert not has_registry(app.source, "app")


@UNDO
def test_a_part_names_the_tree_that_got_the_column(app):
    app.pgrepup("fix", "--yes", "replica_identity:app")
    assert has_column(app.source, "leaf_1")
    undo(app, "replica_identity:app.public.root")
    assert not has_column(app.source, "leaf_1")
    assert identity(app.source, "leaf_2") == "f"
    # what was done to other tables stays
    assert has_column(app.source, "plain")
    undo(app, "all:app")
    assert not has_registry(app.source, "app")


@UNDO
def test_dry_run_shows_just_what_runs(app):
    app.pgrepup("fix", "--yes", "replica_identity:app.plain")
    answer = app.pgrepup.json("fix", "--undo", "--dry-run",
                              "replica_identity:app.plain")
    plan, = answer["fixes"]
    assert plan["state"] == "planned" and plan["undoing"]
    assert 'DROP COLUMN "__pgrepup_id"' in plan["sql"]
    assert has_column(app.source, "plain")
    undo(app, plan["target"])
    assert not has_column(app.source, "plain")


@UNDO
def test_hostile_names_are_taken_back(shared):
    name = '"' + HOSTILE.replace('"', '""') + '"'
    table = '"' + TABLE.replace('"', '""') + '"'
    shared.source.psql(f"CREATE DATABASE {name}")
    try:
        shared.source.psql(f"CREATE TABLE {table} (a text)", HOSTILE)
        plan, = [f for f in shared.pgrepup.json("fix", "--dry-run")["fixes"]
                 if f["database"] == HOSTILE]
        shared.pgrepup("fix", "--yes", plan["target"])
        assert states(undo(shared, plan["target"])) == ["done"]
        assert not has_registry(shared.source, HOSTILE)
    finally:
        shared.source.psql(f"DROP DATABASE {name}")


@UNDO
def test_what_somebody_changed_since_is_refused_whole(app):
    app.pgrepup("fix", "--yes", "replica_identity:app.full_id")
    app.source.psql("ALTER TABLE full_id REPLICA IDENTITY NOTHING", "app")
    answer = undo(app, "replica_identity:app.full_id", check=6)
    assert states(answer) == ["failed"]
    assert "changed by somebody" in answer["fixes"][-1]["message"]
    assert identity(app.source, "full_id") == "n"
    assert has_registry(app.source, "app")


@UNDO
def test_a_column_that_a_view_needs_is_refused_whole(app):
    app.pgrepup("fix", "--yes", "replica_identity:app.root")
    app.source.psql("CREATE VIEW v AS SELECT __pgrepup_id FROM root", "app")
    before = catalog_snapshot(app.source)
    answer = undo(app, "replica_identity:app.root", check=5)
    assert states(answer) == ["failed"]
    assert_same_catalog(before, catalog_snapshot(app.source))
    assert has_column(app.source, "root")
    app.source.psql("DROP VIEW v", "app")
    assert states(undo(app, "replica_identity:app.root")) == ["done"]


def test_settings_and_rules_are_taken_back(pair):
    p = pair(13, 18, bare=True)
    before = catalog_snapshot(p.source), p.source.hba
    p.source.hba = "host all pgrepup_replication all reject\n" + before[1]
    rejecting = p.source.hba
    p.pgrepup("fix", "--yes", "wal_level", "pg_hba@source", "pglogical@source")
    assert p.source.hba != rejecting
    for server in (p.source, p.destination):
        server.restart()
    assert p.source.setting("wal_level") == "logical"
    answer = undo(p, "wal_level", "pg_hba@source", "pglogical@source")
    assert set(states(answer)) == {"done"} and len(states(answer)) == 3
    assert all(f["restart"] == (f["check"] != "pg_hba")
               for f in answer["fixes"] if f["state"] == "done")
    assert p.source.hba == rejecting
    p.source.restart()
    assert p.source.setting("wal_level") == "replica"
    p.source.hba = before[1]
    assert_same_catalog(before[0], catalog_snapshot(p.source))


def test_what_keeps_a_server_from_starting_is_refused(pair):
    """A server with a logical slot does not start with wal_level replica."""
    p = pair(13, 18, bare=True)
    p.pgrepup("fix", "--yes", "wal_level")
    p.source.restart()
    p.source.psql("SELECT pg_create_logical_replication_slot('theirs', "
                  "'test_decoding')")
    answer = undo(p, "wal_level", check=6)
    assert 'slot "theirs" needs it' in answer["fixes"][-1]["detail"]
    p.source.restart()
    p.source.psql("SELECT pg_drop_replication_slot('theirs')")
    assert states(undo(p, "wal_level")) == ["done"]


def test_after_setup_it_is_refused(pair):
    p = pair(13, 17)
    p.source.psql("CREATE DATABASE app")
    p.source.psql(SCRIPT, "app")
    p.pgrepup("fix", "--yes", "replica_identity")
    p.pgrepup("setup", "--yes")
    refused = p.pgrepup("fix", "--undo", "--yes", "replica_identity", check=6)
    assert "setup has been run" in refused.output
    assert "uninstall" in refused.output
    assert has_column(p.source, "plain")


@UNDO
def test_it_must_be_said_which(shared):
    shared.pgrepup("fix", "--undo", "--yes", check=2)
    answer = shared.pgrepup("fix", "--undo", "--yes", "wal_level")
    assert "nothing to undo" in answer.output
