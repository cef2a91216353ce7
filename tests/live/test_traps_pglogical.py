# SPDX-License-Identifier: PostgreSQL
"""Traps of pglogical, on real servers: each test fails when pgrepup walks into
one. One pair of clusters, a database for each trap."""
import pytest
from harness import assert_same_rows, wait_for

pytestmark = pytest.mark.xdist_group("traps-pglogical")

TABLE = "CREATE TABLE t (id int PRIMARY KEY, x text); INSERT INTO t VALUES (1)"
SCHEMAS = {
    "late": """CREATE TABLE t (id int PRIMARY KEY, n int UNIQUE DEFERRABLE);
        INSERT INTO t VALUES (1, 1), (2, 2);
        CREATE TABLE covered (id int PRIMARY KEY DEFERRABLE);
        CREATE UNIQUE INDEX covered_i ON covered (id);
        ALTER TABLE covered REPLICA IDENTITY USING INDEX covered_i;
        CREATE TABLE apart (id int PRIMARY KEY, r int4range,
            CONSTRAINT apart_r EXCLUDE USING gist (r WITH &&) DEFERRABLE)""",
    "words": TABLE,
    # what uninstalling pglogical leaves in a database
    "left_schema": TABLE + ";CREATE EXTENSION pglogical;"
                   "DROP EXTENSION pglogical",
    "left_extension": TABLE + ";CREATE EXTENSION pglogical;"
                      "SELECT pglogical.create_node('old', 'dbname=x');"
                      "SELECT pglogical.drop_node('old')",
}


@pytest.fixture(scope="module")
def made(clusters):
    pair = clusters.pair(13, 17, destination_settings={
        "logging_collector": "on"})
    pair.pgrepup("config", "set", "mechanism=pglogical")
    for db, schema in SCHEMAS.items():
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


def findings(made, id, *args):
    found = made.pgrepup.json("check", *args, check=False)["checks"]
    return [c for c in found if c["id"] == id]


def test_constraints_that_are_checked_late_are_named(made):
    """pglogical cannot apply what is unique only at the end of a statement,
    and says so: the way on is told."""
    found = findings(made, "deferrable", "source:late")
    assert [(c["object"], c["current"], c["status"]) for c in found] == [
        ("public.apart", "apart_r", "warn"), ("public.t", "t_n_key", "warn")]
    made.source.psql("UPDATE t SET n = n + 1", "late")
    wait_for_state(made, "late", "down")
    wait_for(lambda: "deferrable indexes" in (
        status(made, "late")["last_error"] or ""), what="the reason")
    assert "DROP CONSTRAINT" in status(made, "late")["hint"]
    made.destination.psql("ALTER TABLE t DROP CONSTRAINT t_n_key", "late")
    made.pgrepup("start")      # by itself it tries again after minutes
    wait_for_state(made, "late", "replicating")
    made.pgrepup("stop", "--yes", "--only", "late")
    assert_same_rows(made.source, made.destination, ["late"])


@pytest.mark.parametrize("word, state", [
    ("replicating", {"replicating"}), ("initializing", {"initializing"}),
    ("unknown", {"initializing"}), ("disabled", {"down"}), ("down", {"down"}),
    ("a word of some later release", {"down"})])
def test_each_word_of_pglogical_is_understood(made, word, state):
    """The worker runs all the time: only the word says otherwise."""
    made.destination.psql(f"""
        ALTER EXTENSION pglogical DROP FUNCTION
            pglogical.show_subscription_status(name);
        ALTER FUNCTION pglogical.show_subscription_status(name)
            RENAME TO real_status;
        CREATE FUNCTION pglogical.show_subscription_status(
            subscription_name name, OUT subscription_name_ text,
            OUT status text, OUT provider_node text, OUT provider_dsn text,
            OUT slot_name text, OUT replication_sets text[],
            OUT forward_origins text[]) RETURNS SETOF record LANGUAGE sql AS $$
            SELECT r.subscription_name, '{word}', r.provider_node,
                   r.provider_dsn, r.slot_name, r.replication_sets,
                   r.forward_origins FROM pglogical.real_status($1) r $$""",
                          "words")
    try:
        wait_for(lambda: status(made, "words")["state"] in state, 20, word)
    finally:
        made.destination.psql("""
            DROP FUNCTION pglogical.show_subscription_status(name);
            ALTER FUNCTION pglogical.real_status(name)
                RENAME TO show_subscription_status;
            ALTER EXTENSION pglogical ADD FUNCTION
                pglogical.show_subscription_status(name)""", "words")
    wait_for_state(made, "words", "replicating")


def test_replicating_is_no_word_for_a_worker_that_is_gone(made):
    """pglogical counts it as there; a slot that nobody reads says more."""
    made.source.psql("ALTER ROLE pgrepup_replication NOLOGIN;"
                     "SELECT pg_terminate_backend(active_pid) FROM "
                     "pg_replication_slots WHERE database = 'words'")
    wait_for_state(made, "words", "down")
    assert status(made, "words")["last_error"]
    made.source.psql("ALTER ROLE pgrepup_replication LOGIN")
    made.pgrepup("start")
    wait_for_state(made, "words", "replicating")


@pytest.mark.parametrize("db", ["left_schema", "left_extension"])
def test_what_an_earlier_pglogical_left_is_no_obstacle(made, db):
    """It does not travel either, and stays where it was."""
    made.source.psql("INSERT INTO t VALUES (2)", db)
    made.pgrepup("stop", "--yes", "--only", db)
    assert_same_rows(made.source, made.destination, [db])
    made.pgrepup("uninstall", "--yes", "--only", db)
    left = "SELECT extname FROM pg_extension WHERE extname = 'pglogical'"
    assert made.source.query(left, db=db) == (
        [("pglogical",)] if db == "left_extension" else [])
    assert made.destination.query(left, db=db) == []
    assert made.destination.query("SELECT nspname FROM pg_namespace WHERE "
                                  "nspname ~ 'pglogical|pgrepup'", db=db) == []


def test_a_node_by_our_name_that_is_not_ours_is_refused(made):
    """On the destination, in a database that somebody made there."""
    for server in (made.source, made.destination):
        server.psql("CREATE DATABASE named")
    made.source.psql(TABLE, "named")
    made.destination.psql(
        "CREATE EXTENSION pglogical; SELECT pglogical.create_node("
        "'pgrepup_destination', 'dbname=named')", "named")
    found = findings(made, "leftovers", "destination:named")
    assert [(c["object"], c["status"]) for c in found] == [
        ('node "pgrepup_destination"', "ko")]
    refused = made.pgrepup("setup", "--only", "named", check=False)
    assert refused.rc != 0 and '"pgrepup_destination"' in refused.output
    made.pgrepup("uninstall", "--yes", "--only", "named")
    assert made.destination.query("SELECT node_name FROM pglogical.node",
                                  db="named") == [("pgrepup_destination",)]
