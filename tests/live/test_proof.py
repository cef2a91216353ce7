# SPDX-License-Identifier: PostgreSQL
"""Handed over means proved: what the destination has, not what the slot says.
Each case was once called OK, with rows missing or others."""
import threading

import pytest
from harness import second, table_hashes, wait_for

PAIRS = [("native", 15, 18), second("pglogical", 13, 17)]
TABLE = """
CREATE TABLE t (id int PRIMARY KEY, a text, b text);
INSERT INTO t SELECT g, 'a' || g, 'b' || g FROM generate_series(1, 50) g;
CREATE TABLE u (id int PRIMARY KEY, a text);
INSERT INTO u VALUES (1, 'u');
"""


def upgrade(p, mechanism, before="", between=""):
    """Until it replicates."""
    p.pgrepup("config", "set", f"mechanism={mechanism}")
    p.source.psql("CREATE DATABASE app")
    p.source.psql(TABLE + before, "app")
    p.pgrepup("fix", "--yes")
    p.pgrepup("setup")
    if between:
        p.source.psql(between, "app")
    p.pgrepup("start")


def words(done):
    return " ".join(done.output.split())


def refused(p, *said):
    done = p.pgrepup("stop", "--yes", check=False)
    assert done.rc not in (0, 8), done
    for text in said:
        assert text in words(done), done
    return done


def handed_over(p, *more):
    p.pgrepup("stop", "--yes", *more)
    assert table_hashes(p.source, "app") == table_hashes(p.destination, "app")


@pytest.mark.parametrize("mechanism, old, new", PAIRS)
def test_a_slot_that_was_moved_on_is_a_gap(pair, mechanism, old, new):
    p = pair(old, new)
    upgrade(p, mechanism)
    p.pgrepup("disable", "--only=app", "--yes")
    p.source.psql("INSERT INTO t SELECT g, 'x', 'x' FROM "
                  "generate_series(51, 60) g", "app")
    p.source.psql("SELECT pg_replication_slot_advance(slot_name, "
                  "pg_current_wal_lsn()) FROM pg_replication_slots "
                  "WHERE database = 'app'", "app")
    done = p.pgrepup("start", check=False)
    assert done.rc != 0, done
    assert 'changes of database "app" were lost' in words(done), done
    refused(p, "Barrier 3 of the source has not arrived")
    status = p.pgrepup("status", "--json", check=False)
    state = {d["database"]: d for d in status.json["databases"]}["app"]
    assert state["state"] == "gap", status
    assert "between" in state["last_error"], status
    # the way on, as the hint says it
    p.pgrepup("setup", "--again", "--only=app", "--yes")
    p.pgrepup("start")
    handed_over(p)


@pytest.mark.parametrize("mechanism, old, new", PAIRS)
def test_columns_with_other_old_values_are_refused(pair, mechanism, old, new):
    p = pair(old, new)
    upgrade(p, mechanism, "CREATE TABLE again (id int PRIMARY KEY, b text);"
            "CREATE TABLE fine (id int PRIMARY KEY, gone text, b text);"
            "ALTER TABLE fine DROP COLUMN gone;"
            "INSERT INTO again VALUES (1, 'x'); INSERT INTO fine VALUES (1)")
    p.source.psql("ALTER TABLE again DROP COLUMN b;"
                  "ALTER TABLE again ADD COLUMN b text;"
                  "ALTER TABLE t RENAME a TO z; ALTER TABLE t RENAME b TO a;"
                  "ALTER TABLE t RENAME z TO b", "app")
    for server in (p.source, p.destination):
        server.psql("ALTER TABLE u ADD COLUMN c timestamptz DEFAULT now()",
                    "app")
        server.psql("ALTER TABLE fine ADD COLUMN c int DEFAULT 5", "app")
    done = refused(p, "4 columns")
    for name in ('public.again', 'public.t', 'public.u'):
        assert name in done.output, done
    assert "public.fine" not in done.output, done
    assert "rows of before have two values" in words(done), done
    p.pgrepup("stop", "--yes", "--force")


