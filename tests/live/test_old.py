# SPDX-License-Identifier: PostgreSQL
"""Sources before 10, where PGREPUP_OLD_SERVERS names a folder of them: what is
not on the straight way that test_journey.py goes."""
import re
import subprocess

import pytest
from harness import (OLD, Writer, assert_same_catalog, assert_same_rows,
                     catalog_snapshot, sequences, wait_for)
from harness.servers import bindir
from test_fix import narrow_hba
from test_fix_undo import states as fix_states
from test_journey import assert_nothing_of_ours, states
from test_kill import crash_each_in_start, kill_in_each_step
from test_native import slots
from test_sql import prepare_every_statement, run_every_statement
from test_tui_journey import journey_by_keys

pytestmark = pytest.mark.matrix
EVERY = pytest.mark.parametrize("old", OLD)

APP = """
CREATE TABLE t (id serial PRIMARY KEY, x text);
INSERT INTO t (x) SELECT 'row ' || g FROM generate_series(1, 1000) g;
CREATE TABLE no_key (x text);
INSERT INTO no_key VALUES ('a'), ('a');
"""


def make_app(made):
    made.source.psql("CREATE DATABASE app")
    made.source.psql(APP, "app")


def check_of(made, id, database=None):
    return {c["status"] for c in made.pgrepup.json(
        "check", "source", check=False)["checks"]
        if c["id"] == id and c["database"] == database}


def restart(made):
    for server in (made.source, made.destination):
        server.restart()


# --- pg_hba.conf, which only COPY can read ----------------------------------

@EVERY
def test_bare_server_is_fixed_and_is_as_before_after_undo(pair, old):
    made = pair(old, 17, bare=True)
    make_app(made)
    narrow_hba(made.source)
    before, hba = catalog_snapshot(made.source), made.source.hba
    assert check_of(made, "pg_hba") == {"ko"}
    # looking at the file must not end the transaction that can put it back
    assert "in progress" not in made.pgrepup("fix", "--yes",
                                             check=False).output
    restart(made)
    made.pgrepup("fix", "--yes")
    assert check_of(made, "pg_hba") == {"ok"}
    added = made.source.hba[:-len(hba)]
    assert made.source.hba.endswith(hba)
    # a walsender of such a server is let in by that word only
    assert re.search(r"^host +replication +\S*pgrepup_replication", added,
                     re.M), added
    restart(made)
    made.pgrepup("check")
    # wal_level can go back once max_wal_senders has
    planned = made.pgrepup.json("fix", "--undo", "--dry-run", "all")
    assert set(fix_states(planned)) == {"planned"}, planned
    answer = made.pgrepup.json("fix", "--undo", "--yes", "all", check=False)
    assert set(fix_states(answer)) == {"done"}, answer
    made.source.restart()
    assert made.source.hba == hba
    assert_same_catalog(before, catalog_snapshot(made.source))


@EVERY
def test_hba_with_an_error_of_somebody_is_left_alone(pair, old):
    made = pair(old, 17)
    narrow_hba(made.source)
    path = made.source.data / "pg_hba.conf"
    with path.open("a") as file:
        file.write("host all all 127.0.0.1/33 md5\n")
    before = path.read_bytes()
    assert "error" in made.pgrepup("fix", "pg_hba@source", "--yes",
                                   check=6).output
    assert path.read_bytes() == before


# --- the SQL ----------------------------------------------------------------

@EVERY
def test_every_statement_is_accepted_and_runs(server, old):
    prepare_every_statement(server, old)
    run_every_statement(server, old)


# --- rights of which no dump tells -------------------------------------------

@pytest.mark.parametrize("old", [one for one in OLD if one < 9.6])
def test_functions_stay_taken_from_public(pair, old):
    made = pair(old, 17)
    make_app(made)
    made.pgrepup("fix", "--yes")
    sleep, version = "pg_sleep(double precision)", "version()"
    made.source.psql(
        f"CREATE ROLE monitor; CREATE ROLE other; REVOKE EXECUTE ON FUNCTION "
        f"{sleep}, pg_current_xlog_location() FROM PUBLIC; GRANT EXECUTE ON "
        f"FUNCTION {sleep} TO monitor", "app")
    warned = [c["object"] for c in made.pgrepup.json(
        "check", "source", check=False)["checks"]
        if c["id"] == "revoked_functions" and c["status"] == "warn"]
    assert warned == ["pg_catalog.pg_current_xlog_location()",
                      f"pg_catalog.{sleep}"]
    said = made.pgrepup("setup").output
    assert "taken from PUBLIC, as on the source" in said
    assert "the destination has none such" in said
    may = ("SELECT has_function_privilege(%s, %s, 'EXECUTE')")
    assert made.destination.value(may, ["monitor", sleep], db="app")
    assert not made.destination.value(may, ["other", sleep], db="app")
    made.pgrepup("start")
    made.source.psql(f"REVOKE EXECUTE ON FUNCTION {version} FROM PUBLIC",
                     "app")
    refused = made.pgrepup("stop", "--yes", "--only", "app", check=1).output
    assert f"EXECUTE on FUNCTION pg_catalog.{version} to PUBLIC" in refused
    made.destination.psql(f"REVOKE EXECUTE ON FUNCTION {version} FROM PUBLIC",
                          "app")
    made.pgrepup("stop", "--yes")
    made.pgrepup("uninstall", "--yes")
    assert not made.destination.value(may, ["other", sleep], db="app")


