# SPDX-License-Identifier: PostgreSQL
"""Rights that an upgrade itself could give away: by the functions of pglogical,
by roles that are stronger on the destination, by the replication role."""
import json
import os
import signal

import psycopg
import pytest
from harness import second, wait_for
from test_security import as_tenant, is_superuser, make_tenant
from test_sql import ask

DDL = """SELECT pglogical.replicate_ddl_command($q$ DO $d$ BEGIN
    EXECUTE 'SET ROLE NONE'; EXECUTE 'ALTER ROLE tenant SUPERUSER';
END $d$ $q$, '{pgrepup}')"""
CALLS = [DDL, "SELECT pglogical.drop_node('pgrepup_source', true)",
         "SELECT pglogical.replication_set_remove_table('pgrepup', 'pg_class')",
         "SELECT pglogical.create_subscription('x', 'host=127.0.0.1')",
         "SELECT * FROM pglogical.node_interface",
         "INSERT INTO pglogical.queue VALUES (now(), 'x', '{pgrepup}', 'Q', "
         "'\"x\"')"]


def test_pglogical_is_no_door(pair):
    """To nobody, also where somebody else has made the extension; who has a
    table can TRUNCATE it, and it travels."""
    p = pair(13, 17)
    p.pgrepup("config", "set", "mechanism=pglogical")
    make_tenant(p.source)
    p.source.psql("ALTER ROLE tenant PASSWORD 'm'; CREATE DATABASE made")
    p.pgrepup("fix", "--yes")
    p.source.psql("CREATE EXTENSION pglogical; CREATE TABLE mine ("
                  "id int PRIMARY KEY); ALTER TABLE mine OWNER TO tenant;"
                  "CREATE ROLE named; GRANT EXECUTE ON FUNCTION "
                  "pglogical.drop_node(name, boolean) TO named", "made")
    before = functions(p.source, "made")
    assert "drop_node" in findings(p, "pglogical")["named"]["current"]
    for words in (("setup",), ("start",)):
        p.pgrepup(*words)
    for db in ("app", "made"):
        for call in CALLS:
            with pytest.raises(psycopg.errors.InsufficientPrivilege):
                as_tenant(p.source, call, db)
    assert not is_superuser(p.destination)
    as_tenant(p.source, "TRUNCATE t; INSERT INTO t VALUES (7, 7)")
    p.pgrepup("stop", "--yes")
    assert p.destination.value("SELECT string_agg(id::text, ',') FROM t",
                               db="app") == "7"
    assert not is_superuser(p.destination)
    p.pgrepup("uninstall", "--yes")
    assert functions(p.source, "made") == before


def functions(server, db):
    """Who may call what, whichever way it is written."""
    return server.value(
        "SELECT string_agg(p.oid::regprocedure || coalesce((SELECT string_agg("
        "a.grantee::text, ',' ORDER BY a.grantee) FROM aclexplode(coalesce(p.proacl, "
        "acldefault('f', p.proowner))) a), ''), ';' ORDER BY p.oid) FROM "
        "pg_proc p "
        "WHERE pronamespace = 'pglogical'::regnamespace", db=db)


def findings(p, check):
    found = p.pgrepup("check", check, "--json", check=False)
    return {r["object"]: r for r in json.loads(found.stdout).get("checks", [])
            if r["status"] != "ok" and r["object"]}


