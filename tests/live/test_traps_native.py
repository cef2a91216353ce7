# SPDX-License-Identifier: PostgreSQL
"""Traps of PostgreSQL's own replication, on real servers: each test fails when
pgrepup walks into one."""
import re

import pytest
from harness import assert_same_rows, wait_for

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
        "SELECT format('%I', relname) FROM pg_class WHERE relkind = 'r' "
        "AND relnamespace = 'public'::regnamespace ORDER BY 1", db=db)]


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


# --- subscriptions that fail, and publications of others

TABLE = "CREATE TABLE t (id int PRIMARY KEY, x text); INSERT INTO t VALUES (1)"
THEIRS = TABLE + """;
CREATE TABLE u (id int PRIMARY KEY); INSERT INTO u VALUES (10);
CREATE PUBLICATION of_some FOR TABLE t (id) WHERE (id < 5);
CREATE PUBLICATION of_new_rows FOR ALL TABLES WITH (publish = 'insert');
CREATE PUBLICATION of_a_schema FOR TABLES IN SCHEMA public
    WITH (publish_via_partition_root);
ALTER PUBLICATION of_some OWNER TO theirs;
"""
PUBLICATIONS = """
SELECT pubname::text, pg_get_userbyid(pubowner)::text, puballtables, pubinsert,
       pubupdate, pubtruncate, pubviaroot,
       (SELECT string_agg(concat_ws(' ', tablename, attnames, rowfilter), ', '
                          ORDER BY tablename)
          FROM pg_publication_tables x WHERE x.pubname = p.pubname)
  FROM pg_publication p WHERE pubname !~ '^pgrepup' ORDER BY 1
"""


@pytest.fixture(scope="module")
def made(clusters):
    """A database for each trap, all replicating."""
    pair = clusters.pair(15, 18, destination_settings={
        "logging_collector": "on", "wal_retrieve_retry_interval": "500ms",
        # nothing of ours needs them
        "max_sync_workers_per_subscription": 0})
    pair.pgrepup("config", "set", "mechanism=native")
    pair.source.psql("CREATE ROLE theirs")
    for db, schema in (("loops", TABLE), ("lost", TABLE), ("theirs", THEIRS)):
        pair.source.psql(f"CREATE DATABASE {db}")
        pair.source.psql(schema, db)
    pair.pgrepup("setup")
    pair.pgrepup("start")
    yield pair
    pair.destroy()


def status(made, db):
    report = made.pgrepup.json("status", "--only", db, check=False)
    return report["databases"][0]


def wait_for_state(made, db, state):
    wait_for(lambda: status(made, db)["state"] == state, 60, state)


def test_a_worker_that_dies_at_each_start_is_down(made):
    """Between two deaths there is one, which has heard nothing yet."""
    wait_for_state(made, "loops", "replicating")
    made.destination.psql("INSERT INTO t VALUES (7, 'here')", "loops")
    made.source.psql("INSERT INTO t VALUES (7, 'there')", "loops")
    wait_for_state(made, "loops", "down")

    def errors():
        return made.destination.value(
            "SELECT apply_error_count FROM pg_stat_subscription_stats s "
            "JOIN pg_subscription u ON u.oid = s.subid JOIN pg_database d "
            "ON d.oid = u.subdbid WHERE d.datname = 'loops'")
    began, seen = errors(), set()
    while errors() < began + 2:
        seen.add(status(made, "loops")["state"])
    assert "replicating" not in seen
    wait_for(lambda: "insert_exists" in status(made, "loops")["last_error"])
    wait_for(lambda: "Delete that row" in status(made, "loops")["hint"])
    refused = made.pgrepup("stop", "--yes", "--only", "loops", check=False)
    assert refused.rc != 0 and "replication is down" in refused.output
    made.destination.psql("DELETE FROM t WHERE id = 7", "loops")
    wait_for_state(made, "loops", "replicating")
    made.pgrepup("stop", "--yes", "--only", "loops")
    assert_same_rows(made.source, made.destination, ["loops"])


def test_publications_of_others_are_left_in_peace(made):
    """What they leave out travels all the same, and they are on both sides
    as they were."""
    before = made.source.query(PUBLICATIONS, db="theirs")
    made.source.psql("INSERT INTO t VALUES (2, 'x'), (20, 'y');"
                     "UPDATE t SET x = 'z' WHERE id = 1;"
                     "DELETE FROM u; INSERT INTO u VALUES (11)", "theirs")
    made.pgrepup("stop", "--yes", "--only", "theirs")
    assert_same_rows(made.source, made.destination, ["theirs"])
    for server in (made.source, made.destination):
        assert server.query(PUBLICATIONS, db="theirs") == before
    assert len(before) == 3


def test_a_publication_by_our_name_that_is_not_ours_is_refused(made):
    made.source.psql("CREATE DATABASE named")
    made.source.psql(TABLE + "; CREATE PUBLICATION pgrepup FOR TABLE t",
                     "named")
    refused = made.pgrepup("setup", "--only", "named", check=False)
    assert refused.rc != 0
    assert re.search(r"the publication exists, and pgrepup did not make it",
                     " ".join(refused.output.split()))
    assert "ALTER PUBLICATION pgrepup RENAME TO pgrepup_old" in refused.output
    made.pgrepup("uninstall", "--yes", "--only", "named")
    assert made.source.query("SELECT pubname::text FROM pg_publication",
                             db="named") == [("pgrepup",)]


def test_a_slot_that_the_source_gave_up_is_told_and_made_anew(made):
    """max_slot_wal_keep_size was too little for the pause."""
    source = made.source
    made.destination.psql(
        "DO $$ DECLARE s name; BEGIN SELECT subname INTO s FROM "
        "pg_subscription u JOIN pg_database d ON d.oid = u.subdbid WHERE "
        "datname = current_database(); EXECUTE format('ALTER SUBSCRIPTION %I "
        "DISABLE', s); END $$", "lost")
    wait_for(lambda: source.query("SELECT 1 FROM pg_replication_slots WHERE "
                                  "database = 'lost' AND NOT active"))
    source.psql("ALTER SYSTEM SET max_slot_wal_keep_size = '1MB'")
    source.reload()
    for i in range(4):
        source.psql(f"INSERT INTO t VALUES ({100 + i}); "
                    "SELECT pg_switch_wal()", "lost")
    source.psql("CHECKPOINT")
    assert source.value("SELECT wal_status FROM pg_replication_slots WHERE "
                        "database = 'lost'") == "lost"
    found = made.pgrepup.json("check", "source", check=False)["checks"]
    assert [(c["object"], c["status"]) for c in found
            if c["id"] == "slot_limits"] == [("max_slot_wal_keep_size",
                                              "warn")]
    source.psql("ALTER SYSTEM RESET max_slot_wal_keep_size")
    source.reload()
    one = status(made, "lost")
    assert one["state"] == "down"
    assert "removed WAL" in one["last_error"]
    assert "setup --again" in one["hint"]
    refused = made.pgrepup("stop", "--yes", "--only", "lost", check=False)
    assert refused.rc != 0 and "removed WAL" in refused.output
    made.pgrepup("setup", "--again", "--yes", "--only", "lost")
    made.pgrepup("start", "--only", "lost")
    wait_for_state(made, "lost", "replicating")
    made.pgrepup("stop", "--yes", "--only", "lost")
    assert_same_rows(source, made.destination, ["lost"])

