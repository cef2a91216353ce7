# SPDX-License-Identifier: PostgreSQL
"""start: the first copy, what it must not change, and its being stopped,
killed and run again at any point."""
import json
import os
import re
import signal
from types import SimpleNamespace

import pytest
from harness import Writer, assert_same_rows, second, table_hashes, wait_for

TYPES = """
SET statement_timeout = 0;
CREATE TYPE mood AS ENUM ('sad', 'ok');
CREATE DOMAIN posint AS int CHECK (value > 0);
CREATE DOMAIN oids AS oid[];
CREATE TYPE pair AS (a int, b date);
CREATE TYPE opair AS (a oid, b regclass);
CREATE TYPE frange AS RANGE (subtype = float8);
CREATE TABLE plain (id int PRIMARY KEY, d date, t timestamptz, i interval,
    n numeric, f float8, b bytea, j jsonb, a text[], m mood, p posint,
    r daterange[], g frange, u uuid, s text);
INSERT INTO plain SELECT g, '2020-03-04', '2020-03-04 05:06:07.123456+02',
    '1 year 2 days -03:04:05', 'NaN', 0.1::float8 / 3, '\\xdeadbeef',
    '{"a": [1, "x"]}', ARRAY['a', NULL, 'c"d'], 'ok', 5,
    ARRAY['[2020-03-04,2021-04-05)'::daterange], '[0.1,0.3]',
    'a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11',
    E'tab\\t nl\\n \\\\ \\u00e9' FROM generate_series(1, 500) g;
CREATE TABLE wide (id int PRIMARY KEY, t text);
INSERT INTO wide SELECT g, (SELECT string_agg(md5((g * h)::text), '')
    FROM generate_series(1, 400) h) FROM generate_series(1, 50) g;
-- pg_class has other oids on the other side
CREATE TABLE as_oid (id int PRIMARY KEY, o oid);
CREATE TABLE as_regclass (id int PRIMARY KEY, c regclass, f regprocedure,
    r regrole, t regtype);
CREATE TABLE as_array (id int PRIMARY KEY, o regclass[]);
CREATE TABLE as_domain (id int PRIMARY KEY, o oids);
CREATE TABLE as_composite (id int PRIMARY KEY, p opair);
CREATE TABLE as_text (LIKE plain INCLUDING ALL);
INSERT INTO as_text SELECT * FROM plain;
ALTER TABLE as_text ADD COLUMN o oid DEFAULT 7;
CREATE TABLE as_moods (id int PRIMARY KEY, m mood[]);
CREATE TABLE as_money (id int PRIMARY KEY, m money, x xml);
CREATE TABLE composite (id int PRIMARY KEY, p pair);
INSERT INTO as_oid VALUES (1, 4711), (2, NULL);
INSERT INTO as_regclass VALUES
    (1, 'plain', 'lower(text)', 'postgres', 'mood');
INSERT INTO as_array VALUES (1, '{plain,wide}');
INSERT INTO as_domain VALUES (1, '{1,2}');
INSERT INTO as_composite VALUES (1, ROW(1::oid, 'wide'::regclass)::opair);
INSERT INTO as_moods VALUES (1, '{sad,NULL}');
INSERT INTO as_money VALUES (1, 12.34, 'no <a>x</a>');
INSERT INTO composite VALUES (1, ROW(1, '2020-03-04'::date)::pair);
CREATE TABLE parent (id int PRIMARY KEY, t text);
CREATE TABLE child (x text, PRIMARY KEY (id)) INHERITS (parent);
INSERT INTO parent VALUES (1, 'p');
INSERT INTO child VALUES (2, 'c', 'x');
CREATE TABLE part (id int, d date, PRIMARY KEY (id, d))
    PARTITION BY RANGE (d);
CREATE TABLE part_a PARTITION OF part
    FOR VALUES FROM ('2024-01-01') TO ('2025-01-01');
CREATE TABLE part_b PARTITION OF part
    FOR VALUES FROM ('2025-01-01') TO ('2026-01-01');
INSERT INTO part VALUES (1, '2024-05-05'), (2, '2025-05-05');
CREATE TABLE ruled (id int PRIMARY KEY, owner text);
ALTER TABLE ruled ENABLE ROW LEVEL SECURITY;
ALTER TABLE ruled FORCE ROW LEVEL SECURITY;
INSERT INTO ruled VALUES (1, 'a'), (2, 'b');
CREATE TABLE "we""ird.name" ("Col ""x" int PRIMARY KEY, "select" text);
INSERT INTO "we""ird.name" VALUES (1, 'x');
CREATE TABLE dropped (id int PRIMARY KEY, gone text, t text);
INSERT INTO dropped VALUES (1, 'gone', 't');
ALTER TABLE dropped DROP COLUMN gone;
CREATE TABLE refers (id int PRIMARY KEY REFERENCES plain (id));
INSERT INTO refers VALUES (7);
CREATE TABLE empty (id int PRIMARY KEY);
"""
# what the source's databases have for everybody, sources of wrong copies
SETTINGS = """
ALTER DATABASE app SET datestyle = 'SQL, DMY';
ALTER DATABASE app SET intervalstyle = 'sql_standard';
ALTER DATABASE app SET extra_float_digits = -5;
ALTER DATABASE app SET bytea_output = 'escape';
ALTER DATABASE app SET statement_timeout = '300ms';
ALTER DATABASE app SET lock_timeout = '300ms';
ALTER DATABASE app SET idle_in_transaction_session_timeout = '100ms';
ALTER DATABASE app SET array_nulls = off;
ALTER DATABASE app SET xmloption = document;
ALTER DATABASE app SET search_path = "$user", public;
"""
# The same rows by the change stream, whose sessions have those settings too.
CHANGES = """
SET default_transaction_read_only = off;
UPDATE plain SET s = s WHERE id <= 20;
UPDATE as_text SET s = s WHERE id <= 20;
INSERT INTO as_regclass SELECT 2, c, f, r, t FROM as_regclass;
INSERT INTO as_array SELECT 2, o FROM as_array;
INSERT INTO as_domain SELECT 2, o FROM as_domain;
INSERT INTO as_composite SELECT 2, p FROM as_composite;
INSERT INTO as_moods SELECT 2, m FROM as_moods;
INSERT INTO as_money SELECT 2, m, x FROM as_money;
INSERT INTO composite SELECT 2, p FROM composite;
"""
IN_TEXT = {"as_oid", "as_regclass", "as_array", "as_domain", "as_composite",
           "as_moods", "as_money", "as_text"}
