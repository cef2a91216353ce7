# SPDX-License-Identifier: PostgreSQL
"""stop: what could be lost at the hand-over, and is not. One pair of clusters,
a database for each test, all replicating."""
import json
import os
import signal
import threading

import pytest
from harness import assert_same_rows, second, sequences, wait_for

pytestmark = pytest.mark.xdist_group("stop")

SCHEMAS = {
    "late": "CREATE TABLE t (id int PRIMARY KEY, x text)",
    "created": "CREATE TABLE t (id int PRIMARY KEY)",
    "parted": """
        CREATE TABLE p (id int, k int, PRIMARY KEY (id, k))
            PARTITION BY LIST (k);
        CREATE TABLE p1 PARTITION OF p FOR VALUES IN (1);""",
    "seqs": """
        CREATE TABLE t (id serial PRIMARY KEY, g int GENERATED ALWAYS AS
            IDENTITY);
        CREATE SEQUENCE never_called START 7;
        CREATE SEQUENCE descending INCREMENT -1 MINVALUE -100 MAXVALUE -1;
        CREATE SEQUENCE bounded MAXVALUE 100;
        CREATE SEQUENCE cycling MAXVALUE 3 CYCLE;
        CREATE SEQUENCE "Od""d; name" INCREMENT 10 CACHE 20;
        SELECT nextval('descending'), nextval('bounded');""",
    "again": "CREATE TABLE t (id int PRIMARY KEY); "
             "INSERT INTO t SELECT generate_series(1, 100)",
    "used": "CREATE TABLE t (id int PRIMARY KEY)",
    "fires": """
        CREATE TABLE t (id int PRIMARY KEY);
        CREATE TABLE audit (id bigserial PRIMARY KEY, what text);
        CREATE FUNCTION note() RETURNS trigger LANGUAGE plpgsql AS $$
            BEGIN INSERT INTO public.audit (what) VALUES (tg_op);
            RETURN NULL; END $$;
        CREATE TRIGGER always AFTER INSERT ON t
            FOR EACH ROW EXECUTE PROCEDURE note();
        ALTER TABLE t ENABLE ALWAYS TRIGGER always;
        CREATE TRIGGER "re plica" AFTER DELETE ON t
            FOR EACH ROW EXECUTE PROCEDURE note();
        ALTER TABLE t ENABLE REPLICA TRIGGER "re plica";
        CREATE TABLE ruled (id int PRIMARY KEY);
        CREATE RULE twice AS ON INSERT TO ruled DO ALSO
            INSERT INTO public.audit (what) VALUES ('rule');
        ALTER TABLE ruled ENABLE ALWAYS RULE twice;""",
    "dropped": """
        CREATE TABLE t (id int PRIMARY KEY);
        CREATE TABLE u (id int PRIMARY KEY);
        CREATE FUNCTION nothing() RETURNS trigger LANGUAGE plpgsql AS
            'BEGIN RETURN NULL; END';
        CREATE TRIGGER gone AFTER INSERT ON t
            FOR EACH ROW EXECUTE PROCEDURE nothing();
        ALTER TABLE t ENABLE ALWAYS TRIGGER gone;
        CREATE TRIGGER stays AFTER INSERT ON u
            FOR EACH ROW EXECUTE PROCEDURE nothing();
        ALTER TABLE u ENABLE ALWAYS TRIGGER stays;
        CREATE RULE gone AS ON INSERT TO u DO ALSO SELECT 1;
        ALTER TABLE u ENABLE ALWAYS RULE gone;""",
    "views": """
        CREATE TABLE t (id int PRIMARY KEY);
        CREATE MATERIALIZED VIEW z AS SELECT count(*) AS n FROM t;
        CREATE VIEW between_them AS SELECT n + 1 AS n FROM z;
        CREATE MATERIALIZED VIEW a AS SELECT n FROM between_them;
        CREATE MATERIALIZED VIEW empty AS SELECT 1 WITH NO DATA;""",
    "counting": """
        CREATE TABLE t (id int PRIMARY KEY);
        CREATE SEQUENCE used;
        CREATE MATERIALIZED VIEW m AS SELECT count(*) AS n FROM t;""",
    "listed": """
        CREATE TABLE t (id int PRIMARY KEY);
        CREATE MATERIALIZED VIEW m AS SELECT count(*) AS n FROM t;""",
    "remade": "CREATE TABLE t (id int PRIMARY KEY, x text)",
    "altered": "CREATE TABLE t (id int PRIMARY KEY)",
    "keyless": "CREATE TABLE t (id int PRIMARY KEY); "
               "INSERT INTO t SELECT generate_series(1, 9)",
    "low": "CREATE SEQUENCE up MINVALUE 1 START 100;"
           "CREATE SEQUENCE down INCREMENT -1 MINVALUE -100 MAXVALUE 100",
    "ahead": "CREATE SEQUENCE up; CREATE SEQUENCE down INCREMENT -1",
    "killed": "CREATE TABLE t (id int PRIMARY KEY)",
    "lost_slot": "CREATE TABLE t (id int PRIMARY KEY)",
    "forced": "CREATE TABLE t (id int PRIMARY KEY)",
}