@pytest.mark.parametrize("old, new", [(10, 15), second(15, 18)])
def test_a_stronger_namesake_gives_nobody_its_strength(pair, old, new):
    p = pair(old, new)
    p.pgrepup("config", "set", "mechanism=native")
    make_tenant(p.source)
    p.source.psql("CREATE ROLE barman; GRANT barman TO tenant;"
                  "CREATE ROLE watch; CREATE ROLE chain; CREATE ROLE alone;"
                  "CREATE ROLE same CREATEROLE; GRANT same TO tenant")
    p.source.psql("CREATE FUNCTION f() RETURNS int LANGUAGE sql SECURITY "
                  "DEFINER AS 'SELECT 1'; ALTER FUNCTION f() OWNER TO watch;"
                  "CREATE TABLE c (id int PRIMARY KEY);"
                  "ALTER TABLE c OWNER TO chain", "app")
    p.destination.psql(
        "CREATE ROLE barman SUPERUSER; CREATE ROLE watch; CREATE ROLE chain;"
        "GRANT pg_read_all_stats TO watch; GRANT barman TO chain;"
        "CREATE ROLE alone SUPERUSER; CREATE ROLE same CREATEROLE;"
        "CREATE ROLE rd; GRANT EXECUTE ON FUNCTION pg_ls_dir(text) TO rd;"
        "CREATE ROLE boss")
    p.destination.psql("CREATE DATABASE onlyhere OWNER boss")
    p.source.psql("CREATE ROLE rd; CREATE ROLE boss; GRANT rd, boss TO tenant")
    p.pgrepup("fix", "--yes", check=False)
    found = findings(p, "namesakes")
    assert set(found) == {"barman", "watch", "chain", "rd", "boss"}, found
    assert "EXECUTE on pg_ls_dir(text) here" in found["rd"]["current"]
    assert "owner of database onlyhere here" in found["boss"]["current"]
    assert "SUPERUSER here" in found["barman"]["current"]
    assert "granted to tenant" in found["barman"]["current"]
    assert "member of pg_read_all_stats" in found["watch"]["current"]
    assert "1 object belongs" in found["chain"]["current"]
    refused = p.pgrepup("setup", check=False)
    assert refused.rc == 1 and "in the way" in refused.output, refused
    assert p.destination.value("SELECT count(*) FROM pg_roles "
                               "WHERE rolname = 'tenant'") == 0
    # only after a person has said so
    for finding in found.values():
        p.pgrepup("ignore", finding["target"], "--reason=known")
    assert not any(r["status"] == "ko"
                   for r in findings(p, "namesakes").values())


# of what was there when a database was made some is taken, also before setup
GIVEN = """GRANT SELECT ON t TO bob;
GRANT EXECUTE ON FUNCTION pg_catalog.pg_ls_dir(text) TO bob;
GRANT SELECT ON pg_catalog.pg_authid TO bob;
REVOKE EXECUTE ON FUNCTION pg_catalog.pg_sleep(double precision) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION pg_catalog.pg_sleep(double precision) TO bob"""
TAKEN = """REVOKE SELECT ON t FROM bob;
REVOKE EXECUTE ON FUNCTION pg_catalog.pg_ls_dir(text) FROM bob;
REVOKE SELECT ON pg_catalog.pg_authid FROM bob;
REVOKE EXECUTE ON FUNCTION pg_catalog.pg_sleep_for(interval) FROM PUBLIC;
REVOKE SELECT ON pg_catalog.pg_stat_activity FROM PUBLIC;
REVOKE USAGE ON LANGUAGE plpgsql FROM PUBLIC"""
LESS = ["SELECT on relation public.t to bob",
        "EXECUTE on function pg_ls_dir(text) to bob",
        "SELECT on relation pg_authid to bob",
        "EXECUTE on function pg_sleep_for(interval) to PUBLIC",
        "SELECT on relation pg_stat_activity to PUBLIC",
        "USAGE on language plpgsql to PUBLIC"]


KEPT = [("", "log_duration=off"), ("bob", "work_mem=9MB"),
        ("ops", "work_mem=7MB")]


def settings(server):
    """Of roles and databases, but those that last as long as a subscription."""
    return server.query(
        "SELECT coalesce(rolname, ''), item FROM pg_db_role_setting "
        "LEFT JOIN pg_roles r ON r.oid = setrole, unnest(setconfig) AS item "
        "WHERE item !~ '^(array_nulls|lc_monetary|xmloption|log_error_verbosity"
        "|log_min_messages)=' ORDER BY 1, 2")


@pytest.mark.parametrize("mechanism, old, new", [("native", 15, 18),
                                                 ("pglogical", 13, 17)])
