# SPDX-License-Identifier: PostgreSQL
"""Traps that both mechanisms share: each test fails when pgrepup walks into
one. A pair of clusters for each mechanism, a database for each trap; all of
them go through one upgrade, during which the applications write."""
import pytest
from harness import assert_same_rows, sequences

pytestmark = pytest.mark.xdist_group("traps")

# What a schema is while somebody watches over DDL: the log of the source must
# not meet another one that the restored trigger writes on the destination.
AUDIT = """
CREATE TABLE ddl_log (id serial PRIMARY KEY, what text);
CREATE FUNCTION log_ddl() RETURNS event_trigger LANGUAGE plpgsql AS
    'BEGIN INSERT INTO public.ddl_log (what) VALUES (tg_tag); END';
CREATE EVENT TRIGGER audit ON ddl_command_end EXECUTE PROCEDURE log_ddl();
CREATE EVENT TRIGGER audit_drop ON sql_drop EXECUTE PROCEDURE log_ddl();
ALTER EVENT TRIGGER audit_drop ENABLE ALWAYS;
CREATE TABLE t (id int PRIMARY KEY);
INSERT INTO t VALUES (1);
"""
FROZEN = """
CREATE TABLE t (id int PRIMARY KEY);
INSERT INTO t VALUES (1);
CREATE FUNCTION no_ddl() RETURNS event_trigger LANGUAGE plpgsql AS
    $$ BEGIN RAISE EXCEPTION 'no DDL here, %', tg_tag; END $$;
CREATE EVENT TRIGGER frozen ON ddl_command_start EXECUTE PROCEDURE no_ddl();
"""
FIRING = """
CREATE TABLE t (id int PRIMARY KEY);
CREATE TABLE log (n bigserial PRIMARY KEY, what text);
CREATE FUNCTION note() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
    INSERT INTO public.log (what) VALUES (tg_name || tg_op); RETURN NULL;
    END $$;
CREATE TRIGGER plain AFTER INSERT OR UPDATE OR DELETE ON t FOR EACH ROW
    EXECUTE PROCEDURE note();
CREATE TRIGGER always AFTER INSERT OR UPDATE OR DELETE ON t FOR EACH ROW
    EXECUTE PROCEDURE note();
CREATE TRIGGER replica AFTER INSERT OR UPDATE OR DELETE ON t FOR EACH ROW
    EXECUTE PROCEDURE note();
CREATE TRIGGER off AFTER INSERT ON t FOR EACH ROW EXECUTE PROCEDURE note();
ALTER TABLE t ENABLE ALWAYS TRIGGER always, ENABLE REPLICA TRIGGER replica,
    DISABLE TRIGGER off;
CREATE RULE plain AS ON INSERT TO t DO ALSO
    INSERT INTO log (what) VALUES ('rule');
CREATE TABLE late (id int PRIMARY KEY, up int REFERENCES late
    DEFERRABLE INITIALLY DEFERRED, u int UNIQUE DEFERRABLE INITIALLY DEFERRED);
INSERT INTO t VALUES (1), (2);
"""
NOT_CARRIED = """
CREATE TABLE t (id int PRIMARY KEY);
CREATE UNLOGGED TABLE unlogged (id serial PRIMARY KEY);
INSERT INTO unlogged DEFAULT VALUES;
INSERT INTO t VALUES (1);
"""
SETTINGS = """
CREATE TABLE t (id int PRIMARY KEY, d timestamptz, i interval, f float8,
    b bytea, m money, x xml, a text[]);
INSERT INTO t VALUES (1, '2020-03-04 05:06:07', '1 day -2 hours', 0.1,
    '\\x00ff5c', '1.50', '<a/>', '{NULL,"NULL"}');
"""
# of the database, of the role in it, and of the role everywhere
EVIL = """
ALTER DATABASE settings SET datestyle = 'SQL, DMY';
ALTER DATABASE settings SET intervalstyle = 'sql_standard';
ALTER DATABASE settings SET bytea_output = 'escape';
ALTER DATABASE settings SET extra_float_digits = -5;
ALTER DATABASE settings SET timezone = 'Asia/Tokyo';
ALTER DATABASE settings SET search_path = nowhere;
ALTER DATABASE settings SET row_security = off;
ALTER DATABASE settings SET xmloption = document;
ALTER DATABASE settings SET array_nulls = off;
ALTER ROLE postgres IN DATABASE settings SET statement_timeout = '200ms';
ALTER ROLE postgres IN DATABASE settings SET lock_timeout = '5ms';
ALTER ROLE postgres IN DATABASE settings
    SET idle_in_transaction_session_timeout = '200ms';
ALTER ROLE postgres SET search_path = nowhere;
ALTER ROLE postgres SET default_transaction_isolation = 'serializable';
ALTER ROLE postgres SET default_transaction_deferrable = on;
ALTER ROLE postgres SET quote_all_identifiers = on;
ALTER ROLE postgres SET client_min_messages = debug1;
ALTER ROLE postgres SET synchronous_commit = off;
ALTER DATABASE settings SET default_transaction_read_only = on;
"""
SCHEMAS = {
    "audit": AUDIT, "frozen": FROZEN, "firing": FIRING,
    "not_carried": NOT_CARRIED, "settings": SETTINGS,
    "acl_open": "GRANT CREATE ON SCHEMA public TO PUBLIC;"
                "GRANT USAGE ON SCHEMA public TO app WITH GRANT OPTION",
    "acl_closed": "REVOKE ALL ON SCHEMA public FROM PUBLIC;"
                  "ALTER SCHEMA public OWNER TO app;"
                  "CREATE TABLE t (id int PRIMARY KEY)",
    "acl_gone": "DROP SCHEMA public; CREATE SCHEMA s;"
                "CREATE TABLE s.t (id int PRIMARY KEY)",
}
WELL = "SET default_transaction_read_only = off; SET search_path = public;" \
    "SET statement_timeout = 0; SET lock_timeout = 0;"
