# SPDX-License-Identifier: PostgreSQL
"""PostgreSQL's own publications and subscriptions; see test_journey.py too."""
import re
import socket
import threading

import pytest
from harness import assert_same_rows, second, sequences, wait_for
from test_journey import assert_nothing_of_ours, states
from test_mechanism import replication_password


def native(pair, old, new, **more):
    made = pair(old, new, **more)
    made.pgrepup("config", "set", "mechanism=native")
    return made


def make_database(made, name, schema):
    made.source.psql(f"CREATE DATABASE {name}")
    made.source.psql(schema, name)


# --- every kind of table ----------------------------------------------------

MOVES = """
    INSERT INTO animal (name) VALUES ('cow');
    UPDATE fish SET name = 'toro' WHERE name = 'maguro';
    DELETE FROM fish WHERE name = 'saba';
    UPDATE child SET n = 3 WHERE n = 2;
    UPDATE part SET d = '2025-06-06' WHERE v = 'x';
    INSERT INTO part_nopk VALUES (1, '2025-01-01');
    UPDATE part_nopk SET d = '2026-01-01' WHERE d = '2024-01-01';
    UPDATE "Mixed Schema"."Tab le-1" SET "Quo""te" = 'r';
    DELETE FROM "UPPER nopk" WHERE ctid = '(0,1)';
    UPDATE gen SET a = 11; INSERT INTO gen (id, a) VALUES (2, 20);
    UPDATE rif SET b = 'z' WHERE a = 1; DELETE FROM rif WHERE a = 2;
    UPDATE riidx SET b = 'y'; UPDATE uniq_only SET b = 'y';
    UPDATE rinothing SET a = 2; UPDATE defpk SET b = 'y';
    UPDATE inh_parent SET t = 'q'; DELETE FROM inh_child;
    UPDATE types SET n = 2.5; UPDATE types SET h = 'k=>w', arr = NULL;
    UPDATE trg SET touched = 0; INSERT INTO trg VALUES (2);
    UPDATE rls SET owner = 'c' WHERE id = 1; DELETE FROM rls WHERE id = 2;
    INSERT INTO nocols DEFAULT VALUES;
    UPDATE bigt SET pad = 'y' WHERE id % 3 = 0; DELETE FROM bigt WHERE id < 9;
    TRUNCATE empty_t; TRUNCATE su_owned; INSERT INTO su_owned VALUES (2, 'x');
"""


@pytest.mark.parametrize("old, new", [(15, 18), second(13, 15)])
def test_every_kind_of_table_travels(pair, fixtures, old, new):
    made = native(pair, old, new)
    source, destination, pgrepup = made.source, made.destination, made.pgrepup
    source.psql_file(fixtures / "globals.sql")
    source.psql_file(fixtures / "testdb.sql", "testdb")
    source.psql_file(fixtures / "weird.sql", "Weird-DB name")
    source.psql("DROP TABLE ulog", "testdb")    # its rows never travel
    pgrepup("fix", "--yes")
    pgrepup("setup")
    # between setup and start nothing is published yet
    source.psql(MOVES.replace("TRUNCATE su", "DELETE FROM su"), "testdb")
    source.psql("DELETE FROM gen WHERE id = 2; DELETE FROM trg WHERE id = 2;"
                "DELETE FROM su_owned; INSERT INTO su_owned VALUES (3)",
                "testdb")
    pgrepup("start")
    source.psql(MOVES, "testdb")
    pgrepup("stop", "--yes")
    databases = ["testdb", "Weird-DB name"]
    assert_same_rows(source, destination, databases)
    for db in databases:
        assert sequences(source, db) == sequences(destination, db)
    # computed there, not carried
    assert destination.query("SELECT id, b FROM gen ORDER BY id",
                             db="testdb") == [(1, 22), (2, 40)]
    pgrepup("uninstall", "--yes")


# --- servers that are gone, passwords, leftovers ----------------------------

LOUD = {"log_statement": "all", "log_min_duration_statement": "0",
        "log_min_messages": "debug1", "log_error_verbosity": "verbose",
        "shared_preload_libraries": "pg_stat_statements",
        "pg_stat_statements.track": "all"}


def slots(server):
    return [row[0] for row in server.query(
        "SELECT slot_name::text FROM pg_replication_slots ORDER BY 1")]