def test_nobody_takes_the_replication_role(pair, mechanism, old, new):
    """Who may is named; who did is an end of start and stop; nobody can once
    all is handed over. What is taken from a role meanwhile it does not get
    back on the destination."""
    p = pair(old, new)
    p.pgrepup("config", "set", f"mechanism={mechanism}")
    make_tenant(p.source)
    # a role of that name was there before: what the source's sets is not its
    p.destination.psql("CREATE ROLE ops SUPERUSER")
    p.source.psql("CREATE ROLE ops; ALTER ROLE ops SET search_path = 'evil';"
                  "ALTER ROLE ops IN DATABASE app SET search_path = 'evil'")
    p.source.psql("ALTER ROLE tenant CREATEROLE; CREATE ROLE grp; CREATE ROLE "
                  "bob LOGIN PASSWORD 'a'; GRANT grp TO bob; CREATE ROLE gone;"
                  "ALTER ROLE bob SET work_mem = '9MB'; ALTER ROLE bob SET "
                  "search_path = evil, pg_catalog; ALTER ROLE bob IN DATABASE "
                  "app SET work_mem = '8MB'; "
                  "ALTER DATABASE app SET work_mem = '8MB'")
    p.pgrepup("fix", "--yes")
    found = findings(p, "replication_takers")
    assert found["tenant"]["current"] == "CREATEROLE"
    assert found["tenant"]["status"] == "warn"
    p.source.psql(GIVEN, "app")
    p.pgrepup("setup")
    # of the destination's own nothing is taken
    p.destination.psql("ALTER ROLE ops SET work_mem = '7MB';"
                       "ALTER ROLE ALL SET log_duration = off")
    for server in (p.source, p.destination):
        [(most, ends)] = server.query(
            "SELECT rolconnlimit, rolvaliduntil BETWEEN now() + '364 days' "
            "AND now() + '367 days' FROM pg_roles "
            "WHERE rolname = 'pgrepup_replication'")
        assert (10 < most < 50, ends) == (True, True)
    p.source.psql("SET ROLE tenant; GRANT pgrepup_replication TO tenant")
    refused = p.pgrepup("start", check=False)
    assert refused.rc == 1, refused
    assert 'role "tenant" is a member of the replication' in refused.output
    assert findings(p, "replication_members")["tenant"]["hint"] == (
        'REVOKE "pgrepup_replication" FROM "tenant"')
    p.source.psql("REVOKE pgrepup_replication FROM tenant")
    p.pgrepup("start")
    p.source.psql("GRANT pgrepup_replication TO tenant")
    refused = p.pgrepup("stop", "--yes", check=False)
    assert refused.rc == 1, refused
    assert 'role "tenant" is a member of the replication' in refused.output
    p.source.psql("REVOKE pgrepup_replication FROM tenant;"
                  "ALTER ROLE tenant PASSWORD 'new'; ALTER ROLE bob NOLOGIN; REVOKE grp FROM bob; DROP ROLE gone;"
                  "ALTER ROLE bob RESET search_path; ALTER ROLE bob IN DATABASE"
                  " app RESET work_mem; ALTER DATABASE app RESET work_mem")
    refused = p.pgrepup("stop", "--yes", check=False)
    assert refused.rc == 1, refused
    assert "not the same on both sides: 4 roles" in refused.output, refused
    assert "setting search_path on the destination only" in refused.output
    assert "work_mem" not in refused.output, refused
    assert "member of grp on the destination only" in refused.output
    # what the operator gives there of a role of there is his affair
    p.destination.psql("CREATE ROLE watch; GRANT watch TO bob")
    p.pgrepup("setup")
    assert p.destination.value("SELECT pg_has_role('bob', 'watch', 'MEMBER')")
    bob = ("SELECT rolcanlogin OR pg_has_role('bob', 'grp', 'MEMBER') "
           "FROM pg_roles WHERE rolname = 'bob'")
    assert p.destination.value(bob) is False
    assert settings(p.destination) == KEPT
    assert "dropped on the source" in p.pgrepup("stop", "--yes",
                                                check=1).output
    p.destination.psql("DROP ROLE gone")
    # what was granted when setup was run, and is no more
    p.source.psql(TAKEN, "app")
    refused = p.pgrepup("stop", "--yes", check=1).output
    for what in LESS:
        assert f"{what}\n" in refused, (what, refused)
    assert f"does not give any more: {len(LESS)}\n" in refused, refused
    p.destination.psql(TAKEN, "app")
    # nobody connects to it before the switch: it must not be forgotten
    p.source.psql("ALTER DATABASE app ALLOW_CONNECTIONS false")
    refused = p.pgrepup("stop", "--yes", check=1).output
    assert '"app" of the destination would be forgotten' in refused, refused
    p.source.psql("ALTER DATABASE app ALLOW_CONNECTIONS true")
    # anybody may take a lock
    with p.source.connect("template1", user="tenant", password="new") as conn:
        conn.execute("SELECT pg_advisory_lock(7366514, 1702192496)")
        p.pgrepup("stop", "--yes")
    assert settings(p.destination) == KEPT
    same = "SELECT rolpassword FROM pg_authid WHERE rolname = 'tenant'"
    assert p.destination.value(same) == p.source.value(same)
    # and from now on roles are the destination's own
    p.destination.psql("ALTER ROLE tenant NOLOGIN; GRANT grp TO bob")
    p.pgrepup("setup")
    assert p.destination.value("SELECT rolcanlogin FROM pg_roles WHERE "
                               "rolname = 'tenant'") is False
    assert p.destination.value("SELECT pg_has_role('bob', 'grp', 'MEMBER')")
    p.pgrepup("stop", "--yes")
    for server in (p.source, p.destination):
        assert server.value(
            "SELECT rolcanlogin OR rolreplication OR rolpassword IS NOT NULL "
            "FROM pg_authid WHERE rolname = 'pgrepup_replication'") is False
    assert p.pgrepup("check", "server_to_server", check=False).rc == 0
    p.pgrepup("stop", "--yes")
    p.pgrepup("uninstall", "--yes")


