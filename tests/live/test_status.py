# SPDX-License-Identifier: PostgreSQL
"""status: each state a database can be in, as the servers bring it about."""
import json
import re
import subprocess

import pytest
from harness import wait_for

pytestmark = pytest.mark.xdist_group("status")

ROWS = """
CREATE TABLE t (id int PRIMARY KEY, x text);
INSERT INTO t SELECT g, repeat('x', 100) FROM generate_series(1, 5000) g;
"""
NAMES = ["journey", "gone", "down", "behind", "still"]


@pytest.fixture(scope="module")
def pair(clusters):
    """Databases of these names; the destination keeps a log of its own."""
    made = clusters.pair(13, 17,
                         destination_settings={"logging_collector": "on"})
    for name in NAMES:
        made.source.psql(f"CREATE DATABASE {name}")
        made.source.psql(ROWS, name)
    yield made
    made.destroy()


@pytest.fixture(scope="module")
def running(pair):
    """All but the first replicate."""
    pair.pgrepup("setup", *only(NAMES[1:]))
    pair.pgrepup("start", *only(NAMES[1:]))
    return pair


def only(names):
    return [word for name in names for word in ("--only", name)]


def status(made, *names):
    result = made.pgrepup("status", "--json", *only(names), check=False)
    assert result.json["exit"] == result.rc
    return result.json


def database(made, name):
    [one] = status(made, name)["databases"]
    return one


def wait_for_state(made, name, state):
    wait_for(lambda: database(made, name)["state"] == state, what=state)


def test_from_config_to_stopped(pair):
    first = status(pair, "journey")
    assert first["phase"] == "config" and first["exit"] == 6
    assert first["databases"][0]["state"] == "not set up"
    assert first["databases"][0]["xlog_difference"] is None

    pair.pgrepup("setup", "--only", "journey")
    ready = status(pair, "journey")
    assert ready["phase"] == "setup" and ready["exit"] == 1
    assert ready["databases"][0]["state"] == "ready"

    with pair.destination.connect("journey", autocommit=False) as conn:
        conn.execute("LOCK TABLE t IN SHARE MODE")
        face = pair.pgrepup.spawn("start", "--only", "journey")
        wait_for_state(pair, "journey", "initializing")
        wait_for(lambda: database(pair, "journey")["total_bytes"] > 500000)
        copying = status(pair, "journey")
        assert copying["phase"] == "start" and copying["exit"] == 1
        assert copying["databases"][0]["tables"] == 1
        assert copying["databases"][0]["tables_ready"] == 0
    out, err = face.communicate(timeout=60)
    assert face.returncode == 0, out + err

    wait_for_state(pair, "journey", "replicating")
    replicating = status(pair, "journey")
    one = replicating["databases"][0]
    assert replicating["phase"] == "replicating" and replicating["exit"] == 0
    assert one["tables_ready"] == 1 and one["last_error"] is None
    assert one["copied_bytes"] == one["total_bytes"] > 500000
    assert replicating["xlog_difference"] == one["xlog_difference"] >= 0

    pair.pgrepup("stop", "--yes", "--only", "journey")
    stopped = status(pair, "journey")
    assert stopped["phase"] == "stopped" and stopped["exit"] == 0
    assert stopped["databases"][0]["state"] == "stopped"
    assert stopped["xlog_difference"] == 0
    plain = pair.pgrepup("status", "--only", "journey")
    assert re.search(r"^ journey +stopped ", plain.stdout, re.M)