CHANGES = {
    "audit": "INSERT INTO t VALUES (2); CREATE INDEX extra ON t (id);"
             "DROP INDEX extra; INSERT INTO t VALUES (3)",
    "frozen": "INSERT INTO t VALUES (2)",
    "firing": """INSERT INTO t VALUES (3); UPDATE t SET id = 20 WHERE id = 2;
        DELETE FROM t WHERE id = 1;
        BEGIN; INSERT INTO late VALUES (1, 2, 5), (2, 1, 6); COMMIT;
        UPDATE late SET u = u + 10 WHERE id = 1;""",
    "not_carried": "INSERT INTO t VALUES (2); INSERT INTO unlogged DEFAULT "
                   "VALUES",
    "settings": "INSERT INTO t SELECT 2, d, i, f, b, m, x, a "
                "FROM t; UPDATE t SET d = d WHERE id = 1",
    "acl_closed": "INSERT INTO t VALUES (1)",
    "acl_gone": "INSERT INTO s.t VALUES (1)",
}


@pytest.fixture(scope="module", params=[("pglogical", 13, 17),
                                        ("native", 15, 18)],
                ids=lambda p: p[0])
def made(request, clusters):
    """All through one upgrade."""
    mechanism, old, new = request.param
    enough = {"max_replication_slots": 20, "max_worker_processes": 40,
              "max_logical_replication_workers": 20, "max_wal_senders": 20}
    pair = clusters.pair(old, new, source_settings=enough,
                         destination_settings=enough | (
                             {"max_active_replication_origins": 20}
                             if new >= 18 else {}))
    pair.pgrepup("config", "set", f"mechanism={mechanism}")
    source = pair.source
    source.psql("CREATE ROLE app LOGIN PASSWORD 'app'; CREATE ROLE nobody")
    for db, schema in SCHEMAS.items():
        source.psql(f"CREATE DATABASE {db}")
        source.psql(schema, db)
    for server in (source, pair.destination):
        server.psql("".join(line for line in EVIL.splitlines(True)
                            if server is source or "DATABASE" not in line))
    try:
        upgrade(pair)
        yield pair
    finally:
        pair.destroy()