def test_names_of_the_servers_own_are_no_users(pair):
    """As 9.5 and older have them: with one, and without one."""
    p = pair(15, 18)
    p.pgrepup("config", "set", "mechanism=native")
    assert list(findings(p, "own_names")) == []
    assert list(findings(p, "namesakes")) == []
    assert list(findings(p, "replication_takers")) == []
    assert list(findings(p, "replication_members")) == []
    p.source.psql("CREATE ROLE plain; CREATE ROLE tenant; GRANT plain TO tenant;"
                  "SET allow_system_table_mods = on; UPDATE pg_authid SET "
                  "rolname = 'pg_execute_server_program_' "
                  "WHERE rolname = 'plain'")
    found = findings(p, "own_names")
    assert found["pg_execute_server_program_"]["status"] == "ko"
    p.pgrepup("fix", "--yes", check=False)
    assert p.pgrepup("setup", check=False).rc == 1


CODE = """
CREATE FUNCTION f(text) RETURNS boolean IMMUTABLE LANGUAGE plpgsql AS
    $$BEGIN RETURN true; END$$;
CREATE FUNCTION g(text) RETURNS text IMMUTABLE LANGUAGE sql AS 'SELECT $1';
CREATE FUNCTION eq(text, text) RETURNS boolean IMMUTABLE LANGUAGE plpgsql AS
    $$BEGIN RETURN true; END$$;
CREATE TABLE sql (id int PRIMARY KEY, x text DEFAULT set_config('a.b', 'c', true),
                  CHECK (query_to_xml('SELECT 1', true, true, '') IS NOT NULL));
CREATE TABLE files (x text CHECK (pg_read_file(x) IS NOT NULL));
CREATE FUNCTION unused(text) RETURNS boolean LANGUAGE sql AS 'SELECT true';
CREATE OPERATOR === (LEFTARG = text, RIGHTARG = text, PROCEDURE = eq);
CREATE DOMAIN d AS text CHECK (f(value));
CREATE TABLE a (id int PRIMARY KEY, x d, CHECK (f(x)), CHECK (x === 'a'));
CREATE TABLE b (id int PRIMARY KEY, x text,
                y text GENERATED ALWAYS AS (g(x)) STORED);
CREATE INDEX ON b (g(x));
"""
# what a load and apply run: it leaves a trace of who it was, and takes what it
# can get; the CHECK of a whole row is one that a dump makes after the rows
APPLY = """
CREATE FUNCTION grab() RETURNS boolean LANGUAGE plpgsql AS $$BEGIN
    RAISE LOG 'ran as %', current_user;
    BEGIN SET SESSION AUTHORIZATION DEFAULT; EXCEPTION WHEN OTHERS THEN END;
    BEGIN SET ROLE NONE; EXCEPTION WHEN OTHERS THEN END;
    RAISE LOG 'ran by %', current_user;
    ALTER ROLE tenant SUPERUSER;
    RETURN true; EXCEPTION WHEN OTHERS THEN RETURN true; END$$;
CREATE FUNCTION who(int) RETURNS boolean LANGUAGE sql AS 'SELECT public.grab()';
CREATE TABLE w (id int PRIMARY KEY, CHECK (who(id)));
CREATE DOMAIN wd AS int CHECK (who(value));
CREATE TABLE wdomain (id int PRIMARY KEY, x wd);
CREATE FUNCTION wgen(int) RETURNS int IMMUTABLE LANGUAGE sql
    AS 'SELECT CASE WHEN public.grab() THEN 1 END';
CREATE TABLE wgen (id int PRIMARY KEY,
                   x int GENERATED ALWAYS AS (wgen(id)) STORED);
CREATE TABLE wrow (id int PRIMARY KEY);
CREATE FUNCTION whole(wrow) RETURNS boolean LANGUAGE sql AS 'SELECT public.grab()';
ALTER TABLE wrow ADD CHECK (whole(wrow));
INSERT INTO w SELECT generate_series(1, 20);
INSERT INTO wdomain VALUES (1, 1);
INSERT INTO wgen VALUES (1);
INSERT INTO wrow VALUES (1);
"""