def test_watch_does_not_look_into_databases_that_replicate(running):
    names = ["gone", "behind", "still"]
    for name in names:
        wait_for_state(running, name, "replicating")
    running.destination.psql("ALTER SYSTEM SET log_connections = on")
    running.destination.reload()
    watch = running.pgrepup.spawn("status", "--json", "--watch=0.1",
                                  *only(names))
    seen = [json.loads(watch.stdout.readline()) for _ in range(10)]
    watch.terminate()
    watch.wait()
    assert all(one["exit"] == 0 for one in seen)
    path = running.destination.value("SELECT pg_current_logfile()")
    log = (running.destination.data / path).read_text()
    for name in names:
        opened = re.findall(rf"authorized: .*database={name} "
                            r"application_name=pgrepup", log)
        assert len(opened) == 1, (name, opened)


def test_a_server_that_does_not_answer(running):
    wait_for_state(running, "gone", "replicating")
    running.source.stop()
    gone = status(running, "gone")
    assert gone["exit"] == 4 and gone["errors"]
    assert gone["databases"][0]["state"] == "down"
    assert "source does not answer" in gone["databases"][0]["last_error"]
    running.source.start()
    wait_for_state(running, "gone", "replicating")
    running.destination.stop()
    gone = status(running, "gone")
    assert gone["exit"] == 4
    assert gone["databases"][0]["state"] == "unknown"
    running.destination.start()
    wait_for_state(running, "gone", "replicating")


def test_down_says_why(running):
    wait_for_state(running, "down", "replicating")
    # the server's own words, from its log
    running.destination.psql("ALTER TABLE t RENAME TO elsewhere", "down")
    running.source.psql("INSERT INTO t VALUES (0, 'new')", "down")
    wait_for_state(running, "down", "down")
    wait_for(lambda: "public.t" in (database(running, "down")["last_error"]
                                    or ""), what="the reason")
    assert status(running, "down")["exit"] == 1
    # and what the catalogs show, which nobody's log can hide
    now = database(running, "down")
    assert now["drift"] == [{"table": "public.t", "owner": "postgres",
                             "differences": [
                                 "it is missing on the destination"]}]
    assert now["retained_bytes"] > 0 and now["safe_bytes"] is None
    assert "without a bound" in running.pgrepup(
        "status", *only(["down"]), check=False).stdout
    running.destination.psql("ALTER TABLE elsewhere RENAME TO t", "down")
    # by itself it may try again after minutes only
    running.pgrepup("start", *only(["down"]))
    wait_for_state(running, "down", "replicating")
    assert running.destination.value("SELECT x FROM t WHERE id = 0",
                                     db="down") == "new"
    # what the views tell
    running.destination.psql(
        "SELECT pglogical.alter_subscription_disable(sub_name, true) "
        "FROM pglogical.subscription", "down")
    wait_for_state(running, "down", "down")
    assert "disabled" in database(running, "down")["last_error"]
    wait_for(lambda: running.source.query(
        "SELECT pg_drop_replication_slot(slot_name) "
        "FROM pg_replication_slots WHERE database = 'down'"))
    assert "slot is gone" in database(running, "down")["last_error"]


def test_catching_up(running):
    wait_for_state(running, "behind", "replicating")
    with running.destination.connect("behind", autocommit=False) as conn:
        conn.execute("LOCK TABLE t IN ACCESS EXCLUSIVE MODE")
        running.source.psql(
            "INSERT INTO t SELECT g, repeat(md5(g::text), 100) "
            "FROM generate_series(10001, 60000) g; "
            "CREATE TABLE fill AS SELECT repeat(md5(g::text), 10) "
            "FROM generate_series(1, 100000) g", "behind")
        wait_for_state(running, "behind", "catching up")
        behind = status(running, "behind")
        assert behind["exit"] == 1
        assert behind["xlog_difference"] > 16 * 1024 * 1024
    wait_for_state(running, "behind", "replicating")


def test_watch_of_a_pipe_ends_with_its_reader(pair):
    watch = pair.pgrepup.spawn("status", "--json", "--watch=0.1")
    json.loads(watch.stdout.readline())
    watch.stdout.close()
    try:
        watch.wait(20)
    except subprocess.TimeoutExpired:
        pytest.fail("goes on although nobody reads")