@pytest.fixture(scope="module", params=[second((15, 17)), (13, 18)],
                ids=lambda pair: f"{pair[0]}-{pair[1]}")
def made(request, clusters):
    """Every database of SCHEMAS replicates."""
    enough = {"max_replication_slots": 30, "max_worker_processes": 60}
    pair = clusters.pair(
        *request.param,
        source_settings={**enough, "max_wal_senders": 30,
                         "max_prepared_transactions": 5},
        destination_settings=(
            {**enough, "max_active_replication_origins": 30}
            if request.param[1] >= 18 else enough))
    for db, schema in SCHEMAS.items():
        pair.source.psql(f"CREATE DATABASE {db}")
        pair.source.psql(schema, db)
    pair.pgrepup("setup")
    pair.pgrepup("start")
    yield pair
    # a sender that nobody answers any more would keep the server for long
    pair.destination.kill()
    pair.source.kill()
    pair.destroy()


def stop(made, db, *options, check=0):
    """What `stop --json` prints."""
    return made.pgrepup("stop", "--yes", "--json", "--only", db, *options,
                        check=check).json


def items(report, state=None, object_=None):
    return [item for item in report.get("items", [])
            if (state is None or item["state"] == state)
            and (object_ is None or item["object"] == object_)]


def load_state(made, db):
    return made.destination.value("SELECT state FROM pgrepup.load", db=db)


def slots(made, db):
    return made.source.query("SELECT slot_name FROM pg_replication_slots "
                             "WHERE database = %s", [db])


def test_commit_without_synchronous_commit_arrives(made):
    writer = made.source.value("SELECT pid FROM pg_stat_activity "
                               "WHERE backend_type = 'walwriter'")
    # now only a synchronous commit of somebody writes WAL
    os.kill(writer, signal.SIGSTOP)
    try:
        with made.source.connect("late") as conn:
            conn.execute("SET synchronous_commit = off")
            conn.execute("INSERT INTO t VALUES (0, 'late')")
        stop(made, "late")
    finally:
        os.kill(writer, signal.SIGCONT)
    assert made.destination.query("SELECT x FROM t", db="late") == [("late",)]


def test_table_created_meanwhile_makes_stop_refuse(made):
    made.source.psql("CREATE TABLE fresh (id int PRIMARY KEY); "
                     "INSERT INTO fresh VALUES (1)", "created")
    report = stop(made, "created", check=1)
    assert items(report, "ko", "public.fresh")
    assert "rows would be lost" in json.dumps(report["errors"])
    assert load_state(made, "created") == "subscribed"
    # also when somebody has made it on the other side by hand
    made.destination.psql("CREATE TABLE fresh (id int PRIMARY KEY)",
                          "created")
    report = stop(made, "created", check=1)
    assert items(report, "ko", "public.fresh")
    for server in (made.source, made.destination):
        server.psql("DROP TABLE fresh", "created")
    stop(made, "created")


