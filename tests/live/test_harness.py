# SPDX-License-Identifier: PostgreSQL
"""The test harness itself: what the other tests trust in."""
import signal

import psycopg
import pytest
from harness import (Terminal, Writer, assert_same_catalog, assert_same_rows,
                     catalog_snapshot, sequences, table_hashes, wait_for)
from harness.golden import normal


@pytest.mark.parametrize("one, other", [
    ("app   down  >1m22", "app   down  >2h10"),
    ("app   >59s", "app   >4d03h"),
    ("copied 12 kB of 1.2 GB, 3 t..", "copied 1.2 MB of 1.2 GB, ..."),
    ("WAL kept: 1.2 k..", "WAL kept: 13 byt.."),
    ("ended after 1.2 s, then the ne..", "ended after 12.4 s, then the.."),
    ("took 0.5..│ hint", "took 12 ..│ hint"),
])
def test_a_golden_screen_is_the_same_whatever_varies(one, other):
    assert normal(one, 31) == normal(other, 31)


@pytest.mark.parametrize("one, other", [
    ("usr/lib/17/b..", "usr/lib/16/b.."),
    ("no primary key; needs a ..", "no primary key; wants a .."),
    ("host  127.0...", "host  128.0..."),
    ("shop  3 tab..│ hint", "shop  4 tab..│ hint"),
])
def test_a_golden_screen_differs_in_what_does_not_vary(one, other):
    assert normal(one, 31) != normal(other, 31)


def test_pair_runs_the_versions_asked_for(pair):
    made = pair(13, 18, configure=False)
    assert made.source.setting("server_version").startswith("13.")
    assert made.destination.setting("server_version").startswith("18.")
    assert made.source.setting("wal_level") == "logical"
    assert (made.source.value("SELECT system_identifier FROM "
                              "pg_control_system()")
            != made.destination.value("SELECT system_identifier FROM "
                                      "pg_control_system()"))


def test_bare_server_has_the_settings_of_initdb_for_replication(server):
    bare = server(17, bare=True)
    assert bare.setting("wal_level") == "replica"
    assert bare.setting("shared_preload_libraries") == ""


def test_restart_keeps_rows_and_takes_settings(server):
    one = server(15)
    one.psql("CREATE TABLE t AS SELECT 1 AS a")
    one.restart(work_mem="7MB")
    assert one.setting("work_mem") == "7MB"
    assert one.query("SELECT a FROM t") == [(1,)]


def test_kill_is_recovered_by_start(server):
    one = server(15)
    one.psql("CREATE TABLE t AS SELECT 1 AS a")
    one.kill()
    with pytest.raises(psycopg.OperationalError):
        one.query("SELECT 1")
    one.start()
    assert one.query("SELECT a FROM t") == [(1,)]
    assert "automatic recovery in progress" in one.log


def test_hba_is_read_at_once(server):
    one = server(13)
    before = one.hba
    one.hba = "host all nobody 127.0.0.1/32 reject\n" + before
    with pytest.raises(psycopg.OperationalError, match="pg_hba.conf rejects"):
        one.query("SELECT 1", user="nobody")
    one.hba = before
    with pytest.raises(psycopg.OperationalError, match="authentication"):
        one.query("SELECT 1", user="nobody")


def test_fixtures_load_and_snapshot_is_stable(server, fixtures):
    one = server(13)
    load_fixtures(one, fixtures)
    before = catalog_snapshot(one)
    assert any("animal" in line for line in before["testdb: relation"])
    assert_same_catalog(before, catalog_snapshot(one))
    one.restart()
    assert_same_catalog(before, catalog_snapshot(one))


@pytest.mark.xdist_group("snapshot")
@pytest.mark.parametrize("change", [
    "CREATE ROLE left_behind",
    "ALTER SYSTEM SET work_mem = '5MB'",
    "GRANT USAGE ON SCHEMA \"Mixed Schema\" TO app_ro",
    "CREATE SCHEMA pgrepup",
    "CREATE EXTENSION pglogical",
    "ALTER TABLE fish ADD COLUMN __pgrepup_id bigserial PRIMARY KEY",
    "ALTER TABLE rinothing REPLICA IDENTITY DEFAULT",
    "ALTER TABLE trg DISABLE TRIGGER t",
    "CREATE PUBLICATION left_behind",
    "SELECT pg_create_logical_replication_slot('left', 'pgoutput')",
    "SELECT pg_replication_origin_create('left')",
    "GRANT EXECUTE ON FUNCTION pg_read_file(text) TO app_ro",
    "COMMENT ON TABLE fish IS 'left behind'",
    "ALTER DATABASE testdb SET work_mem = '6MB'",
    "CREATE INDEX left_behind ON fish (name)",
    "ALTER TABLE child DISABLE TRIGGER ALL",
])
def test_snapshot_sees(marked, change):
    """Each kind of thing that can be left behind shows in the snapshot."""
    server, before = marked
    server.psql(change, "testdb")
    with pytest.raises(AssertionError, match="not as it was"):
        assert_same_catalog(before, catalog_snapshot(server))
    marked[1] = catalog_snapshot(server)