# A writer's table and one that is held fast while it is copied, and while
# its index is built, as long as somebody holds advisory lock 1 or 2.
GATED = """
CREATE FUNCTION gate(int) RETURNS boolean LANGUAGE sql AS
    'SELECT pg_catalog.pg_advisory_xact_lock_shared(1) IS NOT NULL';
CREATE FUNCTION gate_index(int) RETURNS int LANGUAGE sql IMMUTABLE AS
    'SELECT CASE WHEN pg_catalog.pg_advisory_xact_lock_shared(2) IS NULL
        THEN $1 ELSE $1 END';
CREATE TABLE gated (id int PRIMARY KEY, x text,
    CHECK (id <> 100 OR gate(id)));
CREATE INDEX gated_index ON gated (gate_index(id));
INSERT INTO gated SELECT g, 'row ' || g FROM generate_series(1, 1000) g;
CREATE TABLE other (id int PRIMARY KEY REFERENCES gated (id));
INSERT INTO other SELECT g FROM generate_series(1, 500) g;
"""


def journal(pgrepup):
    text = (pgrepup.home / "state/pgrepup/pgrepup/journal").read_text()
    return [json.loads(line) for line in text.splitlines()]


def items(pgrepup, step, database):
    return {r["object"]: r for r in journal(pgrepup)
            if r["type"] == "item" and r["step"] == step
            and r["database"] == database and r["state"] != "run"}