def test_code_of_owners_is_named(pair):
    p = pair(13, 17)
    p.pgrepup("config", "set", "mechanism=pglogical")
    make_tenant(p.source)
    p.source.psql("GRANT CREATE ON SCHEMA public TO tenant", "app")
    assert list(findings(p, "owners_code")) == []
    as_tenant(p.source, CODE)
    found = findings(p, "owners_code")
    assert set(found) == {
        "public.f(text)", "public.g(text)", "public.eq(text, text)",
        "pg_catalog.pg_read_file(text)",
        "pg_catalog.query_to_xml(query text, nulls boolean, tableforest "
        "boolean, targetns text)"}
    assert found["public.f(text)"]["status"] == "warn"
    assert found["public.f(text)"]["current"].startswith(
        "of role tenant, called by 2 of tables, indexes, types and columns, "
        "as ")


def test_rows_are_loaded_and_applied_as_the_owner(pair):
    p = pair(15, 18)
    p.pgrepup("config", "set", "mechanism=native")
    make_tenant(p.source)
    p.source.psql("GRANT CREATE ON SCHEMA public TO tenant", "app")
    as_tenant(p.source, CODE + APPLY)
    assert findings(p, "owners_code") == {}
    p.pgrepup("fix", "--yes")
    p.pgrepup("setup")
    p.pgrepup("start")
    tables = ("w", "wdomain", "wgen", "wrow")
    for table in tables:
        as_tenant(p.source, f"INSERT INTO {table} VALUES (100)")
    p.pgrepup("stop", "--yes")
    log = p.destination.log
    assert "ran as tenant" in log and "ran by pgrepup_load_" in log
    assert "ran as postgres" not in log and "ran by postgres" not in log
    assert not is_superuser(p.destination)
    for table in tables:
        for server in (p.source, p.destination):
            server.psql(f"SET ROLE tenant; SELECT FROM {table}", "app")
        assert (p.source.value(f"SELECT count(*) FROM {table}", db="app") ==
                p.destination.value(f"SELECT count(*) FROM {table}",
                                    db="app"))
    left = "SELECT count(*) FROM pg_roles WHERE rolname LIKE 'pgrepup_load%'"
    assert p.destination.value(left) == 0