# --- less walked paths ------------------------------------------------------

@EVERY
def test_set_up_again_asked_about_and_reported(pair, old):
    made = pair(old, 15)
    pgrepup = made.pgrepup
    make_app(made)
    pgrepup("fix", "--yes")
    made.source.psql("CREATE UNLOGGED TABLE u (id int PRIMARY KEY)", "app")
    pgrepup("ignore", "unlogged:app", "--reason=only scratch paper")
    assert check_of(made, "unlogged", "app") == {"ignored"}
    assert f"Mechanism pglogical (source is {old}." in pgrepup("check").stdout
    pgrepup("setup")
    # now as the real role, and over the way that replication takes
    pgrepup("check")
    pgrepup("setup")
    pgrepup("start")
    pgrepup("check")
    made.source.psql("CREATE TABLE later (id int PRIMARY KEY);"
                     "INSERT INTO later VALUES (1)", "app")
    pgrepup("stop", "--yes", check=1)
    pgrepup("setup", "--again", "--yes")
    pgrepup("start")
    made.source.psql("DELETE FROM t WHERE id < 10; TRUNCATE no_key;"
                     "INSERT INTO later VALUES (2)", "app")
    wait_for(lambda: states(pgrepup)["app"] == "replicating")
    assert "public.t" in pgrepup("status", "app").stdout
    pgrepup("stop", "--yes")
    assert_same_rows(made.source, made.destination, ["app"])
    assert sequences(made.source, "app") == sequences(made.destination, "app")
    pgrepup("uninstall", "--yes")
    assert "only scratch paper" in pgrepup("report").stdout


@EVERY
def test_server_that_dies_while_it_replicates(pair, old):
    made = pair(old, 17)
    make_app(made)
    made.pgrepup("fix", "--yes")
    made.pgrepup("setup")
    made.pgrepup("start")
    with Writer(made.source, ["app"]) as writer:
        for server in (made.source, made.destination):
            writer.wait_for_progress(20)
            server.kill()
            server.start()
        writer.wait_for_progress(20)
        made.pgrepup("start")
        wait_for(lambda: states(made.pgrepup)["app"] == "replicating")
    # before stop, which compares: tables of the writer came after setup
    made.source.psql("DROP TABLE writer_item, writer_log", "app")
    made.destination.psql("DROP TABLE IF EXISTS writer_item, writer_log",
                          "app")
    made.pgrepup("stop", "--yes")
    assert_same_rows(made.source, made.destination, ["app"])


@EVERY
def test_uninstall_when_the_source_is_gone(pair, old):
    made = pair(old, 17)
    make_app(made)
    made.pgrepup("fix", "--yes")
    made.pgrepup("setup")
    made.pgrepup("start")
    left = [slot for slot in slots(made.source) if "app" in slot]
    made.source.kill()
    made.pgrepup("uninstall", "--yes", check=4)
    said = made.pgrepup("uninstall", "--yes", "--force").stdout
    assert len(left) == 1 and left[0] in said
    assert_nothing_of_ours(made.destination)


@pytest.mark.parametrize("old, new", [(9.6, 18)])
def test_killed_in_each_step_and_run_again(pair, old, new):
    # its slots come one long after the other: some moments are past
    kill_in_each_step(pair(old, new), "pglogical", in_start=3)


@pytest.mark.parametrize("old, new", [(9.6, 17)])
def test_a_server_that_crashes_during_start(pair, old, new):
    crash_each_in_start(pair(old, new), "pglogical")


@EVERY
def test_journey_by_keys(pair, old):
    journey_by_keys(pair(old, 17, bare=True, configure=False))


# --- who reads a slot, which 9.4 does not tell ------------------------------

def test_another_sender_is_not_taken_for_the_reader_of_a_slot(pair):
    """Its name may be the end of the slot's, as the subscription's is."""
    made = pair(9.4, 17)
    make_app(made)
    made.pgrepup("fix", "--yes")
    made.pgrepup("setup")
    made.pgrepup("start")
    slot, = [name for name in slots(made.source) if "app" in name]
    folder = made.pgrepup.tmp / "wal"
    folder.mkdir()
    names = [slot[-n:] for n in (1, 3, 8)]
    readers = [subprocess.Popen(
        [str(bindir(9.4) / "pg_receivexlog"), "-D", str(folder), "-d",
         made.source.conninfo("", application_name=name)]) for name in names]
    try:
        wait_for(lambda: made.source.value(
            "SELECT count(*) FROM pg_stat_replication WHERE state = "
            "'streaming' AND application_name = ANY (%s)", [names]) == 3, what="the readers")
        found = [s["database"] for s in made.pgrepup.json(
            "status")["databases"]]
        assert sorted(found) == ["app", "postgres"]
        made.source.psql("INSERT INTO t (x) VALUES ('last')", "app")
        wait_for(lambda: made.pgrepup.json("status")["xlog_difference"] == 0,
                 what="the last change")
        made.pgrepup("stop", "--yes")
    finally:
        for reader in readers:
            reader.kill()
            reader.wait()
    assert_same_rows(made.source, made.destination, ["app"])
