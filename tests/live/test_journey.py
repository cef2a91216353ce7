# SPDX-License-Identifier: PostgreSQL
"""The whole journey by sub-commands, with an application that writes."""
from pathlib import Path

import pytest
from harness import (Writer, assert_same_catalog, assert_same_rows,
                     catalog_snapshot, second, sequences, wait_for)

FIXTURES = Path(__file__).resolve().parent.parent / "fixtures"
# mechanism, source, destination; the others are only of "make check-matrix"
ALWAYS = [("pglogical", 13, 17), ("pglogical", 17, 18), ("native", 10, 15),
          ("native", 15, 18)]
MATRIX = [("pglogical", 9.4, 15), ("pglogical", 9.4, 17),
          ("pglogical", 9.5, 17), ("pglogical", 9.6, 15),
          ("pglogical", 9.6, 18),
          ("pglogical", 13, 15), ("pglogical", 13, 18), ("pglogical", 15, 17),
          ("pglogical", 15, 18),
          ("native", 11, 16), ("native", 12, 17), ("native", 14, 18),
          ("native", 16, 17),
          ("native", 17, 18)]
PAIRS = ALWAYS + [second(*row) for row in MATRIX]

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


def make_kinds(source, mechanism):
    """A table of each kind; pglogical refuses generated columns."""
    if source.version < 10:
        return make_old_kinds(source)
    generated = mechanism == "native" and source.version >= 12
    options = ("-v", f"generated={int(generated)}")
    source.psql("CREATE DATABASE kinds")
    source.psql((FIXTURES / "kinds.sql").read_text(), "kinds", *options)
    return lambda: source.psql((FIXTURES / "kinds_changes.sql").read_text(),
                               "kinds", *options)


def make_old_kinds(source):
    source.psql_file(FIXTURES / "roles_old.sql")
    source.psql("CREATE DATABASE kinds")
    source.psql_file(FIXTURES / "kinds_old.sql", "kinds")
    return lambda: source.psql_file(FIXTURES / "kinds_old_changes.sql",
                                    "kinds")


def touch_all(server, db):
    """What no application may ever see fail, for each table there is."""
    with server.connect(db) as conn:
        tables = conn.execute(
            "SELECT format('%I.%I', n.nspname, c.relname), (SELECT "
            "format('%I', attname) FROM pg_attribute a WHERE attrelid = c.oid "
            "AND attnum > 0 AND NOT attisdropped AND concat(row_to_json(a) "
            "->> 'attgenerated', row_to_json(a) ->> 'attidentity') = '' "
            "LIMIT 1) FROM pg_class c JOIN pg_namespace n ON n.oid = "
            "c.relnamespace WHERE relkind IN ('r', 'p') AND nspname !~ "
            "'^(pg_|information_schema|pglogical|pgrepup)'").fetchall()
        assert len(tables) > 10     # 14 where 9.x is the source
        for table, column in tables:
            if column:
                conn.execute(f"UPDATE {table} SET {column} = {column} "
                             "WHERE false")
            conn.execute(f"DELETE FROM {table} WHERE false")


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


@pytest.mark.journey
@pytest.mark.parametrize("mechanism, old, new", PAIRS)
def test_journey(pair, mechanism, old, new):
    made = pair(old, new)
    made.pgrepup("config", "set", f"mechanism={mechanism}")
    source, destination, pgrepup = made.source, made.destination, made.pgrepup
    make_source(source)
    change_kinds = make_kinds(source, mechanism)
    databases = ["testdb", "Weird-DB name"]
    with Writer(source, databases) as writer:
        writer.wait_for_progress(20)
        # its tables are part of the source as it was
        before = catalog_snapshot(source)
        pgrepup("check", check=1)
        pgrepup("fix", "--yes")
        assert (f"Mechanism {mechanism} (the configuration says so)" in
                pgrepup("check").stdout)
        pgrepup("setup")
        touch_all(source, "kinds")
        writer.wait_for_progress(20)
        pgrepup("start")
        touch_all(source, "kinds")
        writer.wait_for_progress(20)
        wait_for(lambda: set(states(pgrepup).values()) == {"replicating"},
                 what="replicating")
        change_kinds()
    writer.check()
    pgrepup("stop", "--yes")
    assert set(states(pgrepup).values()) == {"stopped"}
    writer.verify(destination)
    databases.append("kinds")
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
