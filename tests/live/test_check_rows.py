# SPDX-License-Identifier: PostgreSQL
"""Rows of the table of checks that test_check.py does not see: each where it
speaks, and where it is content. lint.py wants both of every row."""
import pytest
from test_check import check

pytestmark = pytest.mark.xdist_group("check-rows")

SCHEMA = """
CREATE TABLE t (id int PRIMARY KEY);
CREATE TABLE typed_rows OF pair;
CREATE TABLE forced (id int PRIMARY KEY);
ALTER TABLE forced ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
"""


@pytest.fixture(scope="module")
def made(clusters):
    """Two of the newest version, whose settings are just too little."""
    pair = clusters.pair(18, 18, destination_settings={
        "max_worker_processes": 3, "max_logical_replication_workers": 2,
        "max_active_replication_origins": 2,
        "max_sync_workers_per_subscription": 0})
    pair.pgrepup("config", "set", "mechanism=native")
    for db in ("one", "two"):
        pair.source.psql(f"CREATE DATABASE {db}")
    pair.source.psql("CREATE TYPE pair AS (a int, b point);" + SCHEMA, "one")
    yield pair
    pair.destroy()


@pytest.mark.parametrize("id, least", [
    ("max_worker_processes", 4), ("max_logical_replication_workers", 3),
    ("max_active_replication_origins", 3)])
def test_native_workers_and_origins_are_counted(made, id, least):
    """One of each a database, three here. The workers that copy tables
    (max_sync_workers_per_subscription) are not used: 0 is enough."""
    few = check(made.pgrepup, "destination").one(id)
    assert (few["status"], few["needed"]) == ("ko", f"at least {least}")
    found = check(made.pgrepup, "destination", "--only", "one")
    assert found.one(id)["status"] == "ok"
    assert not [c for c in found.checks if "sync_workers" in str(c)]


LIMITS = {"max_slot_wal_keep_size": "2MB", "wal_sender_timeout": "5s",
          "idle_replication_slot_timeout": "1d"}


def test_slot_limits_are_named_each(made):
    assert check(made.pgrepup, "slot_limits").one("slot_limits")[
        "status"] == "ok"
    for name, value in LIMITS.items():
        made.source.psql(f"ALTER SYSTEM SET {name} = '{value}'")
    made.source.reload()
    found = check(made.pgrepup, "slot_limits").all("slot_limits",
                                                   status="warn")
    assert {c["object"]: c["current"] for c in found} == LIMITS
    assert all(c["needed"] and c["hint"] for c in found)
    made.source.psql("ALTER SYSTEM RESET ALL")
    made.source.psql("ALTER SYSTEM SET wal_sender_timeout = '30s'")
    # a bound by the room there is is no fault
    made.source.psql("ALTER SYSTEM SET max_slot_wal_keep_size = '9GB'")
    made.source.reload()
    assert check(made.pgrepup, "slot_limits").one("slot_limits")[
        "status"] == "ok"


def test_insert_only_is_told_of_whom_it_was_chosen_for(made):
    def found():
        return check(made.pgrepup, "source").all("insert_only")
    assert found() == []
    made.pgrepup("fix", "--yes",
                 "replica_identity:one.public.typed_rows=insert")
    assert [(c["status"], c["object"]) for c in found()] == [
        ("warn", "public.typed_rows")]
    made.pgrepup("fix", "--undo", "--yes",
                 "replica_identity:one.public.typed_rows")
    assert found() == []


def test_row_security_that_holds_for_owners_wants_a_superuser(made):
    assert check(made.pgrepup, "source").all("row_security") == []
    made.source.psql("CREATE ROLE dba LOGIN CREATEROLE REPLICATION "
                     "PASSWORD 'secret'; GRANT pg_read_all_data TO dba")
    made.pgrepup("config", "set", "source.user=dba")
    found = check(made.pgrepup, "source").all("row_security")
    made.pgrepup("config", "set", "source.user=postgres")
    assert [(c["status"], c["object"]) for c in found] == [
        ("ko", "public.forced")]


def test_functions_taken_from_public_are_in_a_dump_from_10(made):
    revoked = "EXECUTE ON FUNCTION pg_sleep(double precision)"
    made.source.psql(f"REVOKE {revoked} FROM PUBLIC", "two")
    assert check(made.pgrepup, "source").all("revoked_functions") == []
    made.source.psql(f"GRANT {revoked} TO PUBLIC", "two")


def test_truncate_does_not_travel_from_10(pair, made):
    assert check(made.pgrepup, "source").all("truncate") == []
    old = pair(10, 18)
    assert check(old.pgrepup, "source").one("truncate")["status"] == "warn"
    assert check(old.pgrepup, "source").all("oids") == []
    old.source.psql("CREATE TABLE of_old (id int PRIMARY KEY) WITH OIDS;"
                    "CREATE UNLOGGED TABLE fleeting () WITH OIDS")
    found = check(old.pgrepup, "source").all("oids")
    assert [(c["status"], c["object"]) for c in found] == [
        ("warn", "public.of_old")]


def test_partitions_that_may_come_and_go_are_named_by_their_root(made):
    def found():
        return [(c["status"], c["object"])
                for c in check(made.pgrepup, "source").all("partitions")]
    assert found() == []
    made.source.psql("CREATE TABLE root (id int PRIMARY KEY) PARTITION BY "
                     "LIST (id); CREATE TABLE below PARTITION OF root FOR "
                     "VALUES IN (1) PARTITION BY LIST (id)", "two")
    assert found() == [("warn", "public.root")]
    made.source.psql("DROP TABLE root", "two")


def test_truncate_along_foreign_keys_is_told_for_pglogical(made):
    """It truncates one table after the other."""
    made.source.psql("CREATE TABLE tree (id int PRIMARY KEY, up int "
                     "REFERENCES tree)", "two")
    made.pgrepup("config", "set", "mechanism=pglogical")
    none = check(made.pgrepup, "source").all("truncate")
    made.source.psql("CREATE TABLE leaf (up int REFERENCES tree)", "two")
    some = check(made.pgrepup, "source").all("truncate")
    made.pgrepup("config", "set", "mechanism=native")
    assert none == []
    assert [(c["status"], c["database"]) for c in some] == [("warn", "two")]
    assert "1 table" in some[0]["current"]
    assert check(made.pgrepup, "source").all("truncate") == []
    made.source.psql("DROP TABLE leaf, tree", "two")


def test_pglogical_says_nothing_where_nothing_is_the_matter(made):
    """No constraint that is checked late, no event trigger that always fires,
    and a server that can drop databases."""
    made.pgrepup("config", "set", "mechanism=pglogical")
    found = check(made.pgrepup)
    made.pgrepup("config", "set", "mechanism=native")
    assert found.one("mechanism")["title"].startswith("Mechanism pglogical")
    assert found.all("deferrable") == []
    assert found.all("event_triggers") == []
    assert found.all("drop_database") == []