def statements(server):
    return "\n".join(text for (text,) in server.query(
        "SELECT query FROM pg_stat_statements"))


def test_password_is_in_no_server_log(pair):
    made = native(pair, 15, 18, source_settings=LOUD,
                  destination_settings=LOUD)
    for server in (made.source, made.destination):
        server.psql("CREATE EXTENSION pg_stat_statements")
    make_database(made, "app", "CREATE TABLE t (id int PRIMARY KEY)")
    made.pgrepup("setup")
    password = replication_password(made.pgrepup)
    # a subscription that cannot be made
    made.source.psql("ALTER ROLE pgrepup_replication NOLOGIN")
    failed = made.pgrepup("start", check=False)
    assert failed.rc != 0 and password not in failed.output
    assert "is not permitted to log in" in failed.output
    made.source.psql("ALTER ROLE pgrepup_replication LOGIN")
    made.pgrepup("start")
    # one that is made, and loses its source
    made.source.stop()
    wait_for(lambda: "could not connect to the publisher" in
             made.destination.log)
    wait_for(lambda: states(made.pgrepup)["app"] == "down")
    made.source.start()
    wait_for(lambda: states(made.pgrepup)["app"] == "replicating")
    made.pgrepup("stop", "--yes")
    assert "CREATE PUBLICATION" in made.source.log    # they are loud
    assert password not in made.source.log + made.destination.log
    for server in (made.source, made.destination):
        kept = statements(server)
        assert "pgrepup" in kept
        assert password not in kept and "SCRAM-SHA-256$" not in kept
    journal = next(made.pgrepup.home.rglob("journal")).read_text()
    assert password not in journal
    assert made.destination.query(
        "SELECT setconfig FROM pg_db_role_setting") == []


@pytest.mark.parametrize("mechanism", ["native", "pglogical"])
def test_uninstall_when_the_source_is_gone(pair, mechanism):
    """Only by --force; the slots that remain there are named."""
    made = pair(15, 18)
    made.pgrepup("config", "set", f"mechanism={mechanism}")
    make_database(made, "app", "CREATE TABLE t (id int PRIMARY KEY);"
                  "INSERT INTO t VALUES (1)")
    made.pgrepup("setup")
    made.pgrepup("start")
    left = [slot for slot in slots(made.source) if "app" in slot]
    made.source.stop()
    refused = made.pgrepup("uninstall", "--yes", check=4)
    assert "uninstall --force" in refused.stderr
    said = made.pgrepup("uninstall", "--yes", "--force").stdout
    assert len(left) == 1 and left[0] in said
    assert_nothing_of_ours(made.destination)
    assert made.destination.query(
        "SELECT subname FROM pg_subscription") == []
    assert made.destination.query("SELECT id FROM t", db="app") == [(1,)]


def test_uninstall_takes_a_source_that_refuses_us_for_gone_only_when_told(
        pair):
    """One that answers keeps its slots, whose WAL would fill its disk."""
    made = native(pair, 15, 18)
    made.pgrepup("config", "set", "databases.include=app")
    make_database(made, "app", "CREATE TABLE t (id int PRIMARY KEY);"
                  "INSERT INTO t VALUES (1)")
    made.pgrepup("setup")
    made.pgrepup("start")
    left = slots(made.source)
    before = made.source.hba
    made.source.hba = "host all all all reject\n" + before
    refused = made.pgrepup("uninstall", "--yes", "--force", check=4)
    assert "pg_hba" in refused.stderr
    assert "the source is not gone" in refused.stderr
    made.source.hba = before
    made.pgrepup("config", "set", "source.password=-", input="wrong\n")
    refused = made.pgrepup("uninstall", "--yes", "--force", check=4)
    assert "password authentication failed" in refused.stderr
    assert "--without-source" in refused.stderr
    assert states(made.pgrepup) != {}
    assert made.destination.query("SELECT 1 FROM pg_subscription") == [(1,)]
    said = made.pgrepup("uninstall", "--yes", "--without-source").stdout
    assert len(left) == 1 and left[0] in said
    assert slots(made.source) == left
    assert_nothing_of_ours(made.destination)
    # and afterwards the source as well, when it can be asked again
    made.pgrepup("config", "set", "source.password=-", input="secret\n")
    made.pgrepup("uninstall", "--yes")
    assert slots(made.source) == []
    assert_nothing_of_ours(made.source)