def test_a_load_role_that_is_kept_out_or_killed(pair):
    p = pair(15, 17)
    p.pgrepup("config", "set", "mechanism=native")
    make_tenant(p.source)
    p.source.psql("GRANT CREATE ON SCHEMA public TO tenant", "app")
    as_tenant(p.source, APPLY)
    p.pgrepup("fix", "--yes")
    p.pgrepup("setup")
    roles = ("SELECT string_agg(rolname, ',') FROM pg_roles "
             "WHERE rolname LIKE 'pgrepup_load%'")
    hba = p.destination.hba
    p.destination.hba = ("host all /^pgrepup_load_ 127.0.0.1/32 reject\n" +
                         hba)
    refused = p.pgrepup("start", check=False)
    said = " ".join(refused.output.split())
    assert refused.rc == 4, refused
    assert 'Tables of "tenant" run code' in said, refused
    assert "Let the roles /^pgrepup_load_ in" in said, refused
    assert p.destination.value(roles) is None
    p.destination.hba = hba
    limit = "SELECT datconnlimit FROM pg_database WHERE datname = 'app'"
    assert p.destination.value(limit) == 0
    # its TRUNCATE waits, and the runner dies
    with p.destination.connect("app", autocommit=False) as conn:
        conn.execute("LOCK TABLE w IN ACCESS SHARE MODE")
        child = p.pgrepup.spawn("start", "--yes")
        wait_for(lambda: p.destination.value(
            "SELECT count(*) FROM pg_stat_activity WHERE usename LIKE "
            "'pgrepup_load%' AND wait_event_type = 'Lock'"))
        wait_for(lambda: p.destination.value(limit) == 0)
        for pid in p.pgrepup.processes():
            os.kill(pid, signal.SIGKILL)
        child.wait()
    assert p.destination.value(roles) is not None
    p.pgrepup("start")
    assert p.destination.value(roles) is None
    p.pgrepup("stop", "--yes")
    for table in ("w", "wdomain", "wgen", "wrow"):
        count = f"SELECT count(*) FROM {table}"
        assert (p.source.value(count, db="app") ==
                p.destination.value(count, db="app"))
    assert not is_superuser(p.destination)


def test_code_that_a_restore_would_run_is_refused(pair):
    p = pair(15, 18)
    make_tenant(p.source)
    p.source.psql("GRANT CREATE ON SCHEMA public TO tenant", "app")
    as_tenant(p.source, CODE)
    assert list(findings(p, "owners_code_restored")) == []
    as_tenant(p.source, """
        CREATE FUNCTION k(int) RETURNS int IMMUTABLE LANGUAGE sql
            AS 'SELECT 1';
        CREATE TABLE p (id int) PARTITION BY LIST ((id + k(1)));
        CREATE TABLE p1 PARTITION OF p FOR VALUES IN (2);
        CREATE FUNCTION c(int) RETURNS boolean LANGUAGE sql AS 'SELECT true';
        CREATE DOMAIN dc AS int CHECK (c(value));
        CREATE FUNCTION s(dc, int) RETURNS dc LANGUAGE sql AS 'SELECT $1';
        CREATE AGGREGATE a(int) (SFUNC = s, STYPE = dc, INITCOND = '1')""")
    found = findings(p, "owners_code_restored")
    assert {name: one["status"] for name, one in found.items()} == {
        "public.k(integer)": "ko", "public.c(integer)": "ko"}
    assert "aggregate public.a(integer)" in found["public.c(integer)"]["current"]


def test_a_look_at_rows_runs_nothing_of_the_owner(pair):
    """To plan a SELECT works out constant parts of an index's expression."""
    p = pair(15, 18)
    make_tenant(p.source)
    make_tenant(p.destination)
    as_tenant(p.destination, """
        CREATE FUNCTION imm(int) RETURNS int IMMUTABLE LANGUAGE plpgsql
            AS $$BEGIN RAISE LOG 'looked as %', current_user; RETURN 1; END$$;
        CREATE INDEX ON t ((n + imm(1)))""")
    looked = p.pgrepup("check", check=False)
    assert "it has rows" in looked.output, looked
    log = p.destination.log
    assert "looked as tenant" in log and "looked as postgres" not in log


FORCE = ("ALTER TABLE t FORCE ROW LEVEL SECURITY; "
         "ALTER TABLE t ENABLE ROW LEVEL SECURITY")
# an owner need not have the right to call what his table calls
MAY_NOT_CALL = ("CREATE FUNCTION ok(int) RETURNS boolean LANGUAGE sql AS "
                "'SELECT true'; ALTER TABLE t ADD CHECK (ok(n)); REVOKE ALL "
                "ON FUNCTION ok(int) FROM PUBLIC, tenant")


@pytest.mark.parametrize("forced", [
    FORCE, "REVOKE INSERT ON t FROM tenant", MAY_NOT_CALL])
