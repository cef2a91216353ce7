# SPDX-License-Identifier: PostgreSQL
"""Traps of PostgreSQL's own replication, on real servers: each test fails when
pgrepup walks into one. One pair of clusters, a database for each trap, all
replicating."""
import psycopg
import pytest
from harness import assert_same_rows, sequences, wait_for

pytestmark = pytest.mark.xdist_group("traps-native")

GENERATED = """
CREATE TABLE plain (a int PRIMARY KEY, t text, g int GENERATED ALWAYS AS (a * 2)
    STORED);
CREATE TABLE in_key (a int, t text, g int GENERATED ALWAYS AS (a * 2) STORED
    PRIMARY KEY);
CREATE TABLE in_part_of_key (a int, t text, g int GENERATED ALWAYS AS (a * 2)
    STORED, PRIMARY KEY (a, g));
CREATE TABLE in_index (a int, t text, g int GENERATED ALWAYS AS (a * 2) STORED
    NOT NULL);
CREATE UNIQUE INDEX in_index_i ON in_index (g);
ALTER TABLE in_index REPLICA IDENTITY USING INDEX in_index_i;
CREATE TABLE beside_key (a int NOT NULL UNIQUE, t text, g int
    GENERATED ALWAYS AS (a * 2) STORED PRIMARY KEY);
CREATE TABLE included (a int, t text, g int GENERATED ALWAYS AS (a * 2) STORED,
    PRIMARY KEY (a) INCLUDE (g));
CREATE TABLE whole_row (a int, t text, g int GENERATED ALWAYS AS (a * 2) STORED);
ALTER TABLE whole_row REPLICA IDENTITY FULL;
CREATE TABLE whole_row_key (a int, t text, g int GENERATED ALWAYS AS (a * 2)
    STORED PRIMARY KEY);
ALTER TABLE whole_row_key REPLICA IDENTITY FULL;
"""
VIRTUAL = """
CREATE TABLE virtual (a int PRIMARY KEY, t text, g int GENERATED ALWAYS AS
    (a * 2) VIRTUAL);
CREATE TABLE virtual_row (a int, t text, g int GENERATED ALWAYS AS (a * 2)
    VIRTUAL);
ALTER TABLE virtual_row REPLICA IDENTITY FULL;
"""


def user_tables(server, db):
    return [name for (name,) in server.query(
        "SELECT format('%%I.%%I', n.nspname, c.relname) FROM pg_class c "
        "JOIN pg_namespace n ON n.oid = c.relnamespace WHERE relkind = 'r' "
        "AND nspname !~ '^(pg_|information_schema|pglogical|pgrepup)' "
        "ORDER BY 1", [], db)]


def findings(made, id, *args):
    checks = made.pgrepup.json("check", "source", *args, check=False)["checks"]
    return {c["object"]: c["status"] for c in checks if c["id"] == id and
            c["object"]}


def change_all(server, db):
    """Each statement by itself: the application may never see an error."""
    with server.connect(db) as conn:
        for table in user_tables(server, db):
            conn.execute(f"UPDATE {table} SET t = 'changed' WHERE a = 1")
            conn.execute(f"UPDATE {table} SET a = 5 WHERE a = 2")
            conn.execute(f"DELETE FROM {table} WHERE a = 3")
            conn.execute(f"INSERT INTO {table} (a, t) VALUES (9, 'new')")


def fill_all(server, db):
    with server.connect(db) as conn:
        for table in user_tables(server, db):
            conn.execute(f"INSERT INTO {table} (a, t) SELECT g, 'row' "
                         "FROM generate_series(1, 4) g")


@pytest.mark.parametrize("old, new", [(12, 17), (18, 18)])
def test_generated_columns_in_a_key_are_named_and_mended(pair, old, new):
    """They are not sent: before 18 the destination stands still at the first
    UPDATE, from 18 on the application's UPDATE fails."""
    made = pair(old, new)
    made.pgrepup("config", "set", "mechanism=native")
    made.source.psql("CREATE DATABASE app")
    made.source.psql(GENERATED + (VIRTUAL if old >= 18 else ""), "app")
    fill_all(made.source, "app")
    bad = {"in_key", "in_part_of_key", "in_index", "beside_key",
           "whole_row_key"}
    if old >= 18:
        bad |= {"whole_row", "virtual_row"}
    assert findings(made, "replica_identity") == {
        f"public.{name}": "ko" for name in bad}
    refused = made.pgrepup("setup", check=False)
    assert refused.rc == 1 and "public.in_key" in refused.stdout
    made.pgrepup("fix", "--yes")
    assert set(findings(made, "replica_identity").values()) == {"ok"}
    made.pgrepup("setup")
    made.pgrepup("start")
    change_all(made.source, "app")
    made.pgrepup("stop", "--yes")
    assert_same_rows(made.source, made.destination, ["app"])
    before = identities(made)
    made.pgrepup("uninstall", "--yes")
    after = identities(made)
    assert before["in_index"] != after["in_index"] == "in_index_i"


def identities(made):
    return dict(made.source.query(
        "SELECT c.relname::text, coalesce((SELECT x.relname::text FROM "
        "pg_index i JOIN pg_class x ON x.oid = i.indexrelid WHERE i.indrelid "
        "= c.oid AND i.indisreplident), c.relreplident::text) FROM pg_class c "
        "WHERE c.relkind = 'r' AND c.relnamespace = 'public'::regnamespace",
        db="app"))