def test_uninstall_takes_a_name_that_is_not_known_for_gone(pair):
    made = native(pair, 15, 18)
    make_database(made, "app", "CREATE TABLE t (id int PRIMARY KEY)")
    made.pgrepup("setup")
    made.pgrepup("config", "set", "source.host=nowhere.invalid")
    refused = made.pgrepup("uninstall", "--yes", check=4)
    assert "uninstall --force" in refused.stderr
    made.pgrepup("uninstall", "--yes", "--force")
    assert_nothing_of_ours(made.destination)


def test_slots_that_a_first_copy_left_are_found_and_dropped(pair):
    """What a subscription of somebody leaves when it goes without its slot;
    those that another server's left are not ours to drop."""
    made = native(pair, 17, 18)
    make_database(made, "app", "CREATE TABLE t (id int PRIMARY KEY)")
    system = made.destination.value(
        "SELECT system_identifier FROM pg_control_system()")
    ours, other = f"pg_99999_sync_16384_{system}", "pg_99999_sync_16384_1"
    made.pgrepup("setup")
    for name in (ours, other):
        made.source.psql(f"SELECT pg_create_logical_replication_slot("
                         f"'{name}', 'pgoutput')", "app")
    found = made.pgrepup.json("check", "source")["checks"]
    said = {c["object"]: c["hint"] for c in found if c["id"] == "leftovers"}
    assert "pgrepup uninstall drops it" in said[ours]
    assert "pgrepup uninstall" not in said[other]
    made.pgrepup("uninstall", "--yes")
    assert slots(made.source) == [other]


def publications(server):
    return server.query(
        "SELECT p.pubname::text, (SELECT string_agg(t.tablename::text, ' ' "
        "ORDER BY t.tablename) FROM pg_publication_tables t "
        "WHERE t.pubname = p.pubname) FROM pg_publication p "
        "WHERE p.pubname !~ '^pgrepup' ORDER BY 1", db="app")


@pytest.mark.parametrize("mechanism", ["native", "pglogical"])
def test_publications_travel_and_subscriptions_do_not(pair, mechanism):
    """Those of the application, not ours."""
    made = pair(15, 18)
    made.pgrepup("config", "set", f"mechanism={mechanism}")
    make_database(made, "app", """
        CREATE TABLE t (id int PRIMARY KEY); INSERT INTO t VALUES (1);
        CREATE TABLE u (id int PRIMARY KEY);
        CREATE PUBLICATION "their own" FOR TABLE u;
        COMMENT ON PUBLICATION "their own" IS 'x';
        CREATE PUBLICATION everything FOR ALL TABLES;
        CREATE SUBSCRIPTION theirs CONNECTION 'dbname=nowhere'
            PUBLICATION p WITH (connect = false);""")
    found = made.pgrepup.json("check", "source")["checks"]
    hints = {c["object"]: c["hint"] for c in found if c["id"] == "leftovers"}
    assert "after stop make it there" in hints["theirs"]
    for command in ("setup", "start"):
        made.pgrepup(command)
    made.pgrepup("setup", "--again", "--yes")
    assert publications(made.destination) == []
    made.pgrepup("start")
    made.source.psql("UPDATE t SET id = 2; INSERT INTO u VALUES (1)", "app")
    # what somebody else's subscription has left is not our concern
    made.destination.psql("INSERT INTO pg_replication_origin "
                          "VALUES (999, 'pg_99999')")
    made.pgrepup("stop", "--yes")
    made.destination.psql("SELECT pg_replication_origin_drop('pg_99999')")
    assert [name for name, _ in publications(made.destination)] == [
        "everything", "their own"]
    made.pgrepup("uninstall", "--yes")
    assert publications(made.destination) == publications(made.source) == [
        ("everything", "t u"), ("their own", "u")]
    assert made.destination.query("SELECT subname FROM pg_subscription") == []
    assert_nothing_of_ours(made.destination)
    made.source.psql("ALTER SUBSCRIPTION theirs SET (slot_name = NONE); "
                     "DROP SUBSCRIPTION theirs", "app")