def test_who_cannot_apply_as_owner_is_told(pair, forced):
    p = pair(15, 18)
    p.pgrepup("config", "set", "mechanism=native")
    make_tenant(p.source)
    p.source.psql("GRANT CREATE ON SCHEMA public TO tenant", "app")
    as_tenant(p.source, forced)
    p.pgrepup("fix", "--yes")
    if forced == MAY_NOT_CALL:
        refused = p.pgrepup("setup", check=False)
        assert "public.ok(integer)" in refused.output, refused
        p.pgrepup("ignore", "owners_code:app", "--reason=read")
    p.pgrepup("setup")
    if forced == MAY_NOT_CALL:
        p.pgrepup("ignore", "--undo", "owners_code:app")
        refused = p.pgrepup("start", check=False)
        assert "would run with the rights of" in refused.output, refused
        assert "`pgrepup ignore owners_code@source:app --reason=WHY`" in (
            " ".join(refused.output.split()))
        p.pgrepup("ignore", "owners_code:app", "--reason=read")
    started = p.pgrepup("start")
    assert "not as the tables' owners: public.t" in started.output, started
    p.source.psql("INSERT INTO t VALUES (51, 51)", "app")
    p.pgrepup("stop", "--yes")
    assert p.destination.value("SELECT count(*) FROM t", db="app") == 51


def test_functions_taken_from_public_on_an_old_source_are_found(server):
    """9.4 and 9.5 cannot be had: their statement on 10, which has more."""
    old, new = server(10), server(18)
    for one in (old, new):
        one.psql("CREATE EXTENSION dblink; CREATE ROLE monitor")
    mine = [("pg_catalog", "pg_sleep", "double precision"),
            ("pg_catalog", "lo_import", "text"),
            ("pg_catalog", "pg_is_in_backup", ""),
            ("public", "dblink", "text")]
    with old.connect() as source, new.connect() as destination:
        before = ask(source, "revoked_functions")
        # by the extension itself
        assert ("public", "dblink_connect_u", "text", None) in before
        source.execute("".join(
            f"REVOKE EXECUTE ON FUNCTION {schema}.{name}({arguments}) FROM "
            "PUBLIC;" for schema, name, arguments in mine) +
            "GRANT EXECUTE ON FUNCTION pg_sleep(double precision) TO monitor "
            "WITH GRANT OPTION; GRANT EXECUTE ON FUNCTION version() TO monitor;"
            "CREATE FUNCTION own() RETURNS int LANGUAGE sql AS 'SELECT 1';"
            "REVOKE EXECUTE ON FUNCTION own() FROM PUBLIC")
        found = set(ask(source, "revoked_functions")) - set(before)
        assert found == {row + ("monitor" if row[1] == "pg_sleep" else None,)
                         for row in mine}
        assert ask(source, "function_grants", *mine[0]) == [
            ("monitor", "EXECUTE", "t")]
        destination.execute("GRANT EXECUTE ON FUNCTION dblink(text) TO "
                            "monitor")
        # what is open there, what the server itself has closed, what is gone,
        # and what belongs to an extension
        assert [ask(destination, "function_open", *row) for row in mine] == [
            [("FUNCTION pg_catalog.pg_sleep(double precision)", "t")],
            [("FUNCTION pg_catalog.lo_import(text)", "f")], [],
            [("FUNCTION public.dblink(text)", "t")]]
        assert ask(destination, "function_open", "public", "dblink_connect_u",
                   "text") == [("FUNCTION public.dblink_connect_u(text)",
                                "f")]
        destination.execute("REVOKE EXECUTE ON FUNCTION pg_sleep(double "
                            "precision) FROM PUBLIC")
        assert ask(destination, "function_open", *mine[0])[0][1] == "f"


