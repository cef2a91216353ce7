# SPDX-License-Identifier: PostgreSQL
"""pglogical as pgrepup uses it: passwords, locks, what is of others."""
import re
import time

import pytest
from harness import assert_same_rows, wait_for

pytestmark = pytest.mark.xdist_group("mechanism")

LOUD = {"log_statement": "all", "log_min_duration_statement": "0",
        "log_min_messages": "debug1", "log_error_verbosity": "verbose"}


def make_app(made):
    made.source.psql("CREATE DATABASE app")
    made.source.psql("CREATE TABLE t (id int PRIMARY KEY); "
                     "INSERT INTO t VALUES (1)", "app")


def replication_password(pgrepup):
    """As it stands in the file, which is not sealed here."""
    text = pgrepup.config.read_text()
    section = text[text.index("replication"):]
    return re.search(r'password = "([^"]+)"', section).group(1)


def logs(made):
    return made.source.log + made.destination.log


def test_password_is_in_no_server_log(pair):
    made = pair(15, 17, source_settings=LOUD, destination_settings=LOUD)
    make_app(made)
    made.pgrepup("setup")
    password = replication_password(made.pgrepup)
    assert len(password) >= 20
    # a subscription that fails
    made.source.psql("ALTER ROLE pgrepup_replication PASSWORD 'another'")
    failed = made.pgrepup("start", check=False)
    assert failed.rc != 0 and password not in failed.output
    assert "password authentication failed" in failed.output
    made.source.psql(f"SET log_statement = none; "
                     f"SET log_min_duration_statement = -1; "
                     f"ALTER ROLE pgrepup_replication PASSWORD '{password}'")
    # one that is made, and loses its source
    made.pgrepup("start")
    made.source.stop()
    wait_for(lambda: "could not connect to the postgresql server" in
             made.destination.log)
    made.source.start()
    # by itself the worker would try again only after a minute or two
    made.pgrepup("start")
    made.pgrepup("stop", "--yes")
    assert "CREATE EXTENSION" in made.destination.log    # they are loud
    assert password not in logs(made)
    assert made.destination.query(
        "SELECT setconfig FROM pg_db_role_setting") == []
    journal = next(made.pgrepup.home.rglob("journal")).read_text()
    assert password not in journal


@pytest.fixture(scope="module")
def plain(clusters):
    """A pair for all tests below, each with a database of its own."""
    pair = clusters.pair(15, 17)
    yield pair
    pair.destroy()


def make_database(made, name, schema=""):
    made.source.psql(f"CREATE DATABASE {name}")
    made.source.psql("CREATE TABLE t (id int PRIMARY KEY);" + schema, name)


def test_node_of_somebody_else_is_refused_and_left(plain):
    make_database(plain, "foreign_node",
                  "CREATE EXTENSION pglogical; SELECT "
                  "pglogical.create_node('theirs', 'dbname=foreign_node')")
    refused = plain.pgrepup("setup", "--only", "foreign_node", check=False)
    assert refused.rc != 0
    assert '"theirs"' in refused.output
    plain.pgrepup("uninstall", "--yes", "--only", "foreign_node")
    assert plain.source.query("SELECT node_name FROM pglogical.node",
                              db="foreign_node") == [("theirs",)]


def sets_in_use(server, db):
    return server.query("SELECT DISTINCT set_name FROM pglogical.tables "
                        "WHERE set_name IS NOT NULL", db=db)


def test_uninstall_leaves_what_others_keep_in_pglogical(plain):
    make_database(plain, "foreign_set")
    only = ["--only", "foreign_set"]
    plain.pgrepup("setup", *only)
    plain.source.psql("SELECT pglogical.create_replication_set('theirs'); "
                      "SELECT pglogical.replication_set_add_table("
                      "'theirs', 't')", "foreign_set")
    said = plain.pgrepup("uninstall", "--yes", *only, check=False).stdout
    assert 'replication set "theirs"' in said
    assert sets_in_use(plain.source, "foreign_set") == [("theirs",)]
    # nothing of theirs: all goes
    plain.source.psql("SELECT pglogical.drop_replication_set('theirs')",
                      "foreign_set")
    plain.pgrepup("uninstall", "--yes", *only)
    for server in (plain.source, plain.destination):
        assert server.query("SELECT nspname FROM pg_namespace WHERE nspname "
                            "IN ('pglogical', 'pgrepup')",
                            db="foreign_set") == []


def test_truncate_by_an_application_role_works_and_arrives(plain):
    plain.source.psql("""
        CREATE ROLE owner LOGIN; CREATE ROLE helper LOGIN;
        CREATE ROLE team; CREATE ROLE member LOGIN IN ROLE team;""")
    make_database(plain, "truncated", """
        CREATE TABLE own (id int PRIMARY KEY);
        ALTER TABLE own OWNER TO owner;
        CREATE TABLE lent (id int PRIMARY KEY);
        GRANT INSERT, SELECT, TRUNCATE ON lent TO helper, team;""")
    plain.pgrepup("setup", "--only", "truncated")
    plain.pgrepup("start", "--only", "truncated")
    for role, table in (("owner", "own"), ("helper", "lent"),
                        ("member", "lent")):
        plain.source.psql(f"SET SESSION AUTHORIZATION {role}; "
                          f"INSERT INTO {table} VALUES (1); "
                          f"TRUNCATE {table}; INSERT INTO {table} VALUES (2)",
                          "truncated")
    plain.pgrepup("stop", "--yes", "--only", "truncated")
    assert_same_rows(plain.source, plain.destination, ["truncated"])


def test_nobody_queues_behind_setup(plain):
    """Setup waits for a lock on t, and others go past it."""
    make_database(plain, "locked")
    with plain.source.connect("locked", autocommit=False) as holder:
        holder.execute("INSERT INTO t VALUES (2)")
        face = plain.pgrepup.spawn("setup", "--only", "locked")
        wait_for(lambda: plain.source.query(
            "SELECT 1 FROM pg_locks WHERE NOT granted"), interval=0.01)
        worst = 0.0
        with plain.source.connect("locked") as conn:
            for i in range(3, 23):
                began = time.monotonic()
                conn.execute("INSERT INTO t VALUES (%s)", [i])
                worst = max(worst, time.monotonic() - began)
                time.sleep(0.1)
        assert worst < 3
        holder.commit()
    out, err = face.communicate(timeout=60)
    assert face.returncode == 0, out + err
    assert sets_in_use(plain.source, "locked") == [("pgrepup",)]