def test_a_truncate_that_does_not_travel_is_refused(pair):
    """PostgreSQL 10 replicates none; a rewrite looks the same."""
    made = pair(10, 15)
    make_database(made, "app", "CREATE TABLE t (id int PRIMARY KEY);"
                  "CREATE TABLE u (id int PRIMARY KEY);"
                  "INSERT INTO t VALUES (1); INSERT INTO u VALUES (1)")
    said = made.pgrepup("check", "source").stdout
    assert "no pglogical on the source" in said
    assert "does not replicate it" in said
    made.pgrepup("setup")
    made.pgrepup("start")
    made.source.psql("TRUNCATE t; INSERT INTO t VALUES (2)", "app")
    refused = made.pgrepup("stop", "--yes", check=1)
    assert "public.t" in refused.stdout and "public.u" not in refused.stdout
    made.pgrepup("setup", "--again", "--yes")
    made.pgrepup("start")
    made.source.psql("VACUUM FULL u", "app")
    made.pgrepup("stop", "--yes", check=1)
    made.pgrepup("stop", "--yes", "--force")
    assert_same_rows(made.source, made.destination, ["app"])


def test_rows_that_the_owner_may_not_see_travel(pair):
    """From 16 on changes are applied as the table's owner, unless the
    subscription says otherwise: FORCE holds for that one."""
    made = native(pair, 15, 18)
    made.source.psql("CREATE ROLE scott")
    make_database(made, "app", """
        CREATE TABLE t (id int PRIMARY KEY, x text);
        INSERT INTO t VALUES (1, 'a'), (2, 'b');
        ALTER TABLE t OWNER TO scott;
        ALTER TABLE t ENABLE ROW LEVEL SECURITY;
        ALTER TABLE t FORCE ROW LEVEL SECURITY;
        CREATE POLICY nobody ON t USING (false)""")
    made.pgrepup("setup")
    made.pgrepup("start")
    made.source.psql("INSERT INTO t VALUES (3, 'c'); DELETE FROM t "
                     "WHERE id = 1; UPDATE t SET x = 'd' WHERE id = 2", "app")
    made.pgrepup("stop", "--yes", timeout=60)
    assert_same_rows(made.source, made.destination, ["app"])


def test_tables_of_extensions_and_of_pgrepup_are_not_published(pair):
    """The registry on the destination is another one, and CREATE EXTENSION
    fills what is of an extension."""
    made = native(pair, 15, 18)
    make_database(made, "app", """
        CREATE TABLE t (id int PRIMARY KEY);
        CREATE EXTENSION hstore;
        CREATE TABLE of_it (id int PRIMARY KEY);
        INSERT INTO of_it VALUES (1);
        ALTER EXTENSION hstore ADD TABLE of_it""")
    made.pgrepup("setup")
    made.pgrepup("start")
    assert made.source.query(
        "SELECT schemaname || '.' || tablename FROM pg_publication_tables "
        "ORDER BY 1", db="app") == [("pgrepup.barrier",), ("public.t",)]
    made.pgrepup("stop", "--yes")


# --- servers of a provider: nobody is superuser -----------------------------

def as_role(made, side, role, db):
    made.pgrepup("config", "set", f"{side}.user={role}", f"{side}.dbname={db}")
    made.pgrepup("config", "set", f"{side}.password=-", input="dba\n")


def managed_source(server):
    """A role with just what replicating and reading takes."""
    server.psql("""CREATE ROLE scott LOGIN PASSWORD 'tiger';
        CREATE ROLE team BYPASSRLS; GRANT team TO scott;
        CREATE ROLE sdba LOGIN CREATEROLE REPLICATION PASSWORD 'dba';
        GRANT scott TO sdba WITH INHERIT TRUE, SET TRUE""")
    server.psql("CREATE DATABASE app OWNER scott")
    server.psql("""SET ROLE scott;
        CREATE TABLE t (id serial PRIMARY KEY, x text);
        INSERT INTO t (x) VALUES ('a'), ('b');
        CREATE TABLE guarded (id int PRIMARY KEY);
        ALTER TABLE guarded ENABLE ROW LEVEL SECURITY;
        INSERT INTO guarded VALUES (1)""", "app")


def managed_destination(server):
    server.psql("CREATE ROLE dba LOGIN CREATEROLE CREATEDB PASSWORD 'dba';"
                "GRANT pg_create_subscription TO dba")
    server.psql("CREATE DATABASE dbadb OWNER dba")