def test_partition_created_meanwhile_makes_stop_refuse(made):
    made.source.psql("CREATE TABLE p2 PARTITION OF p FOR VALUES IN (2); "
                     "INSERT INTO p VALUES (1, 2)", "parted")
    report = stop(made, "parted", check=1)
    assert items(report, "ko", "public.p2")
    assert load_state(made, "parted") == "subscribed"


def test_sequences_are_exact(made):
    made.source.psql("""
        INSERT INTO t SELECT FROM generate_series(1, 50);
        SELECT nextval('descending') FROM generate_series(1, 20);
        SELECT nextval('bounded') FROM generate_series(1, 98);
        SELECT nextval('cycling') FROM generate_series(1, 4);
        SELECT nextval('"Od""d; name"');""", "seqs")
    # as a former try of stop left it, before it began anew
    made.destination.psql("SELECT setval('cycling', 3)", "seqs")
    expected = sequences(made.source, "seqs")
    assert expected["public.descending"] == (-21, True)
    assert expected["public.bounded"] == (99, True)
    assert expected["public.cycling"] == (1, True)
    assert expected["public.never_called"] == (7, False)
    stop(made, "seqs")
    assert sequences(made.destination, "seqs") == expected
    # and what the application does next is right
    assert made.destination.value(
        "INSERT INTO t DEFAULT VALUES RETURNING id", db="seqs") == 51


def test_sequence_below_its_start_is_exact(made):
    made.source.psql("SELECT setval('up', 5), setval('down', 50)", "low")
    expected = sequences(made.source, "low")
    stop(made, "low")
    assert sequences(made.destination, "low") == expected


def test_sequence_never_goes_back(made):
    """What the destination has given out would come twice."""
    for server, n in ((made.source, 3), (made.destination, 7)):
        server.psql(f"SELECT nextval('up'), nextval('down') "
                    f"FROM generate_series(1, {n})", "ahead")
    report = stop(made, "ahead")
    assert items(report, "warn", "public.up")
    assert items(report, "warn", "public.down")
    assert "0 as on the source, 2 left ahead of it" in json.dumps(report)
    assert sequences(made.destination, "ahead") == {
        "public.up": (7, True), "public.down": (-7, True)}


def test_table_made_anew_makes_stop_refuse(made):
    """It has the same name, and nothing of its rows travels."""
    made.source.psql("DROP TABLE t CASCADE; CREATE TABLE t (id int PRIMARY KEY, "
                     "x text); INSERT INTO t VALUES (1, 'lost')", "remade")
    report = stop(made, "remade", check=1)
    assert items(report, "ko", "public.t")
    assert load_state(made, "remade") == "subscribed"


def test_column_added_meanwhile_makes_stop_refuse(made):
    """Nobody wrote to the table since, so replication has not failed."""
    made.source.psql("ALTER TABLE t ADD COLUMN x int DEFAULT 7", "altered")
    report = stop(made, "altered", check=1)
    assert items(report, "ko", "public.t")
    # made by hand on the other side as well, it is the same
    made.destination.psql("ALTER TABLE t ADD COLUMN x int DEFAULT 7",
                          "altered")
    stop(made, "altered")


def test_lost_key_makes_stop_refuse(made):
    """Without it deletes do not travel."""
    made.source.psql("ALTER TABLE t DROP CONSTRAINT t_pkey; "
                     "DELETE FROM t WHERE id = 1", "keyless")
    report = stop(made, "keyless", check=1)
    assert items(report, "ko", "public.t")


def test_start_after_stop_leaves_the_rows_alone(made):
    stop(made, "again")
    made.destination.psql("INSERT INTO t VALUES (1000); "
                          "DELETE FROM t WHERE id = 1", "again")
    made.pgrepup("start", "--only", "again")
    stop(made, "again")
    assert made.destination.query(
        "SELECT count(*), min(id), max(id) FROM t", db="again"
    ) == [(100, 2, 1000)]
    assert slots(made, "again") == []


