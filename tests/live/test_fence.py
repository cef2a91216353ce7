# SPDX-License-Identifier: PostgreSQL
"""Until a database is handed over nobody but superusers and pgrepup gets in on
the destination: neither to read what the source hides nor to write."""
import contextlib
import threading

import psycopg
import pytest

PAIRS = [("native", 15, 18), ("pglogical", 13, 17)]

FACTS = """
SELECT pg_get_userbyid(d.datdba), d.datconnlimit,
       shobj_description(d.oid, 'pg_database'),
       (SELECT string_agg(a.grantee::regrole::text || a.privilege_type, ','
                          ORDER BY a.grantee::regrole::text, a.privilege_type)
          FROM aclexplode(coalesce(d.datacl, acldefault('d', d.datdba))) a),
       (SELECT string_agg(s.setrole::regrole::text || s.setconfig::text, ','
                          ORDER BY s.setrole::regrole::text)
          FROM pg_db_role_setting s WHERE s.setdatabase = d.oid)
  FROM pg_database d WHERE d.datname = 'app'
"""


def make(source):
    """The tenant's database sets a role, which no worker can take."""
    source.psql("SET password_encryption = 'scram-sha-256';"
                "CREATE ROLE tenant LOGIN PASSWORD 'm';"
                "CREATE ROLE bob LOGIN PASSWORD 'm'; CREATE DATABASE app OWNER "
                "tenant TEMPLATE template0 CONNECTION LIMIT 9")
    source.psql("CREATE TABLE t (id int PRIMARY KEY, n int);"
                "INSERT INTO t SELECT g, g FROM generate_series(1, 50) g;"
                "ALTER TABLE t OWNER TO tenant; GRANT SELECT ON t TO bob;"
                "ALTER TABLE t ENABLE ROW LEVEL SECURITY;"
                "CREATE INDEX ON t (n); COMMENT ON DATABASE app IS 'x''y';"
                "REVOKE TEMPORARY ON DATABASE app FROM PUBLIC;"
                "GRANT CREATE ON DATABASE app TO bob;"
                "ALTER DATABASE app SET role = tenant;"
                "ALTER ROLE bob IN DATABASE app SET work_mem = '5MB'", "app")


@contextlib.contextmanager
def trying(server):
    """Who is let in, and what the others are told, asked all the time."""
    ended, let_in, told = threading.Event(), [], set()

    def ask():
        # each try costs the servers, and other tests, a new backend
        while not ended.wait(0.2):
            for role in ("bob", "tenant"):
                try:
                    with server.connect("app", user=role, password="m"):
                        let_in.append(role)
                except psycopg.OperationalError as error:
                    told.add(str(error).split("FATAL:")[-1].strip())

    thread = threading.Thread(target=ask)
    thread.start()
    try:
        yield let_in, told
    finally:
        ended.set()
        thread.join()


def rows(server, **who):
    with server.connect("app", **who) as conn:
        return conn.execute("SELECT count(*) FROM t").fetchone()[0]


@pytest.mark.parametrize("mechanism, old, new", PAIRS)
def test_nobody_gets_in_until_it_is_handed_over(pair, mechanism, old, new):
    p = pair(old, new)
    p.pgrepup("config", "set", f"mechanism={mechanism}")
    make(p.source)
    p.pgrepup("fix", "--yes")
    with trying(p.destination) as (let_in, told):
        p.pgrepup("setup")
        p.pgrepup("start")
        p.pgrepup("stop", "--dry-run", check=False)
    assert not let_in
    # the door was found, and it was shut
    assert any("app" in words and "does not exist" not in words
               for words in told), told
    p.source.psql("INSERT INTO t VALUES (51, 51)", "app")
    # somebody opens it: what is written by him is on one side only
    p.destination.psql("ALTER DATABASE app CONNECTION LIMIT -1;"
                       "GRANT CONNECT ON DATABASE app TO tenant")
    with p.destination.connect("app", user="tenant", password="m") as conn:
        refused = p.pgrepup("stop", "--yes", check=False)
        assert refused.rc == 1, refused
        assert "still open to others" in refused.output, refused
        p.pgrepup("setup")
        refused = p.pgrepup("stop", "--yes", check=False)
        assert refused.rc == 1, refused
        assert "in use on the destination: 1 session" in refused.output
        assert "role tenant" in refused.output
        conn.execute("SELECT 1")
    p.pgrepup("stop", "--yes")
    assert p.destination.value(FACTS) == p.source.value(FACTS)
    assert rows(p.destination, user="tenant", password="m") == 51
    assert rows(p.destination, user="bob", password="m") == 0
    # what is altered afterwards is theirs
    p.destination.psql("ALTER DATABASE app CONNECTION LIMIT 3")
    p.pgrepup("stop", "--yes")
    p.pgrepup("uninstall", "--yes")
    assert p.destination.value("SELECT datconnlimit FROM pg_database "
                               "WHERE datname = 'app'") == 3


def test_uninstall_opens_what_was_not_handed_over(pair):
    """Made by setup, or there before it: as the source has it, or as it was."""
    p = pair(15, 18)
    make(p.source)
    p.source.psql("CREATE TABLE here (id int PRIMARY KEY)", "postgres")
    p.destination.psql("CREATE ROLE other; ALTER DATABASE postgres "
                       "OWNER TO other; ALTER DATABASE postgres "
                       "CONNECTION LIMIT 7")
    p.pgrepup("config", "set", "mechanism=native")
    p.pgrepup("fix", "--yes")
    p.pgrepup("setup")
    limits = ("SELECT string_agg(datname || datconnlimit || ' ' || "
              "pg_get_userbyid(datdba) || ' ' || has_database_privilege("
              "'public', oid, 'connect'), ', ' ORDER BY datname) FROM pg_database "
              "WHERE datname IN ('app', 'postgres')")
    assert p.destination.value(limits) == (
        "app0 postgres false, postgres0 postgres false")
    p.pgrepup("uninstall", "--yes")
    assert p.destination.value(limits) == (
        "app9 tenant true, postgres7 other true")
