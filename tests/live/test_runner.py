# SPDX-License-Identifier: PostgreSQL
"""The runner: an operation outlives its terminal, one at a time, stops when
asked, and is taken up again after a kill."""
import json
import os
import resource
import signal
from pathlib import Path

import pytest
from harness import assert_same_rows, held_lock, wait_for

TABLES = """
CREATE TABLE t (id int PRIMARY KEY, x text);
INSERT INTO t SELECT g, 'row ' || g FROM generate_series(1, 1000) g;
"""


@pytest.fixture
def ready(pair):
    """A pair that is set up, and a transaction on the source that keeps
    start waiting for as long as it is open."""
    made = pair(13, 17)
    made.source.psql("CREATE DATABASE app")
    made.source.psql(TABLES, "app")
    made.pgrepup("setup")
    made.blocker = made.source.connect("app", autocommit=False)
    made.blocker.execute("INSERT INTO t VALUES (0, 'open')")
    yield made
    made.blocker.close()


def journal(pgrepup):
    text = (pgrepup.home / "state/pgrepup/pgrepup/journal").read_text()
    return [json.loads(line) for line in text.splitlines()]


def runner_pid(pgrepup):
    lock = pgrepup.home / "state/pgrepup/pgrepup/lock"
    return json.loads(lock.read_text())["pid"]


def begins(pgrepup, command):
    return [r for r in journal(pgrepup)
            if r["type"] == "begin" and r["command"] == command]


def wait_for_start(pgrepup, made):
    """Until start waits for the blocker, and says so."""
    wait_for(lambda: begins(pgrepup, "start"), what="start")
    pid = str(made.blocker.info.backend_pid)
    wait_for(lambda: any(pid in json.dumps(r) for r in journal(pgrepup)
                         if r["type"] in ("log", "item")),
             what="a word on the transaction that start waits for")


def test_loss_of_the_terminal_leaves_the_runner_at_work(ready):
    pgrepup = ready.pgrepup
    terminal = pgrepup.terminal("start")
    wait_for_start(pgrepup, ready)
    terminal.hang_up()
    terminal.wait()
    pid = runner_pid(pgrepup)
    os.kill(pid, 0)
    # the same command follows it to its end
    again = pgrepup.spawn("start")
    ready.blocker.commit()
    out, err = again.communicate(timeout=60)
    assert again.returncode == 0, out + err
    assert f"already running (process {pid})" in err
    assert len(begins(pgrepup, "start")) == 1
    assert_same_rows(ready.source, ready.destination, ["app"])


def test_another_command_is_refused_and_told_why(ready):
    pgrepup = ready.pgrepup
    first = pgrepup.spawn("start")
    wait_for_start(pgrepup, ready)
    refused = pgrepup("stop", "--yes", check=6)
    assert "start" in refused.stderr
    assert str(runner_pid(pgrepup)) in refused.stderr
    ready.blocker.commit()
    assert first.wait(60) == 0


def test_pgrepup_elsewhere_is_refused(ready, clusters):
    first = ready.pgrepup.spawn("start")
    wait_for_start(ready.pgrepup, ready)
    other = clusters.program()
    try:
        other.bin_dir = ready.pgrepup.bin_dir
        other.configure(ready)
        refused = other("start", check=6)
        assert "another pgrepup is at work" in refused.stderr
        # nor by way of another database, where the lock is another one
        for side in ("source", "destination"):
            other("config", "set", f"{side}.dbname=app")
        refused = other("start", check=6)
        assert "another pgrepup is at work" in refused.stderr
    finally:
        other.close()
    ready.blocker.commit()
    assert first.wait(60) == 0


def test_interrupt_stops_cleanly_and_start_goes_on(ready):
    pgrepup = ready.pgrepup
    terminal = pgrepup.terminal("start")
    wait_for_start(pgrepup, ready)
    terminal.send("\x03")
    assert terminal.wait(20) == 7
    assert "Run the same command again" in terminal.text
    assert not pgrepup.processes()
    # no slot keeps WAL on the source
    assert ready.source.query(
        "SELECT slot_name FROM pg_replication_slots") == []
    ready.blocker.commit()
    pgrepup("start")
    assert_same_rows(ready.source, ready.destination, ["app"])


def test_a_run_that_has_ended_is_not_followed(pair):
    pgrepup = pair(13, 17).pgrepup
    pgrepup("check", "local")
    ended = begins(pgrepup, "check")[-1]["run"]
    # as the runner has it between its last word and its exit
    with held_lock(pgrepup.home / "state/pgrepup/pgrepup", run=ended,
                   command="check"):
        refused = pgrepup("check", "local", check=6)
    assert "another pgrepup is at work" in refused.stderr
    assert "following it" not in refused.stderr
    pgrepup("check", "local")