def runner_pid(pgrepup):
    lock = pgrepup.home / "state/pgrepup/pgrepup/lock"
    return json.loads(lock.read_text())["pid"]


def load_state(made, db="app"):
    return made.destination.value("SELECT state FROM pgrepup.load", db=db)


def slots(made, db="app"):
    return made.source.query("SELECT slot_name, plugin FROM "
                             "pg_replication_slots WHERE database = %s", [db])


def set_up(made, *scripts, db="app"):
    made.source.psql(f"CREATE DATABASE {db}")
    for script in scripts:
        made.source.psql(script, db)
    made.pgrepup("setup")


def wait_until_equal(made, databases):
    """Changes still on their way arrive."""
    def equal():
        assert_same_rows(made.source, made.destination, databases)
        return True
    wait_for(equal, 60, "equal rows", interval=0.3)


@pytest.mark.parametrize("old, new", [second(13, 17), (15, 18)])
def test_rows_arrive_as_they_are_whatever_the_databases_settings(
        pair, old, new):
    made = pair(old, new)
    for db, encoding in (("latin", "LATIN1"), ("ascii", "SQL_ASCII")):
        made.source.psql(f"CREATE DATABASE {db} ENCODING '{encoding}' "
                         "LC_COLLATE 'C' LC_CTYPE 'C' TEMPLATE template0")
        made.source.psql("CREATE TABLE t (id int PRIMARY KEY, v text)", db)
    made.source.psql("SET client_encoding = UTF8;"
                     "INSERT INTO t VALUES (1, 'naïve ÿ');"
                     'CREATE TABLE "tàble" ("cölumn" int PRIMARY KEY);'
                     'INSERT INTO "tàble" VALUES (1)', "latin")
    made.source.psql("INSERT INTO t VALUES (1, E'\\xff\\xfe'), "
                     "(2, E'\\xc3\\xa9')", "ascii")
    set_up(made, TYPES)
    made.source.psql(SETTINGS)
    made.destination.psql(SETTINGS.replace("DMY", "MDY"))
    made.source.psql("ALTER DATABASE app SET "
                     "default_transaction_read_only = on")
    made.pgrepup("start")
    assert_same_rows(made.source, made.destination, ["app", "latin"])
    hashed = "SELECT md5(string_agg(id || encode(v::bytea, 'hex'), ',' " \
             "ORDER BY id)) FROM t"
    assert (made.source.psql(hashed, "ascii") ==
            made.destination.psql(hashed, "ascii"))
    for table, record in items(made.pgrepup, "copy", "app").items():
        form = "text" if table.split(".")[1] in IN_TEXT else "binary"
        assert record["detail"].endswith(form), record
    # every row of every table was counted, where tables inherit too
    assert items(made.pgrepup, "copy", "app")["public.parent"][
        "detail"].startswith("1 rows")
    made.source.psql(CHANGES, "app")
    wait_until_equal(made, ["app"])


def test_rows_written_during_the_copy_arrive_once(pair):
    made = pair(13, 17)
    made.source.psql("CREATE DATABASE app")
    made.source.psql(GATED, "app")
    made.source.psql("CREATE ROLE clerk; CREATE TABLE emptied (id int "
                     "PRIMARY KEY); GRANT TRUNCATE, INSERT ON emptied "
                     "TO clerk", "app")
    # what holds the snapshot is idle in a transaction
    made.source.psql("ALTER DATABASE app SET "
                     "idle_in_transaction_session_timeout = '50ms'")
    with Writer(made.source, ["app"]) as writer:
        writer.wait_for_progress(20)
        made.pgrepup("fix", "--yes")
        made.pgrepup("setup")
        with made.destination.connect("app") as gate:
            gate.execute("SELECT pg_advisory_lock(1)")
            child = made.pgrepup.spawn("start")
            wait_for_lock(made)
            truncate_as_clerk(made)
            writer.wait_for_progress(200)
        out, err = child.communicate(timeout=120)
        assert child.returncode == 0, out + err
        writer.wait_for_progress(50)
    truncate_as_clerk(made)
    wait_until_equal(made, ["app"])
    writer.verify(made.destination)
    made.pgrepup("stop", "--yes")
    truncate_as_clerk(made)
    made.pgrepup("uninstall", "--yes")
    truncate_as_clerk(made)


