# SPDX-License-Identifier: PostgreSQL
"""The scenario of the two-table database, animal with a key and fish without,
on servers as initdb leaves them: each step and what it says."""
import re

from harness import assert_same_catalog, catalog_snapshot, sequences, wait_for

TABLES = """
CREATE TABLE animal (id serial PRIMARY KEY, name text);
CREATE TABLE fish (id serial, name text);
INSERT INTO animal (name) VALUES ('cat'), ('dog');
INSERT INTO fish (name) VALUES ('saba'), ('maguro');
"""


def said(result):
    """The output without what differs from run to run: ports, sizes, LSNs."""
    text = re.sub(r"\.{2,}", "..", result.stdout)
    text = re.sub(r"127\.0\.0\.1:\d+", "HOST", text)
    text = re.sub(r"\b[0-9A-F]+/[0-9A-F]+\b", "LSN", text)
    text = re.sub(r"_[0-9a-f]{8}\b", "_HASH", text)
    text = re.sub(r"\b\d+ checks", "N checks", text)
    return [line.strip() for line in text.splitlines()]


def assert_said(result, *lines):
    """These lines stand there, in this order."""
    there = said(result)
    at = 0
    for line in lines:
        assert line in there[at:], (line, result)
        at = there.index(line, at) + 1


def rows(server, table):
    return server.query(f"SELECT id, name FROM {table} ORDER BY id",
                        db="testdb")


def test_animal_and_fish(pair):
    made = pair(13, 17, bare=True)
    source, destination, pgrepup = made.source, made.destination, made.pgrepup
    source.psql("CREATE DATABASE testdb")
    source.psql(TABLES, "testdb")
    before = catalog_snapshot(source)

    assert_said(
        pgrepup("check", "source", check=1),
        "Checking source..",
        "> PostgreSQL connection to HOST as postgres ..OK",
        "> PostgreSQL version ..OK",
        "> pglogical installed and preloaded ..KO",
        "> wal_level ..KO",
        "Found: replica",
        "Needed: logical",
        "Hint: set wal_level to logical, then restart PostgreSQL "
        "(pgrepup fix wal_level)",
        "> testdb: Replica identity public.fish ..KO",
        "Found: no primary key")
    refused = pgrepup("setup", check=1)
    assert "in the way of setup" in refused.stderr
    assert destination.query("SELECT 1 FROM pg_database "
                             "WHERE datname = 'testdb'") == []

    assert_said(
        pgrepup("fix", "--dry-run"),
        "> source wal_level ..PLAN",
        "Runs: ALTER SYSTEM SET wal_level = 'logical'; "
        "SELECT pg_reload_conf()",
        "> source replica_identity testdb public.fish ..PLAN",
        'Runs: ALTER TABLE "public"."fish" '
        "ADD COLUMN __pgrepup_id bigserial PRIMARY KEY",
        'Undo: ALTER TABLE "public"."fish" DROP COLUMN __pgrepup_id')
    assert source.setting("wal_level") == "replica"
    assert_said(
        pgrepup("fix", "--yes"),
        "> source wal_level ..OK",
        "> source replica_identity testdb public.fish ..OK",
        "Restart needed: new settings wait for a restart of PostgreSQL, "
        "which is yours to do.")
    waiting = pgrepup("check", check=1)
    assert "restart" in waiting.stdout
    source.restart()
    destination.restart()
    assert_said(pgrepup("check"),
                "> wal_level ..OK",
                "> testdb: N checks ..OK",
                "Next: pgrepup setup")

    assert_said(
        pgrepup("setup"),
        "> Check both sides ..OK",
        "> Create the replication role on both sides ..OK",
        "> testdb  made ..OK",
        "> Copy the schemas ..OK",
        "> testdb  2 tables ..OK",
        "Next: pgrepup start")
    assert rows(destination, "animal") == []
    ready = pgrepup("status", check=1)
    assert re.search(r"testdb +ready", ready.stdout), ready

    assert_said(
        pgrepup("start"),
        "> Connect to both servers ..OK",
        "> testdb: replicating  barrier 2 has arrived ..OK",
        "Next: pgrepup status")
    assert rows(destination, "animal") == [(1, "cat"), (2, "dog")]
    assert rows(destination, "fish") == [(1, "saba"), (2, "maguro")]

    source.psql("INSERT INTO animal (name) VALUES ('cow');"
                "INSERT INTO fish (name) VALUES ('ika');"
                "UPDATE fish SET name = 'toro' WHERE name = 'maguro';"
                "DELETE FROM animal WHERE name = 'cat'", "testdb")
    wait_for(lambda: rows(destination, "fish") ==
             [(1, "saba"), (2, "toro"), (3, "ika")])
    wait_for(lambda: rows(destination, "animal") == [(2, "dog"), (3, "cow")])
    status = pgrepup.json("status")
    assert status["phase"] == "replicating"
    assert {one["state"] for one in status["databases"]} == {"replicating"}
    assert status["xlog_difference"] >= 0

    assert_said(
        pgrepup("stop", "--yes"),
        "> Nobody is connected to the source's databases ..OK",
        "> The same tables on both sides ..OK",
        "> Hand the databases over ..OK",
        "Next: pgrepup uninstall")
    assert sequences(destination, "testdb")["public.animal_id_seq"] == (3, True)
    assert sequences(source, "testdb") == sequences(destination, "testdb")
    assert re.search(r"testdb +stopped", pgrepup("status").stdout)

    pgrepup("uninstall", "--yes")
    source.restart()
    assert_same_catalog(before, catalog_snapshot(source))
    columns = "SELECT attname::text FROM pg_attribute WHERE attnum > 0 " \
        "AND NOT attisdropped AND attrelid = 'fish'::regclass ORDER BY attnum"
    for server in (source, destination):
        assert server.query(columns, db="testdb") == [("id",), ("name",)]
    assert source.setting("wal_level") == "replica"
    assert rows(destination, "fish") == [(1, "saba"), (2, "toro"), (3, "ika")]