@pytest.mark.parametrize("mechanism, old, new", PAIRS)
def test_what_fires_is_compared_with_what_it_was(pair, mechanism, old, new):
    p = pair(old, new)
    upgrade(p, mechanism, """
        CREATE TYPE pair AS (a int, b int);
        CREATE FUNCTION f() RETURNS trigger LANGUAGE plpgsql
            AS 'BEGIN RETURN NEW; END';
        CREATE TRIGGER trg BEFORE INSERT ON t FOR EACH ROW
            EXECUTE PROCEDURE f();
        CREATE TRIGGER off BEFORE UPDATE ON t FOR EACH ROW
            EXECUTE PROCEDURE f();
        ALTER TABLE t DISABLE TRIGGER off;
        CREATE RULE r AS ON DELETE TO u WHERE id < 0 DO ALSO NOTHING;
        CREATE POLICY pol ON t USING (id > 0)""",
            "ALTER TABLE t DISABLE TRIGGER trg")
    p.source.psql("SELECT lo_create(4711);"
                  "ALTER TYPE pair RENAME ATTRIBUTE a TO c;"
                  "ALTER TYPE pair RENAME ATTRIBUTE b TO a;"
                  "ALTER TYPE pair RENAME ATTRIBUTE c TO b;"
                  "ALTER TABLE t ENABLE TRIGGER trg; "
                  "ALTER POLICY pol ON t USING (id < 0);"
                  "ALTER TABLE u DISABLE RULE r", "app")
    done = refused(p, "altered on the source since start: 5 objects",
                   'trigger public.t.trg differs: "off" at start, "on" now',
                   "policy public.t.pol differs",
                   "composite type public.pair differs",
                   'large objects of the database differs: "0,',
                   'rule public.u.r differs: "on" at start, "off" now')
    assert "trigger public.t.off" not in done.output
    # as it was: nothing is in the way any more
    p.source.psql("SELECT lo_unlink(4711);"
                  "ALTER TYPE pair RENAME ATTRIBUTE a TO c;"
                  "ALTER TYPE pair RENAME ATTRIBUTE b TO a;"
                  "ALTER TYPE pair RENAME ATTRIBUTE c TO b;"
                  "ALTER TABLE t DISABLE TRIGGER trg; "
                  "ALTER POLICY pol ON t USING (id > 0);"
                  "ALTER TABLE u ENABLE RULE r", "app")
    handed_over(p)


def test_a_table_that_is_rewritten_while_others_are_copied(pair):
    """pg_repack and SET ACCESS METHOD leave nothing for an older snapshot."""
    p = pair(15, 18)
    p.pgrepup("config", "set", "mechanism=native", "jobs=1")
    p.source.psql("CREATE ACCESS METHOD heap2 TYPE TABLE HANDLER "
                  "heap_tableam_handler", "template1")
    p.source.psql("CREATE DATABASE app")
    p.source.psql(TABLE + "CREATE TABLE big (id int PRIMARY KEY, x text);"
                  "INSERT INTO big SELECT g, repeat('x', 100) FROM "
                  "generate_series(1, 3000) g", "app")
    p.destination.psql("CREATE ACCESS METHOD heap2 TYPE TABLE HANDLER "
                       "heap_tableam_handler", "template1")
    p.pgrepup("fix", "--yes")
    p.pgrepup("setup")
    # the copy of the big table waits for its lock, behind the slot
    with p.destination.connect("app", autocommit=False) as conn:
        conn.execute("LOCK TABLE big IN ACCESS SHARE MODE")
        result = []
        run = threading.Thread(target=lambda: result.append(
            p.pgrepup("start", check=False)))
        run.start()
        wait_for(lambda: p.destination.value(
            "SELECT count(*) FROM pg_stat_activity WHERE datname = 'app' AND "
            "wait_event_type = 'Lock'"))
        p.source.psql("ALTER TABLE t SET ACCESS METHOD heap2;"
                      "ALTER TABLE t SET ACCESS METHOD heap", "app")
    run.join()
    assert result[0].rc == 0, result
    assert "was rewritten on the source" in p.pgrepup("log").output
    handed_over(p)


@pytest.mark.parametrize("mechanism, old, new", PAIRS)
def test_a_worker_that_dies_at_each_change_does_not_replicate(
        pair, mechanism, old, new):
    """In between it looks as if it did."""
    p = pair(old, new)
    upgrade(p, mechanism)
    p.pgrepup("disable", "--only=app", "--yes")
    p.destination.psql("INSERT INTO t VALUES (100, 'there', 'x')", "app")
    p.source.psql("INSERT INTO t VALUES (100, 'here', 'y')", "app")
    if mechanism == "pglogical":    # else it takes the newer row
        p.destination.psql("ALTER TABLE t ADD CHECK (a <> 'here')", "app")
    done = p.pgrepup("start", "--only=app", check=False)
    assert done.rc != 0, done
    assert "does not replicate: down" in words(done), done
    p.destination.psql("DELETE FROM t WHERE id = 100;"
                       "ALTER TABLE t DROP CONSTRAINT IF EXISTS t_a_check",
                       "app")
    p.pgrepup("start", "--only=app")
    p.source.psql("CREATE EXTENSION hstore; CREATE ROLE owner;"
                  "ALTER TABLE u OWNER TO owner;"
                  "ALTER EXTENSION hstore ADD TABLE u", "app")
    refused(p, 'table "public.u" was added to an extension on the source')
    p.source.psql("ALTER EXTENSION hstore DROP TABLE u; DROP EXTENSION hstore;"
                  "ALTER TABLE u OWNER TO postgres; DROP ROLE owner", "app")
    handed_over(p)