def truncate_as_clerk(made):
    """On the source, as an application that owns nothing."""
    made.source.psql("SET ROLE clerk; INSERT INTO emptied VALUES (1); "
                     "TRUNCATE emptied; INSERT INTO emptied VALUES (2)", "app")


def wait_for_lock(made):
    """Until somebody waits for the gate."""
    wait_for(lambda: made.destination.value(
        "SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND "
        "NOT granted", db="app") > 0, what="a wait for the gate")


def kill_start(made, is_there):
    """Runs start, kills its runner when the fact is there."""
    child = made.pgrepup.spawn("start")
    is_there()
    os.kill(runner_pid(made.pgrepup), signal.SIGKILL)
    child.communicate(timeout=60)
    assert child.returncode != 0


def test_start_killed_at_every_stage_goes_on_from_there(pair):
    made = pair(13, 17)
    set_up(made, GATED)
    with made.destination.connect("app") as gate:
        gate.execute("SELECT pg_advisory_lock(1)")
        kill_start(made, lambda: wait_for_lock(made))
        assert load_state(made) == "loading"
    made.source.psql("INSERT INTO gated SELECT g, 'after the first kill' "
                     "FROM generate_series(2001, 2010) g", "app")
    with made.destination.connect("app") as gate:
        gate.execute("SELECT pg_advisory_lock(2)")
        kill_start(made, lambda: wait_for_lock(made))
        assert load_state(made) == "copied"
    # changes of now are only in the stream
    made.source.psql("UPDATE gated SET x = 'after the second kill' "
                     "WHERE id < 10; DELETE FROM other WHERE id > 490",
                     "app")
    with made.destination.connect("app", autocommit=False) as gate:
        gate.execute("LOCK TABLE pglogical.subscription")
        kill_start(made, lambda: wait_for(
            lambda: load_state(made) == "indexed", what="state indexed"))
    made.source.psql("INSERT INTO gated VALUES (3000, 'after the third')",
                     "app")
    [slot] = slots(made)
    made.pgrepup("start")
    assert load_state(made) == "subscribed"
    assert slots(made) == [slot]
    wait_until_equal(made, ["app"])
    assert made.destination.value("SELECT count(*) FROM pg_indexes WHERE "
                                  "indexname = 'gated_index'", db="app") == 1
    # all is done: once more changes nothing
    made.pgrepup("start")
    assert_same_rows(made.source, made.destination, ["app"])


def test_what_is_lost_while_start_is_at_work_is_refused(pair):
    made = pair(13, 17)
    set_up(made, GATED)
    with made.destination.connect("app") as gate:
        gate.execute("SELECT pg_advisory_lock(2)")
        child = made.pgrepup.spawn("start")
        wait_for_lock(made)
        # as it was, but for its place in the change stream
        made.source.psql("DROP TABLE other CASCADE; CREATE TABLE other "
                         "(id int PRIMARY KEY REFERENCES gated (id)); "
                         "INSERT INTO other VALUES (1)", "app")
    out, err = child.communicate(timeout=60)
    assert child.returncode == 6, out + err
    assert "public.other differs" in out + err
    assert load_state(made) == "indexed"
    [(slot, _)] = slots(made)
    made.source.query("SELECT pg_drop_replication_slot(%s)", [slot])
    refused = made.pgrepup("start", check=6)
    assert "gone from the source" in refused.output
    assert load_state(made) == "indexed"
    made.pgrepup("setup", "--again", "--yes")
    made.pgrepup("start")
    wait_until_equal(made, ["app"])