def test_interrupt_of_a_follower_leaves_it_to_who_started_it(ready):
    pgrepup = ready.pgrepup
    first = pgrepup.spawn("start")
    wait_for_start(pgrepup, ready)
    pid = runner_pid(pgrepup)
    second = pgrepup.terminal("start")
    waits = str(ready.blocker.info.backend_pid)
    second.expect(waits)
    second.send("\x03")
    assert second.wait(20) == 130
    assert f"it goes on as process {pid}" in second.text
    os.kill(pid, 0)
    # with nobody else there, it is the follower's
    third = pgrepup.terminal("start")
    third.expect(waits)
    first.kill()
    first.wait(20)
    third.send("\x03")
    assert third.wait(20) == 7
    # it has said its end, and is about to be gone
    wait_for(lambda: not pgrepup.processes(), 20, "the end of the runner")


def test_killed_runner_is_told_and_taken_up_again(ready):
    pgrepup = ready.pgrepup
    face = pgrepup.spawn("start")
    wait_for_start(pgrepup, ready)
    os.kill(runner_pid(pgrepup), signal.SIGKILL)
    _, err = face.communicate(timeout=20)
    assert face.returncode == 7
    assert "has died" in err
    ready.blocker.commit()
    pgrepup("start")
    assert_same_rows(ready.source, ready.destination, ["app"])


def test_loss_of_a_server_ends_the_operation(ready):
    pgrepup = ready.pgrepup
    face = pgrepup.spawn("start", "--json")
    wait_for_start(pgrepup, ready)
    ready.destination.kill()
    out, err = face.communicate(timeout=60)
    assert face.returncode in (4, 5), out + err
    told = json.loads(out)
    assert not told["ok"] and told["errors"], told
    ready.destination.start()
    ready.blocker.commit()
    pgrepup("start")
    assert_same_rows(ready.source, ready.destination, ["app"])


def test_log_shows_what_was_done_without_a_password(ready):
    told = ready.pgrepup("log")
    assert "setup" in told.stdout
    assert ready.source.password not in told.output
    lines = ready.pgrepup("log", "--json").stdout.splitlines()
    assert {json.loads(line)["type"] for line in lines} >= {"begin", "end"}


def state_folder(pgrepup):
    return pgrepup.home / "state/pgrepup/pgrepup"


def test_no_operation_begins_on_a_full_disk(pair, disk):
    made = pair(13, 17)
    folder = state_folder(made.pgrepup)
    full = disk(folder, "1m")
    full.fill()
    before = made.destination.query("SELECT rolname FROM pg_roles")
    refused = made.pgrepup("setup", check=5)
    assert "No space left" in refused.stderr
    assert "Make room" in refused.stderr
    assert made.destination.query("SELECT rolname FROM pg_roles") == before
    (folder / "ballast").unlink()
    made.pgrepup("setup")


def test_an_operation_ends_when_its_disk_is_full(ready, disk):
    pgrepup = ready.pgrepup
    folder = state_folder(pgrepup)
    full = disk(folder, "2m")
    (folder / "ballast").write_bytes(bytes(1 << 20))
    face = pgrepup.spawn("start")
    wait_for_start(pgrepup, ready)
    full.fill(folder / "journal", b"\n")     # to the last byte
    _, err = face.communicate(timeout=60)
    assert face.returncode == 5, err
    assert "No space left" in err and "has ended" in err
    assert not pgrepup.processes()
    ready.blocker.commit()
    refused = pgrepup("start", check=5)
    assert "No space left" in refused.stderr
    (folder / "ballast").unlink()
    pgrepup("start")
    assert_same_rows(ready.source, ready.destination, ["app"])


@pytest.mark.parametrize("argv", [[], ["--runner"], ["--monitor"],
                                  ["--probe"]])
def test_no_process_leaves_a_core_file(pgrepup, argv):
    """There are passwords in it."""
    resource.setrlimit(resource.RLIMIT_CORE,
                       (resource.getrlimit(resource.RLIMIT_CORE)[1],) * 2)
    pid = pgrepup.terminal(*argv).child.pid

    def limit():
        lines = Path(f"/proc/{pid}/limits").read_text().splitlines()
        return [line.split()[4:6] for line in lines
                if line.startswith("Max core")]
    wait_for(lambda: limit() == [["0", "0"]], 10, "no core files")
