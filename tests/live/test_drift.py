# SPDX-License-Identifier: PostgreSQL
"""DDL of the application while its databases replicate: none of it travels,
and stop says so before anything is handed over. A pair of clusters for each
mechanism, a database for each change."""
import pytest
from harness import assert_same_rows, wait_for

pytestmark = pytest.mark.xdist_group("drift")

TABLE = """CREATE TABLE t (id int PRIMARY KEY, x text);
    INSERT INTO t SELECT g, 'row ' || g FROM generate_series(1, 100) g;"""
PARTS = """CREATE TABLE p (id int PRIMARY KEY, x text) PARTITION BY RANGE (id);
    CREATE TABLE p1 PARTITION OF p FOR VALUES FROM (0) TO (100);
    CREATE TABLE q (id int PRIMARY KEY, x text);
    INSERT INTO p SELECT g, 'row' FROM generate_series(0, 99) g;
    INSERT INTO q VALUES (150, 'q');"""
# database: what it has, what is done to it, and what stop then says
REFUSED = {
    # the columns are in the end what they were, the values are not
    "computed": (TABLE, "ALTER TABLE t ALTER x TYPE text USING upper(x)",
                 "public.t", "was rewritten by ALTER TABLE since start"),
    "unlogged": (TABLE, "CREATE UNLOGGED TABLE u (id int)",
                 "table public.u is missing on the destination"),
    "viewed": (TABLE, "CREATE VIEW v AS SELECT 1 AS one",
               "view public.v is missing on the destination"),
    "enum": (TABLE + "CREATE TYPE e AS ENUM ('a')",
             "ALTER TYPE e ADD VALUE 'b'", "type public.e differs"),
    "detached": (PARTS, "ALTER TABLE p DETACH PARTITION p1",
                 'table public.p1 differs: "" on the source'),
    "attached": (PARTS, "ALTER TABLE p ATTACH PARTITION q "
                 "FOR VALUES FROM (100) TO (200)", "table public.q differs"),
}
# what stop says and goes on
SAID = {
    "indexed": (TABLE, "CREATE INDEX later ON t (x)",
                "index public.later is missing on the destination"),
    "granted": (TABLE, "GRANT SELECT ON t TO PUBLIC",
                "table public.t differs"),
    "vacuumed": (TABLE, "VACUUM FULL t", None),
    "truncated": (TABLE, "TRUNCATE t; INSERT INTO t VALUES (7, 'new')", None),
}


# what brings replication down, and what status says of it without any log
DOWN = {
    "added": (TABLE, "ALTER TABLE t ADD z int;"
              "INSERT INTO t VALUES (1000, 'new', 1)",
              'table "public.t" has columns "id" integer, "x" text, "z" '
              'integer on the source and "id" integer, "x" text'),
    "renamed": (TABLE, "ALTER TABLE t RENAME TO u;"
                "INSERT INTO u VALUES (1000, 'new')",
                'table "public.u" of the source is not on the destination'),
}


@pytest.fixture(scope="module", params=[("pglogical", 13, 17),
                                        ("native", 15, 18)],
                ids=lambda p: p[0])
def made(request, clusters):
    """All through start, and then changed."""
    mechanism, old, new = request.param
    enough = {"max_replication_slots": 20, "max_worker_processes": 40,
              "max_logical_replication_workers": 20, "max_wal_senders": 20}
    pair = clusters.pair(old, new, source_settings=enough,
                         destination_settings=enough | (
                             {"max_active_replication_origins": 20}
                             if new >= 18 else {}))
    pair.mechanism = mechanism
    pair.pgrepup("config", "set", f"mechanism={mechanism}")
    try:
        for db, (schema, *_) in (
                REFUSED | SAID | DOWN | UNLOGGED | KEYS).items():
            pair.source.psql(f"CREATE DATABASE {db}")
            pair.source.psql(schema, db)
        pair.pgrepup("setup")
        pair.pgrepup("start")
        for db, (_, change, *_) in (REFUSED | SAID | DOWN | KEYS).items():
            pair.source.psql(change, db)
        yield pair
    finally:
        pair.destroy()