def test_killed_while_the_slot_waits_starts_anew(pair):
    made = pair(13, 17)
    set_up(made, GATED)
    with made.source.connect("app", autocommit=False) as blocker:
        blocker.execute("INSERT INTO gated VALUES (4000, 'late')")
        pid = blocker.info.backend_pid

        def waits():
            wait_for(lambda: f"process {pid} " in json.dumps(
                journal(made.pgrepup)), what="a word on the transaction")
        kill_start(made, waits)
        [slot] = slots(made)
        # the walsender does not notice; the next start ends it
        active = ("SELECT active_pid FROM pg_replication_slots "
                  "WHERE database = 'app'")
        old = made.source.value(active)
        child = made.pgrepup.spawn("start")
        wait_for(lambda: made.source.value(active) not in (None, old),
                 what="another walsender")
        blocker.commit()
    out, err = child.communicate(timeout=60)
    assert child.returncode == 0, out + err
    assert slots(made) == [slot]
    assert_same_rows(made.source, made.destination, ["app"])


def stop_start(made, lock):
    """Runs start, and asks its runner to stop at the gate."""
    with made.destination.connect("app") as gate:
        gate.execute("SELECT pg_advisory_lock(%s)", [lock])
        child = made.pgrepup.spawn("start")
        wait_for_lock(made)
        assert slots(made)
        os.kill(runner_pid(made.pgrepup), signal.SIGINT)
        # well within the time in which a person loses patience
        out, err = child.communicate(timeout=5)
        assert child.returncode == 7, out + err


def test_stop_request_during_copy_and_indexes_is_obeyed_at_once(pair):
    made = pair(13, 17)
    set_up(made, GATED)
    stop_start(made, 1)
    assert not slots(made)
    assert load_state(made) == "loading"
    # rows that came meanwhile are nobody's to delete, to the next either
    made.destination.psql("INSERT INTO gated VALUES (77, 'mine')", "app")
    for command in (["start"], ["setup", "--again", "--yes"]):
        assert "public.gated" in made.pgrepup(*command, check=6).output
    assert made.destination.query("SELECT id, x FROM gated",
                                  db="app") == [(77, "mine")]
    made.destination.psql("DELETE FROM gated", "app")
    stop_start(made, 2)
    # what is copied stays, and the slot has what comes after it
    assert slots(made)
    assert load_state(made) == "copied"
    assert_same_rows(made.source, made.destination, ["app"])
    made.source.psql("DELETE FROM gated WHERE id > 900", "app")
    made.pgrepup("start")
    wait_until_equal(made, ["app"])


def test_crash_of_a_server_during_the_copy_is_mended_by_another_start(pair):
    made = pair(15, 18)
    set_up(made, GATED)

    def crash(server):
        with made.destination.connect("app") as gate:
            gate.execute("SELECT pg_advisory_lock(1)")
            child = made.pgrepup.spawn("start", "--only", "app")
            wait_for_lock(made)
            server.kill()
            # the rows would go on now, if the destination lives
            if server is made.source:
                gate.execute("SELECT pg_advisory_unlock(1)")
            out, err = child.communicate(timeout=60)
            assert child.returncode == 4, out + err
        server.start()

    crash(made.destination)
    # the source was there, and keeps no WAL for nothing
    assert not slots(made)
    assert load_state(made) == "loading"
    crash(made.source)
    assert load_state(made) == "loading"
    made.pgrepup("start")
    wait_until_equal(made, ["app"])


