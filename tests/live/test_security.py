# SPDX-License-Identifier: PostgreSQL
"""A tenant, who owns one database and is no superuser, lays traps in it for
the superuser's session that will walk through. None may become superuser."""
import pytest

PAIRS = [("native", 10, 15), ("pglogical", 15, 18)]

# does what it can with the rights of whoever calls it, and says nothing
GRAB = """
CREATE SCHEMA evil;
CREATE FUNCTION evil.grab() RETURNS boolean LANGUAGE plpgsql AS $$
BEGIN
    EXECUTE 'SET ROLE NONE';
    EXECUTE 'ALTER ROLE tenant SUPERUSER';
    RETURN true;
EXCEPTION WHEN OTHERS THEN
    RETURN false;
END $$;
"""
# operators that an unqualified word finds first, for each pair of types that
# a comparison of ours could have
TYPES = ["text", "name", "oid", '"char"', "boolean", "bigint", "integer",
         "text[]", "regclass", "anyelement"]


def operators():
    for number, type in enumerate(TYPES):
        for sign, word in (("=", "eq"), ("<>", "ne"), ("<", "lt"),
                           ("~~", "like"), ("||", "cat"), ("+", "plus"),
                           ("->>", "get")):
            function = f"evil.{word}{number}"
            result = "text" if sign in ("||", "->>") else "boolean"
            value = "''::text" if result == "text" else "true"
            if "any" in type and sign != "=":
                continue
            yield (f"CREATE FUNCTION {function}({type}, {type}) RETURNS "
                   f"{result} LANGUAGE plpgsql AS $$BEGIN PERFORM evil.grab();"
                   f" RETURN {value}; END$$;"
                   f"CREATE OPERATOR evil.{sign} (LEFTARG = {type}, "
                   f"RIGHTARG = {type}, PROCEDURE = {function});")


# and functions that hide those of the system
FUNCTIONS = """
CREATE FUNCTION evil.lower(text) RETURNS text LANGUAGE plpgsql AS
    $$BEGIN PERFORM evil.grab(); RETURN pg_catalog.lower($1); END$$;
CREATE FUNCTION evil.format(text, text) RETURNS text LANGUAGE plpgsql AS
    $$BEGIN PERFORM evil.grab(); RETURN pg_catalog.format($1, $2); END$$;
CREATE FUNCTION evil.set_config(text, text, boolean) RETURNS text
    LANGUAGE plpgsql AS
    $$BEGIN PERFORM evil.grab(); RETURN $2; END$$;
"""


def as_tenant(server, sql, db="app"):
    with server.connect(db, user="tenant", password="m") as conn:
        conn.execute(sql)


def is_superuser(server):
    return server.value("SELECT coalesce(bool_or(rolsuper), false) "
                        "FROM pg_roles WHERE rolname = 'tenant'")


def make_tenant(server):
    server.psql("CREATE ROLE tenant LOGIN PASSWORD 'm';"
                "CREATE DATABASE app OWNER tenant TEMPLATE template0")
    server.psql("ALTER SCHEMA public OWNER TO tenant;"
                "CREATE TABLE t (id int PRIMARY KEY, n int);"
                "ALTER TABLE t OWNER TO tenant;"
                "INSERT INTO t SELECT g, g FROM generate_series(1, 50) g",
                "app")


def journey(p, *, until_stop=True):
    """All that an operator does; whoever is tenant stays what he was after
    each of it."""
    steps = [("check",), ("fix", "--yes"), ("check",), ("setup",),
             ("status",), ("start",), ("status", "app"), ("check",)]
    if until_stop:
        steps += [("stop", "--yes"), ("uninstall", "--yes")]
    for words in steps:
        done = p.pgrepup(*words, check=False)
        assert not is_superuser(p.source), f"source, {words}"
        assert not is_superuser(p.destination), f"destination, {words}"
        assert done.rc == 0 or words[0] == "status", done


@pytest.mark.parametrize("mechanism, old, new", PAIRS)
def test_operators_of_a_tenant_are_not_called(pair, mechanism, old, new):
    """By the search_path that the database itself carries: pinned before the
    first statement that could have asked for one, on both sides."""
    p = pair(old, new)
    p.pgrepup("config", "set", f"mechanism={mechanism}")
    make_tenant(p.source)
    as_tenant(p.source, GRAB + FUNCTIONS + "".join(operators()))
    as_tenant(p.source, "ALTER DATABASE app SET search_path = evil, pg_catalog")
    # the trap works, for whoever walks into it
    with p.source.connect("app") as conn:
        conn.execute("BEGIN")
        conn.execute("SELECT 'a'::text = 'b'::text")
        assert conn.execute("SELECT rolsuper FROM pg_catalog.pg_roles r WHERE "
                            "r.rolname OPERATOR(pg_catalog.=) 'tenant'"
                            ).fetchone()[0]
        conn.execute("ROLLBACK")
    journey(p)


@pytest.mark.parametrize("mechanism, old, new", PAIRS[:1])
def test_a_role_that_the_database_sets_is_not_taken(pair, mechanism, old, new):
    """Nobody acts as the tenant in his database: what is made there belongs
    to who connects, and the whole journey goes on."""
    p = pair(old, new)
    p.pgrepup("config", "set", f"mechanism={mechanism}")
    make_tenant(p.source)
    as_tenant(p.source, "ALTER DATABASE app SET role = tenant")
    p.pgrepup("fix", "--yes")
    p.pgrepup("setup")
    for server in (p.source, p.destination):
        assert server.value(
            "SELECT pg_get_userbyid(nspowner) FROM pg_namespace WHERE nspname "
            "= 'pgrepup'", db="app", options="-c role=none") == "postgres"
    journey(p)
