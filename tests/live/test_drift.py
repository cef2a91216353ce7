# SPDX-License-Identifier: PostgreSQL
"""DDL of the application while its databases replicate: none of it travels,
and stop says so before anything is handed over. A pair of clusters for each
mechanism, a database for each change."""
import pytest
from harness import Tmux, assert_same_rows, wait_for

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


# a table for each way in which values do not fit any more
KINDS = """
    CREATE TYPE mood AS ENUM ('good');
    CREATE DOMAIN small AS int CHECK (VALUE < 10);
    CREATE TABLE a (id int PRIMARY KEY, n int, s small, other text,
                    CONSTRAINT few CHECK (n < 10));
    CREATE TABLE b (id int PRIMARY KEY, must text NOT NULL, u text UNIQUE,
                    n text);
    CREATE TABLE c (id int PRIMARY KEY, m mood, part int NOT NULL);
    CREATE TABLE same (id int PRIMARY KEY, m mood[],
                       CHECK (id > 0 AND id <> 7));
    INSERT INTO c VALUES (1, 'good', 1);
"""
KINDS_ALTERED = """
    ALTER TABLE a DROP CONSTRAINT few, ADD CONSTRAINT few CHECK (n < 1000),
        ALTER n TYPE bigint, DROP other;
    ALTER DOMAIN small DROP CONSTRAINT small_check;
    ALTER TABLE b DROP must, DROP CONSTRAINT b_u_key;
    ALTER TABLE c DROP CONSTRAINT c_pkey, ADD PRIMARY KEY (id, part);
    ALTER TYPE mood ADD VALUE 'bad';
    CREATE INDEX ON same (m);
"""
# what brings replication down, what status says of it without any log, by
# table, and what mends it
DOWN = {
    "added": (
        TABLE + "ALTER TABLE t OWNER TO tenant",
        "ALTER TABLE t ADD z int; INSERT INTO t VALUES (1000, 'new', 1)",
        {"public.t": ['column "z" integer is missing on the destination']},
        "ALTER TABLE t ADD z int"),
    # n is published by hand as well
    "renamed": (
        TABLE, "CREATE TABLE n (id int PRIMARY KEY);"
        "ALTER TABLE t RENAME TO u; INSERT INTO u VALUES (1000, 'new')",
        {"public.n": ["it is missing on the destination"],
         "public.u": ["it is missing on the destination"]},
        "ALTER TABLE t RENAME TO u; CREATE TABLE n (id int PRIMARY KEY)"),
    "many": (
        KINDS, KINDS_ALTERED + "INSERT INTO b VALUES (1, 'x'), (2, 'x');",
        {"public.a": [
            'column "n" is bigint on the source and integer on the '
            'destination',
            'constraint "few" is CHECK ((n < 1000)) on the source and CHECK '
            '((n < 10)) on the destination',
            "type public.small is integer on the source and integer CHECK "
            "((VALUE < 10)) on the destination"],
         "public.b": [
             'column "must" text NOT NULL is on the destination alone',
             'unique index "b_u_key" (u) is on the destination alone'],
         "public.c": [
             "its replica identity is (id, part) on the source and (id) on "
             "the destination",
             'unique index "c_pkey" (id) is on the destination alone',
             "value 'bad' of type public.mood is missing on the destination"],
         "public.same": [
             "value 'bad' of type public.mood is missing on the "
             "destination"]},
        KINDS_ALTERED),
}
PUBLISH = {
    "native": "ALTER PUBLICATION pgrepup ADD TABLE n",
    "pglogical": "SELECT pglogical.replication_set_add_table('pgrepup', 'n')",
}


@pytest.fixture(scope="module", params=[("pglogical", 13, 17),
                                        ("native", 15, 18)],
                ids=lambda p: p[0])
def made(request, clusters):
    """All through start, and then changed."""
    mechanism, old, new = request.param
    enough = {"max_slot_wal_keep_size": "1GB", "max_replication_slots": 20, "max_worker_processes": 40,
              "max_logical_replication_workers": 20, "max_wal_senders": 20}
    pair = clusters.pair(old, new, source_settings=enough,
                         destination_settings=enough | (
                             {"max_active_replication_origins": 20}
                             if new >= 18 else {}))
    pair.mechanism = mechanism
    pair.pgrepup("config", "set", f"mechanism={mechanism}")
    pair.source.psql("CREATE ROLE tenant")
    try:
        for db, (schema, *_) in (
                REFUSED | SAID | DOWN | UNLOGGED | KEYS).items():
            pair.source.psql(f"CREATE DATABASE {db}")
            pair.source.psql(schema, db)
        pair.pgrepup("setup")
        pair.pgrepup("start")
        for db, (_, change, *_) in (REFUSED | SAID | DOWN | KEYS).items():
            pair.source.psql(change, db)
        pair.source.psql(PUBLISH[mechanism], "renamed")
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


def drift(made, db):
    return {one["table"]: one["differences"]
            for one in status(made, db).get("drift", [])}


def test_the_dashboard_shows_where_the_sides_have_drifted_apart(made):
    wait_for_state(made, "many", "down")
    with Tmux(made.pgrepup) as tmux:
        tmux.wait_screen("1 Config")
        tmux.keys("4", "/")
        tmux.type("many")
        tmux.keys("Enter")
        tmux.wait_screen(r"public\.a, of role postgres: column \"n\" is bigint",
                         60)
        tmux.keys("Enter")
        tmux.wait_screen(r"Differs +public\.c, of role postgres: its replica",
                         60)
        tmux.wait_screen("What to do +Make that table on the destination")


@pytest.mark.parametrize("db", DOWN)
def test_status_says_where_the_sides_have_drifted_apart(made, db):
    differences, mend = DOWN[db][2:]
    wait_for_state(made, db, "down")
    wait_for(lambda: drift(made, db) == differences, what=differences,
             interval=1)
    now = status(made, db)
    table = now["drift"][0]
    assert table["owner"] == ("tenant" if db == "added" else "postgres")
    assert f'table "{table["table"]}" is not the same' in now["last_error"]
    assert "Make that table on the destination like" in now["hint"]
    assert now["drifted_tables"] == len(differences)
    assert now["retained_bytes"] > 0
    assert 0 < now["safe_bytes"] <= 2 ** 30 + 2 ** 24
    said = made.pgrepup("status", "--only", db, check=False).stdout
    assert (f"   Table: {table['table']}, of role {table['owner']}: "
            f"{'; '.join(table['differences'])}\n") in said
    assert "WAL: the source keeps " in said
    assert "for its slot, which is given up after 1" in said
    made.destination.psql(mend, db)
    made.pgrepup("start", "--only", db)
    wait_for_state(made, db, "replicating")
    now = status(made, db)
    assert "drift" not in now and "retained_bytes" not in now


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