def test_a_database_that_fails_stops_nothing_else(pair):
    made = pair(15, 18)
    made.source.psql("CREATE DATABASE bad")
    made.source.psql("CREATE TABLE big (id int PRIMARY KEY, t text);"
                     "INSERT INTO big SELECT g, repeat(md5(g::text), 30) "
                     "FROM generate_series(1, 60000) g", "bad")
    set_up(made, GATED)
    made.destination.psql("ALTER TABLE big ADD CHECK (id <> 100)", "bad")
    result = made.pgrepup("start", check=5)
    assert "public.big" in result.output
    assert not slots(made, "bad")
    assert load_state(made, "bad") == "loading"
    assert load_state(made) == "subscribed"
    assert_same_rows(made.source, made.destination, ["app"])
    # it was heard at once, not when the whole table had been sent
    assert re.search(r"canceling statement due to user request\n"
                     r'.*STATEMENT:  COPY "public"."big"', made.source.log)
    # the cause mended, the same command goes on
    made.destination.psql("ALTER TABLE big DROP CONSTRAINT big_id_check",
                          "bad")
    made.pgrepup("start")
    assert_same_rows(made.source, made.destination, ["app", "bad"])


def test_handed_over_database_is_never_touched(pair):
    made = pair(13, 17)
    set_up(made, GATED)
    made.pgrepup("start")
    made.pgrepup("stop", "--yes")
    made.destination.psql("INSERT INTO gated VALUES (5000, 'new truth')",
                          "app")
    before = table_hashes(made.destination, "app")
    assert "handed over" in made.pgrepup("start").output
    assert table_hashes(made.destination, "app") == before
    assert not slots(made)


TAKE_OVER = """
CREATE FUNCTION take_over() RETURNS trigger LANGUAGE plpgsql AS
    'BEGIN UPDATE pgrepup.load SET run = ''theirs''; RETURN NULL; END';
CREATE TRIGGER t AFTER INSERT ON one EXECUTE FUNCTION take_over();
ALTER TABLE one ENABLE ALWAYS TRIGGER t;
"""


def test_load_that_another_run_took_over_is_left_to_it(pair):
    """As by a pgrepup elsewhere, when the lock was lost."""
    made = pair(13, 17)
    one = ("CREATE TABLE one (id int PRIMARY KEY); "
           "INSERT INTO one SELECT generate_series(1, 9);")
    made.source.psql("CREATE DATABASE last")
    made.source.psql(one, "last")
    set_up(made, one, "CREATE TABLE two (id int PRIMARY KEY)")
    made.pgrepup("config", "set", "jobs=1")
    for db in ("app", "last"):
        made.destination.psql(TAKE_OVER, db)
    errors = {e.get("database"): e["message"] for e in
              made.pgrepup("start", "--json", check=6).json["errors"]}
    # at the first table or at the end of the load, whichever asks first; and
    # it is not called copied when nothing was left to copy
    assert "not being loaded by this run" in errors["app"] or \
        'not in state "loading" any more' in errors["app"]
    assert 'not in state "loading" any more' in errors["last"]
    for db in ("app", "last"):
        assert load_state(made, db) == "loading"


def test_slot_that_another_destination_reads_is_left_alone(
        pair, server, clusters):
    made = pair(13, 17)
    set_up(made, GATED)
    made.pgrepup("start")
    other = clusters.program(made.pgrepup.bin_dir)
    other.configure(SimpleNamespace(source=made.source,
                                    destination=server(17)))
    # nor when the mark of the upgrade was taken away (test_one_upgrade.py)
    made.source.psql("COMMENT ON ROLE pgrepup_replication IS NULL")
    for command in (["setup"], ["setup", "--again", "--yes"],
                    ["uninstall", "--yes"]):
        refused = other(*command, check=6)
        assert "another destination" in refused.output
    made.source.psql("INSERT INTO gated VALUES (6000, 'more')", "app")
    # it has lost neither its slot nor its password
    for pid, in made.source.query("SELECT pid FROM pg_stat_replication"):
        made.source.query("SELECT pg_terminate_backend(%s)", [pid])
    made.pgrepup("setup")
    made.pgrepup("stop", "--yes")
    assert_same_rows(made.source, made.destination, ["app"])