@pytest.mark.parametrize("old, source_too", [(15, False),
                                             second(16, True),
                                             (17, True)])
def test_without_superusers(pair, old, source_too):
    """pg_create_subscription and the right to grant the roles that it made
    are enough on the destination; on the source, passwords stay unread."""
    made = native(pair, old, 18,
                  destination_settings={"log_statement": "ddl"})
    if old < 16:
        made.source.psql("CREATE ROLE scott LOGIN PASSWORD 'tiger'; CREATE "
                         "ROLE team BYPASSRLS; GRANT team TO scott")
        made.source.psql("CREATE DATABASE app OWNER scott")
        made.source.psql("CREATE TABLE t (id serial PRIMARY KEY, x text);"
                         "ALTER TABLE t OWNER TO scott;"
                         "INSERT INTO t (x) VALUES ('a'), ('b');", "app")
    else:
        managed_source(made.source)
        as_role(made, "source", "sdba", "app")
    managed_destination(made.destination)
    made.pgrepup("config", "set", "databases.include=app")
    as_role(made, "destination", "dba", "dbadb")
    made.source.psql("ALTER TABLE t FORCE ROW LEVEL SECURITY", "app")
    assert "FORCE ROW LEVEL" in made.pgrepup("check", "source",
                                             check=1).stdout
    made.source.psql("ALTER TABLE t NO FORCE ROW LEVEL SECURITY", "app")
    if source_too:
        refused = made.pgrepup("setup", check=False)
        assert "--no-role-passwords" in refused.output
        said = made.pgrepup("setup", "--no-role-passwords").output
        assert re.search("password must be set by hand on the destination: "
                         r'"scott", "sdba"$', said, re.M)
        assert re.search('by hand on the destination: "scott"',
                         made.pgrepup("report").stdout)
    else:
        said = made.pgrepup("setup").stdout
    assert "BYPASSRLS can only be given by a superuser" in said
    made.pgrepup("start")
    made.source.psql("INSERT INTO t (x) VALUES ('c'); "
                     "UPDATE t SET x = 'd' WHERE id = 1", "app")
    wait_for(lambda: states(made.pgrepup) == {"app": "replicating"})
    made.pgrepup("stop", "--yes")
    assert_same_rows(made.source, made.destination, ["app"])
    assert sequences(made.source, "app") == sequences(made.destination, "app")
    made.pgrepup("uninstall", "--yes")
    assert made.destination.query(
        "SELECT pg_get_userbyid(datdba) FROM pg_database "
        "WHERE datname = 'app'") == [("scott",)]
    assert made.destination.query(
        "SELECT 1 FROM pg_auth_members a JOIN pg_roles m ON m.oid = a.member "
        "WHERE m.rolname = 'dba' AND (a.set_option OR a.inherit_option) AND "
        "a.roleid <> 'pg_create_subscription'::regrole") == []


def found(made, side, id):
    return [(c["object"], c["current"]) for c in made.pgrepup.json(
        "check", side, check=False)["checks"] if c["id"] == id]


def test_what_a_role_that_is_no_superuser_cannot_is_found_by_check(pair):
    made = native(pair, 17, 18, destination_settings={
        "log_statement": "ddl", "log_min_duration_statement": "0"})
    managed_source(made.source)
    as_role(made, "source", "sdba", "app")
    managed_destination(made.destination)
    made.pgrepup("config", "set", "databases.include=app")
    as_role(made, "destination", "dba", "dbadb")
    # what it may mend is mended, though it may not read pg_hba.conf
    made.source.psql("SET ROLE scott; CREATE TABLE keyless (a int)", "app")
    assert "left alone" in made.pgrepup("fix", "--yes").output
    assert found(made, "source", "replica_identity") == [
        ("public.keyless", "fixed by pgrepup")]
    # a table of nobody that it is a member of; a sequence that it cannot read
    made.source.psql("""CREATE ROLE other;
        CREATE SCHEMA o AUTHORIZATION other;
        SET ROLE other;
        CREATE TABLE o.theirs (id int PRIMARY KEY);
        CREATE SEQUENCE o.hidden;""", "app")
    assert found(made, "source", "ownership") == [
        ("o.hidden", "sequence without SELECT, of role other"),
        ("o.theirs", "of role other")]
    refused = made.pgrepup("setup", "--no-role-passwords", check=1)
    assert "GRANT its owner" in refused.output
    made.source.psql("GRANT other TO sdba", "app")
    assert found(made, "source", "ownership") == []
    # statements with passwords are logged there, which it cannot prevent
    [(_, why)] = found(made, "destination", "statement_log")
    assert "log_statement = ddl" in why
    assert "log_min_duration_statement = 0" in why
    assert "log_min_error_statement = error" in why
    made.destination.psql("GRANT SET ON PARAMETER log_statement, "
                          "log_min_duration_statement, log_duration, "
                          "log_min_error_statement TO dba")
    assert found(made, "destination", "statement_log") == []
    made.pgrepup("setup", "--no-role-passwords")
    made.pgrepup("start")
    assert replication_password(made.pgrepup) not in made.destination.log
    assert 'CREATE ROLE "scott"' not in made.destination.log
    refuse_while_somebody_comes_and_goes(made)
    said = made.pgrepup("stop", "--yes").stdout
    assert "not seen" not in said
    assert_same_rows(made.source, made.destination, ["app"])