# pglogical alone lets a table that it replicates be UNLOGGED for a while
UNLOGGED = {"unlogged_once": (
    TABLE, "ALTER TABLE t SET UNLOGGED; UPDATE t SET x = 'lost' WHERE id = 1;"
    "ALTER TABLE t SET LOGGED")}


# pglogical alone truncates one table after the other
KEYS = {"keys": (
    TABLE + "CREATE TABLE c (id int PRIMARY KEY, t int REFERENCES t);"
    "INSERT INTO c VALUES (1, 1)",
    "TRUNCATE t CASCADE; INSERT INTO t VALUES (7, 'new')",
    'perhaps TRUNCATE of table "public.t", to which foreign keys point')}


def status(made, db):
    report = made.pgrepup.json("status", "--only", db, check=False)
    return report["databases"][0]


def wait_for_state(made, db, state):
    wait_for(lambda: status(made, db)["state"] == state, 60, state)


def stop(made, db, *args, **more):
    result = made.pgrepup("stop", "--yes", "--only", db, *args, **more)
    return " ".join(result.output.split())


@pytest.mark.parametrize("db", REFUSED)
def test_stop_refuses_what_an_application_would_miss(made, db):
    said = stop(made, db, check=1)
    for words in REFUSED[db][2:]:
        assert words in said
    if db == "computed":
        with pytest.raises(AssertionError, match="rows differ"):
            assert_same_rows(made.source, made.destination, [db])


def test_stop_goes_on_when_the_destination_was_made_the_same(made):
    made.destination.psql("CREATE UNLOGGED TABLE u (id int);"
                          "CREATE VIEW only_here AS SELECT 1 AS one",
                          "unlogged")
    stop(made, "unlogged")
    said = stop(made, "viewed", "--force")
    assert "view public.v is missing on the destination" in said


@pytest.mark.parametrize("db", SAID)
def test_stop_says_what_it_goes_on_without(made, db):
    said = stop(made, db)
    words = SAID[db][2]
    if words:
        assert words in said
    else:
        assert "WARN" not in said or made.mechanism == "pglogical"
        assert "KO" not in said
    assert_same_rows(made.source, made.destination, [db])


def test_a_table_that_was_unlogged_for_a_while_is_named(made):
    change = UNLOGGED["unlogged_once"][1]
    if made.mechanism == "native":
        with pytest.raises(AssertionError, match="part of a publication"):
            made.source.psql(change, "unlogged_once")
        return
    made.source.psql(change, "unlogged_once")
    assert "written while it was UNLOGGED" in stop(made, "unlogged_once")


@pytest.mark.parametrize("db", DOWN)
def test_status_says_where_the_sides_have_drifted_apart(made, db):
    wait_for_state(made, db, "down")
    wait_for(lambda: DOWN[db][2] in (status(made, db)["last_error"] or ""),
             what=DOWN[db][2])
    assert "Make on the destination what the source has" in status(
        made, db)["hint"]
    made.destination.psql("ALTER TABLE t ADD z int" if db == "added" else
                          "ALTER TABLE t RENAME TO u", db)
    made.pgrepup("start", "--only", db)
    wait_for_state(made, db, "replicating")


def test_truncate_along_foreign_keys_travels_or_its_way_out_is_told(made):
    words, db = KEYS["keys"][2], "keys"
    if made.mechanism == "pglogical":
        wait_for_state(made, db, "down")
        wait_for(lambda: words in (status(made, db)["last_error"] or ""),
                 what=words)
        assert "drop these keys" in status(made, db)["hint"]
        made.destination.psql("ALTER TABLE c DROP CONSTRAINT c_t_fkey", db)
        made.pgrepup("start", "--only", db)
        wait_for_state(made, db, "replicating")
        made.destination.psql(
            "ALTER TABLE c ADD FOREIGN KEY (t) REFERENCES t", db)
    said = stop(made, db)
    assert "foreign key" not in said
    assert_same_rows(made.source, made.destination, [db])
