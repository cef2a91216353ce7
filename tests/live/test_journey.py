# SPDX-License-Identifier: PostgreSQL
"""The whole journey by sub-commands, with an application that writes."""
import pytest
from harness import (Writer, assert_same_catalog, assert_same_rows,
                     catalog_snapshot, sequences, wait_for)

PAIRS = [(13, 15), (13, 17), (15, 18), (17, 18)]

ANIMALS = """
CREATE TABLE animal (id serial PRIMARY KEY, name text,
    created_at timestamp DEFAULT current_timestamp);
CREATE TABLE fish (id serial, name text,
    created_at timestamp DEFAULT current_timestamp);
INSERT INTO animal (name) VALUES ('cat'), ('dog');
INSERT INTO fish (name) VALUES ('saba'), ('maguro');
CREATE SEQUENCE lone START 100;
SELECT nextval('lone');
CREATE SEQUENCE down INCREMENT -1 START -5;
SELECT nextval('down');
"""


def make_source(source):
    source.psql("CREATE ROLE scott LOGIN PASSWORD 'tiger';"
                "CREATE ROLE \"Weird Role\" LOGIN PASSWORD 'we''ird \"p\\w';")
    source.psql("CREATE DATABASE testdb OWNER scott")
    source.psql('CREATE DATABASE "Weird-DB name" OWNER "Weird Role"')
    source.psql(ANIMALS, "testdb")
    source.psql("""CREATE SCHEMA "we'ird";
        CREATE TABLE "we'ird"."t""q" (id serial PRIMARY KEY, x text);
        INSERT INTO "we'ird"."t""q" (x) VALUES ('1')""", "Weird-DB name")


def states(pgrepup):
    return {one["database"]: one["state"]
            for one in pgrepup.json("status", check=False)["databases"]}


@pytest.mark.parametrize("old, new", PAIRS)
def test_journey(pair, old, new):
    made = pair(old, new)
    source, destination, pgrepup = made.source, made.destination, made.pgrepup
    make_source(source)
    databases = ["testdb", "Weird-DB name"]
    with Writer(source, databases) as writer:
        writer.wait_for_progress(20)
        # its tables are part of the source as it was
        before = catalog_snapshot(source)
        pgrepup("check", check=1)
        pgrepup("fix", "--yes")
        pgrepup("check")
        pgrepup("setup")
        writer.wait_for_progress(20)
        pgrepup("start")
        writer.wait_for_progress(20)
        wait_for(lambda: set(states(pgrepup).values()) == {"replicating"},
                 what="replicating")
    writer.check()
    pgrepup("stop", "--yes")
    assert set(states(pgrepup).values()) == {"stopped"}
    writer.verify(destination)
    assert_same_rows(source, destination, databases)
    for db in databases:
        assert sequences(source, db) == sequences(destination, db)
    pgrepup("stop", "--yes")
    pgrepup("uninstall", "--yes")
    assert_same_catalog(before, catalog_snapshot(source), ignore=("sequence",))
    assert_nothing_of_ours(destination)
    assert_same_rows(source, destination, databases)
    pgrepup("uninstall", "--yes")


def assert_nothing_of_ours(server):
    left = [f"{section}: {line}"
            for section, lines in catalog_snapshot(server).items()
            for line in lines
            if "pgrepup" in line or "pglogical" in line]
    # the servers are made with pglogical preloaded
    left = [line for line in left if "shared_preload_libraries" not in line
            and "output_plugin_libraries" not in line
            and not line.startswith("pgclusters.conf")]
    assert not left, left