@pytest.fixture(scope="module")
def marked(clusters, request):
    server = clusters.server(13)
    load_fixtures(server, request.path.parent.parent / "fixtures")
    yield [server, catalog_snapshot(server)]
    server.destroy()


def load_fixtures(server, fixtures):
    server.psql_file(fixtures / "globals.sql")
    server.psql_file(fixtures / "testdb.sql", "testdb")
    server.psql_file(fixtures / "weird.sql", "Weird-DB name")


def test_row_hashes_see_one_changed_value(pair):
    made = pair(13, 17, configure=False)
    for side in (made.source, made.destination):
        side.psql("CREATE TABLE \"T t\" (a int, d date, \"Ä\" text);"
                  "INSERT INTO \"T t\" SELECT g, '2020-01-01', 'x' "
                  "FROM generate_series(1, 1000) g;"
                  "CREATE SCHEMA pgrepup; CREATE TABLE pgrepup.x ();"
                  "CREATE SEQUENCE s; SELECT nextval('s')")
    made.destination.psql("ALTER DATABASE postgres SET DateStyle = 'German'")
    assert_same_rows(made.source, made.destination)
    assert table_hashes(made.source, "postgres").keys() == {"public.T t"}
    assert sequences(made.source, "postgres") == {"public.s": (1, True)}
    made.destination.psql("UPDATE \"T t\" SET \"Ä\" = 'y' WHERE a = 77")
    with pytest.raises(AssertionError, match="rows differ"):
        assert_same_rows(made.source, made.destination)


def test_writer_survives_a_crash_and_accounts_for_everything(server):
    one = server(15)
    one.psql("CREATE DATABASE app")
    with Writer(one, ["postgres", "app"]) as writer:
        writer.wait_for_progress(50)
        one.kill()
        one.start()
        writer.wait_for_progress(50)
    writer.verify(one)
    one.psql("DELETE FROM writer_item WHERE id = (SELECT max(id) FROM "
             "writer_item)", "app")
    one.psql("DELETE FROM writer_log; DELETE FROM writer_item", "postgres")
    with pytest.raises(AssertionError, match="missing"):
        writer.verify(one)


def test_writer_reports_an_error_of_the_server(server):
    one = server(15)
    with Writer(one, ["postgres"]) as writer:
        writer.wait_for_progress(10)
        one.psql("ALTER TABLE writer_item ADD CHECK (n < 0) NOT VALID")
        wait_for(lambda: writer.errors, 20)
    with pytest.raises(AssertionError, match="the writer met"):
        writer.check()


def test_wait_for_tells_the_last_answer():
    with pytest.raises(AssertionError, match="last: \\[\\]"):
        wait_for(lambda: [], 0.1)


def test_terminal_shows_what_the_program_says(pgrepup):
    term = pgrepup.terminal("help")
    term.expect("Commands")
    assert term.wait() == 0


def test_sanitizer_reports_are_found_once(pgrepup):
    pgrepup("help")
    assert pgrepup.sanitizer_reports() == []
    report = "==123==ERROR: AddressSanitizer: heap-use-after-free"
    (pgrepup.reports / "asan.123").write_text(report)
    (pgrepup.reports / "asan.124").write_text(
        "==124==Unable to get registers from thread 125.")
    assert pgrepup.sanitizer_reports() == [report]
    assert pgrepup.sanitizer_reports() == []


def test_terminal_has_a_size_and_is_the_controlling_one(pgrepup):
    term = Terminal(["/bin/sh", "-c", "stty size; exec cat </dev/tty"],
                    pgrepup.env, pgrepup.home)
    term.expect("24 80")
    term.send("hello\r")
    term.expect("hello\r\nhello")     # the terminal's echo, then cat
    term.send("\x03")
    assert term.wait() == -signal.SIGINT