def test_sessions_and_prepared_transactions_are_named_and_refused(made):
    with made.source.connect("used", application_name="the shop") as conn:
        conn.execute("BEGIN")
        conn.execute("INSERT INTO t VALUES (1)")
        conn.execute("PREPARE TRANSACTION 'later'")
        conn.execute("SELECT 1")
        report = stop(made, "used", check=1)
        pid = conn.info.backend_pid
        assert [item["object"] for item in items(report, "ko")] == [
            f"session {pid}", "later"]
        assert "the shop" in items(report, "ko")[0]["detail"]
    report = stop(made, "used", check=1)
    assert [item["object"] for item in items(report, "ko")] == ["later"]
    assert load_state(made, "used") == "subscribed"
    made.source.psql("COMMIT PREPARED 'later'", "used")
    stop(made, "used")
    assert made.destination.query("SELECT id FROM t", db="used") == [(1,)]


def test_force_hands_over_what_was_committed_and_warns(made):
    with made.source.connect("forced") as conn:
        conn.execute("INSERT INTO t VALUES (1)")
        report = stop(made, "forced", "--force")
        assert items(report, "warn", f"session {conn.info.backend_pid}")
    assert load_state(made, "forced") == "handed over"
    assert made.destination.query("SELECT id FROM t", db="forced") == [(1,)]


def enabled(server, db):
    return server.query("SELECT tgname, tgenabled::text FROM pg_trigger "
                        "WHERE NOT tgisinternal UNION ALL SELECT rulename, "
                        "ev_enabled::text FROM pg_rewrite "
                        "WHERE rulename = 'twice' ORDER BY 1", db=db)


def test_triggers_and_rules_fire_once_and_are_on_after_stop(made):
    assert set(dict(enabled(made.destination, "fires")).values()) == {"D"}
    made.source.psql("INSERT INTO t SELECT generate_series(1, 10); "
                     "INSERT INTO ruled VALUES (1)", "fires")
    stop(made, "fires")
    assert_same_rows(made.source, made.destination, ["fires"])
    assert made.destination.value("SELECT count(*) FROM audit",
                                  db="fires") == 11
    assert enabled(made.destination, "fires") == enabled(made.source, "fires")
    made.destination.psql("INSERT INTO t VALUES (11)", "fires")
    assert made.destination.value("SELECT count(*) FROM audit",
                                  db="fires") == 12


def test_trigger_that_is_gone_does_not_keep_stop_from_ending(made):
    made.destination.psql("DROP TRIGGER gone ON t; DROP RULE gone ON u",
                          "dropped")
    report = stop(made, "dropped")
    assert len(items(report, "skip", "gone")) == 2
    assert made.destination.query(
        "SELECT tgname, tgenabled::text FROM pg_trigger "
        "WHERE NOT tgisinternal", db="dropped") == [("stays", "A")]


def test_materialized_views_are_refreshed_in_order(made):
    made.source.psql("INSERT INTO t SELECT generate_series(1, 9); "
                     "REFRESH MATERIALIZED VIEW z; "
                     "REFRESH MATERIALIZED VIEW a", "views")
    stop(made, "views")
    assert made.destination.value("SELECT n FROM a", db="views") == 10
    assert made.destination.value(
        "SELECT relispopulated FROM pg_class WHERE relname = 'empty'",
        db="views") is False


def test_materialized_view_is_refreshed_once_while_rows_are_still(made):
    """It may take long, and the application waits for the end of stop."""
    over = threading.Event()

    def count():
        with made.source.connect("counting") as conn:
            while not over.is_set():
                conn.execute("SELECT nextval('used')")
    made.source.psql("INSERT INTO t SELECT generate_series(1, 9)", "counting")
    thread = threading.Thread(target=count)
    thread.start()
    try:
        report = stop(made, "counting", "--force")
    finally:
        over.set()
        thread.join()
    assert items(report, "warn", "changes")     # there were several rounds
    assert len(items(report, "ok", "public.m")) == 1
    assert made.destination.value("SELECT n FROM m", db="counting") == 9