def refuse_while_somebody_comes_and_goes(made):
    """A session that is never there when stop looks: it may not read what has
    arrived on the destination, and asks the counters of the source."""
    ended = threading.Event()

    def come_and_go():
        while not ended.wait(0.3):
            made.source.query("INSERT INTO t (x) VALUES ('late')", db="app")

    thread = threading.Thread(target=come_and_go, daemon=True)
    thread.start()
    try:
        refused = made.pgrepup("stop", "--yes", check=1)
        assert re.search("still (changes|in use) on the source",
                         refused.output)
        assert states(made.pgrepup) != {"app": "stopped"}
    finally:
        ended.set()
        thread.join(30)


# --- auto -------------------------------------------------------------------

@pytest.fixture(scope="module")
def plain(clusters):
    """A pair for all tests below, each with a database of its own."""
    pair = clusters.pair(15, 18)
    yield pair
    pair.destroy()


def mechanism(made, *args):
    """Title and status of the check that names it."""
    found = made.pgrepup.json("check", "source", *args, check=False)["checks"]
    return next((c["title"], c["status"]) for c in found
                if c["id"] == "mechanism")


@pytest.mark.xdist_group("native")
def test_generated_columns_are_a_reason_for_native(plain):
    make_database(plain, "plain", "CREATE TABLE t (id int PRIMARY KEY)")
    make_database(plain, "generated", """
        CREATE TABLE t (id int PRIMARY KEY,
                        twice int GENERATED ALWAYS AS (id * 2) STORED);
        INSERT INTO t VALUES (1)""")
    assert mechanism(plain, "--only", "plain") == (
        "Mechanism pglogical (pglogical is on both servers)", "ok")
    assert mechanism(plain, "--only", "generated") == (
        "Mechanism native (generated columns in 1 table)", "ok")


@pytest.mark.xdist_group("native")
def test_setup_fixes_the_mechanism(plain):
    """A fact or a configuration that changes later changes nothing."""
    only = ["--only", "generated"]
    plain.pgrepup("setup", *only)
    plain.source.psql("ALTER TABLE t ALTER twice DROP EXPRESSION",
                      "generated")
    assert mechanism(plain, *only) == (
        "Mechanism native (setup began with it)", "ok")
    plain.pgrepup("config", "set", "mechanism=pglogical")
    assert mechanism(plain, *only) == (
        "Mechanism native (setup began with it)", "warn")
    plain.pgrepup("uninstall", "--yes")
    assert mechanism(plain, *only) == (
        "Mechanism pglogical (the configuration says so)", "ok")
    plain.pgrepup("config", "set", "mechanism=native")


# --- tables without identity ------------------------------------------------

KEYLESS = """
CREATE TABLE bare (a int, b text);
INSERT INTO bare VALUES (1, 'x'), (1, 'x'), (2, NULL);
CREATE TABLE odd (a int, j json);
INSERT INTO odd VALUES (1, '{}');
CREATE TYPE shape AS (a int, p point);
CREATE TABLE typed OF shape;
INSERT INTO typed VALUES (1, '(1,2)');
CREATE TABLE late (id int PRIMARY KEY DEFERRABLE INITIALLY DEFERRED, t text);
INSERT INTO late VALUES (1, 'x');
CREATE TABLE full_odd (a int PRIMARY KEY, b box);
ALTER TABLE full_odd REPLICA IDENTITY FULL;
CREATE TABLE full_even (a varchar, d date[], r int4range);
ALTER TABLE full_even REPLICA IDENTITY FULL;
INSERT INTO full_even VALUES ('x', '{2020-01-01}', '[1,2)'), (NULL, NULL, NULL);
"""