def test_refused_or_planned_start_changes_nothing(pair):
    made = pair(13, 17)
    set_up(made, GATED)
    planned = made.pgrepup("start", "--dry-run")
    assert "public.gated" in planned.output
    assert "binary" in planned.output
    assert (slots(made), load_state(made)) == ([], "prepared")

    made.source.psql("ALTER TABLE other ADD COLUMN late text", "app")
    refused = made.pgrepup("start", check=6)
    assert "late" in refused.output
    assert "setup --again" in refused.output
    assert (slots(made), load_state(made)) == ([], "prepared")
    made.source.psql("ALTER TABLE other DROP COLUMN late", "app")

    # rows that came to the destination are not ours to delete
    made.destination.psql("INSERT INTO gated VALUES (77, 'mine')", "app")
    refused = made.pgrepup("start", check=6)
    assert "public.gated" in refused.output
    assert (slots(made), load_state(made)) == ([], "prepared")
    refused = made.pgrepup("setup", "--again", "--yes", check=6)
    assert "public.gated" in refused.output
    assert made.destination.query("SELECT id, x FROM gated",
                                  db="app") == [(77, "mine")]
    made.destination.psql("DELETE FROM gated", "app")

    made.pgrepup("config", "set", "name=another")
    refused = made.pgrepup("start", check=6)
    assert "takes part in another upgrade" in refused.output
    made.pgrepup("config", "set", "name=pgrepup")
    made.pgrepup("start")
    assert_same_rows(made.source, made.destination, ["app"])


def test_biggest_tables_are_copied_first(pair):
    """Neither by their names nor in the order in which they were made."""
    made = pair(13, 17)
    set_up(made, "".join(
        f"CREATE TABLE {name} (id int PRIMARY KEY);"
        f"INSERT INTO {name} SELECT generate_series(1, {rows});"
        for name, rows in [("c_middle", 5000), ("a_small", 1),
                           ("b_big", 50000)]))
    made.pgrepup("config", "set", "jobs=1")
    made.pgrepup("start")
    assert list(items(made.pgrepup, "copy", "app")) == [
        "public.b_big", "public.c_middle", "public.a_small"]


def test_triggers_that_fire_always_do_not_fire_twice(pair):
    made = pair(13, 17)
    set_up(made, """
        CREATE TABLE t (id int PRIMARY KEY);
        CREATE TABLE audit (id serial PRIMARY KEY, t int);
        CREATE FUNCTION f() RETURNS trigger LANGUAGE plpgsql AS
            'BEGIN INSERT INTO public.audit (t) VALUES (new.id);
             RETURN new; END';
        CREATE TRIGGER a AFTER INSERT ON t FOR EACH ROW EXECUTE FUNCTION f();
        ALTER TABLE t ENABLE ALWAYS TRIGGER a;
        CREATE TRIGGER r AFTER INSERT ON t FOR EACH ROW EXECUTE FUNCTION f();
        ALTER TABLE t ENABLE REPLICA TRIGGER r;
        CREATE RULE u AS ON INSERT TO t DO ALSO
            INSERT INTO public.audit (t) VALUES (-1);
        ALTER TABLE t ENABLE ALWAYS RULE u;
        INSERT INTO t VALUES (1);""")
    made.pgrepup("start")
    made.source.psql("INSERT INTO t VALUES (2)", "app")
    wait_until_equal(made, ["app"])
    enabled = "SELECT tgname, tgenabled::text FROM pg_trigger WHERE " \
              "NOT tgisinternal ORDER BY 1"
    assert made.destination.query(enabled, db="app") == [("a", "D"),
                                                         ("r", "D")]
    assert made.destination.query(
        "SELECT part, old_value FROM pgrepup.change WHERE kind = 'trigger' "
        "ORDER BY 1", db="app") == [("a", "A"), ("r", "R")]