def upgrade(pair):
    source, pgrepup = pair.source, pair.pgrepup
    pgrepup("fix", "--yes")
    temporary = source.connect("not_carried")
    temporary.execute("CREATE TEMP TABLE t (id int); CREATE TEMP SEQUENCE s;"
                      "CREATE TEMP TABLE keyless (id int);"
                      "INSERT INTO keyless VALUES (1)")
    pgrepup("setup")
    pgrepup("start")
    temporary.execute("UPDATE keyless SET id = 2; DELETE FROM keyless")
    temporary.close()
    for db, changes in CHANGES.items():
        source.psql(WELL + changes, db)
    pgrepup("stop", "--yes")


@pytest.mark.parametrize("db", ["audit", "frozen", "firing", "settings",
                                "acl_closed", "acl_gone"])
def test_rows_are_the_same(made, db):
    assert_same_rows(made.source, made.destination, [db])
    assert sequences(made.source, db) == sequences(made.destination, db)


TRIGGERS = """
SELECT tgname::text, tgenabled::text FROM pg_trigger WHERE NOT tgisinternal
UNION ALL SELECT rulename::text, ev_enabled::text FROM pg_rewrite
WHERE rulename <> '_RETURN'
UNION ALL SELECT evtname::text, evtenabled::text FROM pg_event_trigger
WHERE evtname !~ 'pglogical' ORDER BY 1, 2
"""


@pytest.mark.parametrize("db", ["audit", "frozen", "firing"])
def test_triggers_are_as_they_were(made, db):
    ours, theirs = (server.query(TRIGGERS, db=db)
                    for server in (made.source, made.destination))
    assert ours == theirs != []


def test_event_triggers_that_fire_always_are_named(made):
    found = made.pgrepup.json("check", "source", check=False)["checks"]
    said = [(c["database"], c["object"], c["status"]) for c in found
            if c["id"] == "event_triggers"]
    # 17 and later can be told to fire none
    assert said == ([] if made.source.version >= 17 else
                    [("audit", "audit_drop", "warn")])


ACL = """
SELECT nspname::text, pg_get_userbyid(nspowner)::text,
       a.grantee::regrole::text,
       a.privilege_type, a.is_grantable
  FROM pg_namespace, aclexplode(coalesce(nspacl, acldefault('n', nspowner))) a
 WHERE nspname !~ '^(pg_|information_schema|pgrepup|pglogical)'
 ORDER BY 1, 2, 3, 4, 5
"""


@pytest.mark.parametrize("db", ["audit", "acl_open", "acl_closed",
                                "acl_gone"])
def test_rights_on_schema_public_are_those_of_the_source(made, db):
    """New databases of 15 and later let not everybody create in it."""
    ours, theirs = (server.query(ACL, db=db)
                    for server in (made.source, made.destination))
    assert ours == theirs
    may = "SELECT has_schema_privilege('nobody', 'public', 'CREATE')"
    if db != "acl_gone":
        assert made.source.value(may, db=db) == made.destination.value(
            may, db=db) == (db == "acl_open" or db == "audit"
                            and made.source.version < 15)


def test_what_is_not_carried_is_named_and_temporary_is_nobodys(made):
    rows = {server: server.query("SELECT count(*) FROM public.t UNION ALL "
                                 "SELECT count(*) FROM public.unlogged",
                                 db="not_carried")
            for server in (made.source, made.destination)}
    assert rows[made.source] == [(2,), (2,)]
    assert rows[made.destination] == [(2,), (0,)]
    # its sequence goes on where it was
    assert made.destination.query(
        "INSERT INTO public.unlogged DEFAULT VALUES RETURNING id",
        db="not_carried") == [(3,)]
    found = made.pgrepup.json("check", "source", "--only", "not_carried",
                              check=False)["checks"]
    assert [c["object"] for c in found if c["status"] != "ok"
            and c["database"]] == ["public.unlogged"]


def test_settings_are_those_of_the_source(made):
    """But of a role that was there before: those are its own."""
    sql = """SELECT unnest(setconfig) FROM pg_db_role_setting
        WHERE setrole = 0 AND setdatabase = (SELECT oid FROM pg_database
            WHERE datname = 'settings') ORDER BY 1"""
    assert (made.source.query(sql) == made.destination.query(sql) != [])
