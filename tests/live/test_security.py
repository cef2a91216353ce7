# SPDX-License-Identifier: PostgreSQL
"""A tenant, who owns one database and is no superuser, lays traps in it for
the superuser's session that will walk through. None may become superuser."""
import contextlib
import threading

import pytest
from harness import second, sequences

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
# operators that an unqualified word finds first; they give what those of the
# system give, so that nothing fails
TYPES = {"text": "= <> < ~~ ||", "name": "= <> < ~~", "oid": "= <> <",
         '"char"': "= <> <", "boolean": "= <> <", "bigint": "= <> < +",
         "integer": "= <> < +", "text[]": "= <>"}


def operators():
    for number, (type, signs) in enumerate(TYPES.items()):
        for at, sign in enumerate(signs.split()):
            result = type if sign in ("||", "+") else "boolean"
            yield (f"CREATE FUNCTION evil.o{number}_{at}({type}, {type}) "
                   f"RETURNS {result} LANGUAGE plpgsql AS $$BEGIN "
                   f"PERFORM evil.grab(); RETURN $1 OPERATOR(pg_catalog.{sign}"
                   f") $2; END$$; CREATE OPERATOR evil.{sign} (LEFTARG = "
                   f"{type}, RIGHTARG = {type}, "
                   f"PROCEDURE = evil.o{number}_{at});")


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


# --- what has a name now may be something else in a moment

SWAP = """
ALTER SEQUENCE zz RENAME TO zz_old;
CREATE VIEW zz AS SELECT 1::bigint AS last_value,
    evil.grab() OR true AS is_called;
"""
BACK = "DROP VIEW zz; ALTER SEQUENCE zz_old RENAME TO zz;"
# a schema that changes its name takes its relations along, locked or not
SWAP_SCHEMA = """
ALTER SCHEMA own RENAME TO own_old;
CREATE SCHEMA own;
CREATE VIEW own.zz AS SELECT 1::bigint AS last_value,
    evil.grab() OR true AS is_called;
"""
BACK_SCHEMA = "DROP SCHEMA own CASCADE; ALTER SCHEMA own_old RENAME TO own;"


@contextlib.contextmanager
def swapping(server):
    """The tenant does it again and again, each in a transaction."""
    ended = threading.Event()

    def swap():
        with server.connect("app", user="tenant", password="m") as conn:
            while not ended.is_set():
                for sql in (SWAP, BACK, SWAP_SCHEMA, BACK_SCHEMA):
                    conn.execute("BEGIN;" + sql + "COMMIT")
                    ended.wait(0.02)

    thread = threading.Thread(target=swap)
    thread.start()
    try:
        yield
    finally:
        ended.set()
        thread.join()


@pytest.mark.parametrize("mechanism, old, new", [("native", 10, 15),
                                                 second("native", 15, 18)])
def test_a_view_in_the_place_of_a_sequence_is_not_read(pair, mechanism, old,
                                                       new):
    p = pair(old, new)
    p.pgrepup("config", "set", f"mechanism={mechanism}")
    make_tenant(p.source)
    as_tenant(p.source, GRAB + "CREATE SEQUENCE zz; CREATE SCHEMA own;"
              "CREATE SEQUENCE own.zz; SELECT nextval('own.zz')")
    p.pgrepup("fix", "--yes")
    p.pgrepup("setup")
    p.pgrepup("start")
    with swapping(p.source):
        for _ in range(4):
            p.pgrepup("stop", "--yes", check=False)
            assert not is_superuser(p.source)
    p.destination.psql("SET ROLE tenant;" + SWAP, "app")
    refused = p.pgrepup("stop", "--yes", check=False)
    assert not is_superuser(p.destination)
    assert refused.rc != 0 and "zz" in refused.output, refused
    p.destination.psql("SET ROLE tenant;" + BACK, "app")
    p.pgrepup("stop", "--yes")


def test_sequences_are_exact_however_many_there_are(pair):
    """Read some hundreds at a time: used, unused, unused but moved, odd
    names, and one that counts downwards."""
    p = pair(10, 17)
    p.pgrepup("config", "set", "mechanism=native")
    p.source.psql("CREATE DATABASE app")
    p.source.psql("""DO $$ BEGIN FOR i IN 1..430 LOOP
        EXECUTE format('CREATE SEQUENCE %I', 'S "' || i || '%s\\');
        END LOOP; END $$;
        CREATE SEQUENCE down INCREMENT -1""", "app")
    p.pgrepup("fix", "--yes")
    p.pgrepup("setup")
    p.pgrepup("start")
    p.source.psql("""DO $$ BEGIN FOR i IN 1..430 LOOP
        PERFORM setval(format('%I', 'S "' || i || '%s\\')::regclass, i * 3,
                       i % 3 = 0) WHERE i % 2 = 0;
        END LOOP; END $$; SELECT nextval('down')""", "app")
    p.pgrepup("stop", "--yes")
    assert sequences(p.destination, "app") == sequences(p.source, "app")
    assert len(sequences(p.source, "app")) == 431