def test_no_refresh_lists_materialized_views(made):
    report = stop(made, "listed", "--no-refresh")
    assert items(report, "skip", "public.m")
    assert made.destination.value(
        "SELECT relispopulated FROM pg_class WHERE relname = 'm'",
        db="listed") is False


def test_killed_between_the_mark_and_the_end_goes_on(made):
    lock = made.pgrepup.home / "state/pgrepup/pgrepup/lock"
    made.source.psql("INSERT INTO t VALUES (1)", "killed")
    with made.destination.connect("killed", autocommit=False) as conn:
        # dropping the subscription, which follows the mark, must wait
        conn.execute("LOCK TABLE pglogical.subscription "
                     "IN ACCESS EXCLUSIVE MODE")
        face = made.pgrepup.spawn("stop", "--yes", "--only", "killed")
        # what a session does with a password in reach is not to be seen
        wait_for(lambda: load_state(made, "killed") == "handed over"
                 and made.destination.query(
                     "SELECT 1 FROM pg_stat_activity "
                     "WHERE datname = 'killed' AND wait_event_type = 'Lock' "
                     "AND application_name = 'pgrepup'"))
        os.kill(json.loads(lock.read_text())["pid"], signal.SIGKILL)
        face.communicate(timeout=30)
        # nor does what the runner had asked for happen after its death
        made.destination.query(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
            "WHERE datname = 'killed' AND application_name = 'pgrepup'")
        wait_for(lambda: not made.destination.query(
            "SELECT 1 FROM pg_stat_activity WHERE datname = 'killed' "
            "AND application_name = 'pgrepup'"))
    assert slots(made, "killed") != []
    one = made.pgrepup.json("status", "--only", "killed")["databases"][0]
    assert one["state"] == "stopped"
    # nothing is copied again, and what is left over goes
    made.pgrepup("start", "--only", "killed")
    assert made.destination.query("SELECT id FROM t", db="killed") == [(1,)]
    stop(made, "killed")
    assert slots(made, "killed") == []
    assert made.destination.query(
        "SELECT roname FROM pg_replication_origin WHERE roname LIKE %s",
        ["%killed%"]) == []


def test_lost_slot_is_told_and_nothing_is_handed_over(made):
    [(slot,)] = slots(made, "lost_slot")
    made.destination.psql(
        "SELECT pglogical.alter_subscription_disable(sub_name, true) "
        "FROM pglogical.subscription", "lost_slot")
    wait_for(lambda: made.source.query(
        "SELECT active FROM pg_replication_slots WHERE slot_name = %s",
        [slot]) == [(False,)])
    made.source.query("SELECT pg_drop_replication_slot(%s)", [slot])
    report = stop(made, "lost_slot", check=6)
    assert slot in json.dumps(report["errors"])
    assert "setup --again" in json.dumps(report["errors"])
    assert load_state(made, "lost_slot") == "subscribed"


@pytest.mark.matrix
def test_a_schema_may_take_longer_to_read_than_other_statements(pair):
    """One of very many objects does; here somebody holds a catalog."""
    made = pair(15, 18)
    made.source.psql("CREATE DATABASE app")
    made.source.psql("CREATE TABLE t (id int PRIMARY KEY)", "app")
    made.pgrepup("setup")
    made.pgrepup("start")
    with made.source.connect("app", autocommit=False) as holder:
        holder.execute("LOCK TABLE pg_catalog.pg_policy")
        stop = made.pgrepup.spawn("stop", "--dry-run", "--force")
        wait_for(lambda: made.source.query(
            "SELECT 1 FROM pg_stat_activity WHERE wait_event_type = 'Lock' "
            "AND now() - query_start > '63 s'"), 100, "more than a minute")
        holder.rollback()
    assert stop.wait(60) == 0