# what an apply worker of pglogical runs besides, and nobody else names
HOOKS = """
CREATE FUNCTION ix(int) RETURNS int IMMUTABLE LANGUAGE plpgsql
    AS 'BEGIN RETURN $1; END';
CREATE FUNCTION pred(int) RETURNS boolean IMMUTABLE LANGUAGE plpgsql
    AS 'BEGIN RETURN true; END';
CREATE FUNCTION ex(int) RETURNS int4range IMMUTABLE LANGUAGE plpgsql
    AS 'BEGIN RETURN int4range($1, $1, $2); END';
CREATE FUNCTION diff(float8, float8) RETURNS float8 IMMUTABLE
    LANGUAGE plpgsql AS 'BEGIN RETURN $1 - $2; END';
CREATE FUNCTION def() RETURNS int LANGUAGE plpgsql AS 'BEGIN RETURN 1; END';
CREATE TYPE fr AS RANGE (subtype = float8, subtype_diff = diff);
CREATE TABLE h (a int PRIMARY KEY, r fr, d int DEFAULT def());
CREATE INDEX ON h (ix(a));
CREATE INDEX ON h (a) WHERE pred(a);
CREATE TABLE hx (a int PRIMARY KEY,
                 EXCLUDE USING gist (ex(a) WITH &&));
"""
# nothing in the catalogs says that a foreign key calls a cast
CAST = """
CREATE TYPE e AS ENUM ('1', '2');
CREATE TABLE pk (k int PRIMARY KEY);
CREATE FUNCTION cast_e(e) RETURNS int IMMUTABLE LANGUAGE plpgsql
    AS 'BEGIN RETURN $1::text::int; END';
CREATE CAST (e AS int) WITH FUNCTION cast_e(e) AS IMPLICIT;
CREATE TABLE fk (a int PRIMARY KEY, x e REFERENCES pk (k));
"""


def test_what_runs_where_no_catalog_says_so(pair):
    p = pair(13, 17)
    p.pgrepup("config", "set", "mechanism=pglogical")
    make_tenant(p.source)
    p.source.psql("GRANT CREATE ON SCHEMA public TO tenant", "app")
    as_tenant(p.source, HOOKS)
    assert set(findings(p, "owners_code")) == {
        "public.ix(integer)", "public.pred(integer)", "public.ex(integer)",
        "public.diff(double precision, double precision)", "public.def()"}
    assert list(findings(p, "owners_code_restored")) == []
    as_tenant(p.source, CAST)
    found = findings(p, "owners_code_restored")
    assert list(found) == ["public.cast_e(public.e)"]
    assert "foreign key fk_x_fkey of public.fk" in (
        found["public.cast_e(public.e)"]["current"])
    # what its owner adds to an extension is in no dump
    assert list(findings(p, "extension_members")) == []
    p.source.psql("CREATE EXTENSION hstore", "app")
    p.source.psql("ALTER EXTENSION hstore ADD TABLE t", "app")
    found = findings(p, "extension_members")
    assert found["public.t"]["status"] == "ko", found


@pytest.mark.parametrize("window", [
    "ALTER TABLE t DROP CONSTRAINT t_pkey; DELETE FROM t WHERE id < 5; "
    "ALTER TABLE t ADD PRIMARY KEY (id)"])
def test_deletes_without_a_key_are_told(pair, window):
    p = pair(13, 17)
    p.pgrepup("config", "set", "mechanism=pglogical")
    make_tenant(p.source)
    p.pgrepup("fix", "--yes")
    p.pgrepup("setup")
    p.pgrepup("start")
    p.source.psql("REINDEX TABLE CONCURRENTLY t", "app")
    p.pgrepup("stop", "--yes", "--dry-run")
    p.source.psql(window, "app")
    done = p.pgrepup("stop", "--yes", check=False)
    assert done.rc == 1, done
    assert "its key was dropped on the source and made again" in " ".join(
        done.output.split()), done


def test_roles_of_an_earlier_upgrade_are_followed(pair):
    p = pair(15, 18)
    p.pgrepup("config", "set", "mechanism=native")
    make_tenant(p.source)
    p.source.psql("CREATE ROLE nl LOGIN PASSWORD 'x'; CREATE ROLE grp;"
                  "GRANT grp TO tenant")
    p.pgrepup("fix", "--yes")
    p.pgrepup("setup")
    p.pgrepup("uninstall", "--yes")
    p.destination.psql("DROP DATABASE app")
    p.pgrepup("fix", "--yes")
    p.pgrepup("setup")
    p.pgrepup("start")
    p.source.psql("ALTER ROLE nl NOLOGIN; REVOKE grp FROM tenant")
    done = p.pgrepup("stop", "--yes", check=False)
    assert done.rc == 1, done
    assert "attributes were altered" in done.output, done
    p.pgrepup("setup")
    p.pgrepup("stop", "--yes")
    assert p.destination.value("SELECT rolcanlogin FROM pg_roles WHERE "
                               "rolname = 'nl'") is False
    assert p.destination.value("SELECT pg_has_role('tenant', 'grp', "
                               "'MEMBER')") is False