def identities(made, db):
    return dict(made.source.query(
        "SELECT relname, relreplident FROM pg_class WHERE relkind = 'r' "
        "AND relnamespace = 'public'::regnamespace", db=db))


@pytest.mark.xdist_group("native")
def test_no_update_of_the_application_fails(plain):
    """Whatever a table lacks: its rows can be changed at any time."""
    only = ["--only", "keyless"]
    make_database(plain, "keyless", KEYLESS)
    found = plain.pgrepup.json("check", "source", *only, check=1)["checks"]
    bad = {c["object"]: c["current"] for c in found
           if c["id"] == "replica_identity" and c["status"] == "ko"}
    assert bad == {
        "public.bare": "no primary key", "public.odd": "no primary key",
        "public.typed": "no primary key",
        "public.late": "its primary key is deferrable",
        "public.full_odd": "REPLICA IDENTITY FULL, but there is no equality "
                           "for b"}
    # nothing that loses changes is chosen unasked
    plain.pgrepup("fix", "--yes", *only, check=False)
    after = identities(plain, "keyless")
    assert after["bare"] == "f" and after["odd"] == "d"
    assert after["late"] == "i" and after["full_odd"] == "d"
    refused = plain.pgrepup("setup", *only, check=False)
    assert refused.rc == 1 and "public.typed" in refused.stdout
    plain.pgrepup("fix", "--yes",
                  "replica_identity:keyless.public.typed=insert", *only)
    said = plain.pgrepup("check", "source", *only).stdout
    assert "only its new rows travel" in said
    plain.pgrepup("setup", *only)
    plain.pgrepup("start", *only)
    plain.source.psql("""
        UPDATE bare SET b = 'y' WHERE a = 2; DELETE FROM bare WHERE ctid =
            (SELECT ctid FROM bare WHERE a = 1 LIMIT 1);
        UPDATE odd SET a = 2; UPDATE late SET t = 'y';
        UPDATE full_even SET a = 'y' WHERE a IS NULL;
        UPDATE full_odd SET a = a + 1;
        INSERT INTO typed VALUES (2, '(3,4)');
        UPDATE typed SET a = 5 WHERE a = 1;""", "keyless")
    # that one is lost, which stop does not take in silence
    refused = plain.pgrepup("stop", "--yes", *only, check=1)
    assert re.search(r"public.typed.*\s1\s+row\s+was\s+updated",
                     refused.stdout, re.S), refused
    plain.pgrepup("stop", "--yes", "--force", *only)
    assert plain.destination.query(
        "SELECT a FROM typed ORDER BY 1", db="keyless") == [(1,), (2,)]
    plain.source.psql("UPDATE typed SET a = 1 WHERE a = 5", "keyless")
    assert_same_rows(plain.source, plain.destination, ["keyless"])
    plain.pgrepup("uninstall", "--yes")
    assert identities(plain, "keyless")["bare"] == "d"


def test_a_worker_that_nobody_answers_is_not_called_replicating(pair):
    made = pair(15, 18)
    made.pgrepup("config", "set", "mechanism=native")
    make_database(made, "app", "CREATE TABLE t (id int PRIMARY KEY)")
    made.pgrepup("setup")
    made.pgrepup("start")
    name = made.destination.value(
        "SELECT subname FROM pg_subscription WHERE subname LIKE '%app%'")
    with socket.create_server(("127.0.0.1", 0)) as mute:
        made.destination.psql(f"""ALTER SUBSCRIPTION {name} DISABLE;
            ALTER SUBSCRIPTION {name} CONNECTION
                'host=127.0.0.1 port={mute.getsockname()[1]} user=x
                 dbname=app password=x';
            ALTER SUBSCRIPTION {name} ENABLE""", "app")
        refused = made.pgrepup("start", check=5)
    assert "Nobody reads replication slot" in refused.output
