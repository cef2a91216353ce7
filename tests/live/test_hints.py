# SPDX-License-Identifier: PostgreSQL
"""A hint works when followed to the letter: a shell runs the commands out of
the hint, nothing else is done but what it asks a person for, and then what
failed goes on. One pair, on its way from two bare servers to the hand-over."""
import contextlib
import json
import os
import shlex
import subprocess

import psycopg
import pytest
from harness import assert_same_rows, wait_for
from harness.program import PROGRAM
from hints import commands_in

pytestmark = pytest.mark.xdist_group("hints")

ODD = "a\n\x01 'b\\"      # a terminal shows another name
DATABASES = ["app", "first", ODD]
# what a shell is told of the program: where it is, and that we said yes
SHELL = 'pgrepup() { %s "$@" %s; }\n%s'
ASKED = ("fix", "setup --again", "stop", "uninstall")


def shell(p, command):
    """Types it, with --yes where the program would ask."""
    words = command.split(" ", 1)[1]
    yes = "--yes" if words.startswith(ASKED) else ""
    done = subprocess.run(
        ["bash", "-c", SHELL % (shlex.quote(PROGRAM), yes, command)],
        env=p.pgrepup.env, cwd=p.pgrepup.home, stdin=subprocess.DEVNULL,
        text=True, capture_output=True, timeout=120, check=False)
    return done.returncode, done.stdout + done.stderr


def hint_of(p, *words, exit=None):
    """The hint of the first error that has one, of a command that fails."""
    told = p.pgrepup(*words, "--json", check=False)
    assert told.rc != 0 and exit in (None, told.rc), told
    return next(error["hint"] for error in told.json["errors"]
                if error["hint"])


def follow(p, *words):
    """What fails, after each command of its hint, is done: once. The commands
    that were run."""
    hint = hint_of(p, *words)
    commands = list(commands_in(hint))
    assert commands, hint
    for command in commands:
        status, output = shell(p, command)
        assert status == 0, f"{hint}\n{command}: {output}"
    p.pgrepup(*words)
    return commands


@pytest.fixture(scope="module")
def bare(clusters):
    """Two servers as initdb leaves them, and databases."""
    made = clusters.pair(15, 17, bare=True)
    made.pgrepup("config", "set", "databases.exclude=postgres")
    made.source.psql("CREATE DATABASE app")
    made.source.psql("CREATE DATABASE first")
    with made.source.connect() as conn:
        conn.execute('CREATE DATABASE "' + ODD + '"')
    for name in DATABASES:
        with made.source.connect(name) as conn:
            conn.execute("CREATE TABLE t (id int PRIMARY KEY);"
                         "INSERT INTO t SELECT generate_series(1, 50)")
    yield made
    for server in (made.destination, made.source):
        with contextlib.suppress(subprocess.CalledProcessError):
            server.kill()
    made.destroy()


# --- before anything is made --------------------------------------------------

@pytest.mark.parametrize("command", ["check", "setup"])
def test_a_server_that_dies_during_check_is_no_finding(bare, command):
    """Not "4 checks are KO", with a hint to fix them."""
    with contextlib.suppress(psycopg.OperationalError), \
            bare.source.connect("app", autocommit=False) as conn:
        conn.execute("LOCK TABLE pg_catalog.pg_event_trigger")
        face = bare.pgrepup.spawn(command, "--json")
        wait_for(lambda: bare.source.query(
            "SELECT 1 FROM pg_stat_activity WHERE datname = 'app' AND "
            "wait_event_type = 'Lock' AND application_name = 'pgrepup'"))
        bare.source.kill()
    told = json.loads(face.communicate(timeout=60)[0])
    assert face.returncode == 4, told
    assert {error["kind"] for error in told["errors"]} == {"connect"}
    assert not [c for c in told["checks"] if c["id"] == "connection"
                and c["status"] == "ko"], told
    test = "pgrepup config test source"
    if command == "check":
        assert test in commands_in(told["errors"][0]["hint"])
    assert shell(bare, test)[0] == 4
    bare.source.start()
    assert shell(bare, test)[0] == 0
    assert bare.pgrepup(command, check=False).rc == 1


def test_what_is_no_configuration_file(bare, tmp_path):
    pgrepup = bare.pgrepup
    os.mkfifo(tmp_path / "fifo")
    for path in (tmp_path, tmp_path / "fifo"):
        hint = hint_of(bare, "check", "-c", path, exit=3)
        assert "Name another file by --config" in hint
        pgrepup("config", "get", "-c", pgrepup.config)
    missing = tmp_path / "a 'new' one"
    ask, command = commands_in(hint_of(bare, "status", "-c", missing, exit=3))
    assert shell(bare, f"{command} source.host=db1")[0] == 0
    assert "db1" in missing.read_text() and ask in command
    ini = tmp_path / "old $HOME"
    ini.write_text("[Source]\nhost = db1\n")
    ini.chmod(0o600)
    command, = commands_in(hint_of(bare, "status", "-c", ini, exit=3))
    status, output = shell(bare, command)
    assert status == 0, output
    pgrepup("config", "get", "source.host", "-c", ini)


# --- on the way ----------------------------------------------------------------

@pytest.fixture(scope="module")
def made(bare):
    """All of them replicate; but `first` is handed over."""
    p = bare
    assert list(commands_in(hint_of(p, "start", exit=6))) == ["pgrepup setup"]
    status, output = shell(p, "pgrepup setup")
    assert status == 1 and "in the way" in output
    fix, setup = commands_in(hint_of(p, "setup", exit=1))
    status, output = shell(p, fix)
    assert status == 0 and "Restart needed" in output
    for server in (p.source, p.destination):
        server.restart()
    assert shell(p, setup)[0] == 0
    # one that is not started is started, with the others
    assert follow(p, "stop", "--yes", "--only=first") == ["pgrepup start"]
    return p


def slot_of(p, db):
    return p.source.value("SELECT slot_name FROM pg_replication_slots "
                          "WHERE database = %s", [db])


def drop_slot(p, db):
    """Somebody does, and ends who reads it."""
    slot = slot_of(p, db)

    def dropped():
        p.source.query("SELECT pg_terminate_backend(active_pid) FROM "
                       "pg_replication_slots WHERE slot_name = %s", [slot])
        return not p.source.query(
            "SELECT pg_drop_replication_slot(slot_name) IS NULL FROM "
            "pg_replication_slots WHERE slot_name = %s AND NOT active",
            [slot]) == []
    wait_for(dropped, 30, "an end of the slot")


def load_state(p, db):
    return p.destination.value("SELECT state FROM pgrepup.load", db=db)


def status_of(p, db):
    told = p.pgrepup.json("status", check=False)
    return next(d for d in told["databases"] if d["database"] == db)


def replicating(p, db):
    return status_of(p, db)["state"] == "replicating"


def test_a_slot_that_is_gone_beside_one_that_was_handed_over(made):
    """setup --again of all refuses what is handed over."""
    assert load_state(made, "first") == "handed over"
    drop_slot(made, "app")
    anew = ["pgrepup setup --again --only=app", "pgrepup start --only=app"]
    for words in (["start"], ["stop", "--yes", "--only=app"]):
        assert list(commands_in(hint_of(made, *words, exit=6))) == anew
    assert list(commands_in(status_of(made, "app")["hint"])) == anew
    for command in anew:
        assert shell(made, command)[0] == 0
    made.pgrepup("start")
    assert replicating(made, "app")
    assert load_state(made, "first") == "handed over"


def test_what_is_handed_over_stays_so_until_it_is_named(made):
    hint = hint_of(made, "setup", "--again", "--yes", "--only=first",
                   "--only=app", exit=6)
    command, = commands_in(hint)
    assert shlex.split(command)[1:] == [
        "setup", "--again", "--only=first", "--only=app", "--discard=first"]
    assert load_state(made, "first") == "handed over"


def test_a_table_that_came_after_setup(made):
    """In a database whose name no terminal shows."""
    with made.source.connect(ODD) as conn:
        conn.execute("CREATE TABLE late (id int PRIMARY KEY);"
                     "INSERT INTO late VALUES (1)")
    hint = hint_of(made, "stop", "--yes", "--only", ODD, exit=1)
    commands = list(commands_in(hint))
    assert len(commands) == 2 and all(c.isprintable() for c in commands)
    for command in commands:
        assert shell(made, command)[0] == 0, command
    made.pgrepup("stop", "--yes", "--dry-run", "--only", ODD)
    assert_same_rows(made.source, made.destination, [ODD])


def test_a_name_that_is_no_option_is_not_passed_over(made):
    """It would have been stop of all."""
    for words in (["stop", "--yes", "app"], ["setup", "--again", "app"],
                  ["uninstall", "--yes", "app"], ["disable", "app"],
                  ["start", "app"]):
        command, = commands_in(hint_of(made, *words, exit=2))
        assert command == f"pgrepup {words[0]} --only=app"
    assert shell(made, command)[0] == 0


def test_a_name_as_a_terminal_shows_it(made):
    """Not the one that it is; the hint has that one, in a form that is
    shown."""
    plain = made.pgrepup("status", check=False).stdout
    shown = ODD.replace("\n", "?").replace("\x01", "?")
    assert shown in plain
    hint = hint_of(made, "start", "--only", shown, exit=2)
    option = hint.partition("give ")[2].rstrip(".")
    assert option.isprintable()
    assert shell(made, f"pgrepup start {option}")[0] == 0


def test_an_operation_that_is_at_work_is_waited_for_or_followed(made):
    with made.destination.connect("app", autocommit=False) as conn:
        conn.execute("LOCK TABLE pglogical.subscription IN ACCESS EXCLUSIVE "
                     "MODE")
        face = made.pgrepup.spawn("disable", "--only=app")
        wait_for(lambda: made.destination.query(
            "SELECT 1 FROM pg_stat_activity WHERE datname = 'app' AND "
            "wait_event_type = 'Lock' AND application_name = 'pgrepup'"))
        hint = hint_of(made, "setup", exit=6)
        assert "run the same command to follow it" in hint
        other = made.pgrepup.spawn("disable", "--only=app")
        wait_for(lambda: "ollow" in other.stderr.readline()
                 + other.stdout.readline())
        conn.rollback()
    assert face.wait(60) == 0 and other.wait(60) == 0
    command, = commands_in(status_of(made, "app")["hint"])
    assert shell(made, command)[0] == 0 and replicating(made, "app")


def test_the_supervisor_of_pglogical_comes_back_with_the_server(made):
    def workers(of):
        return made.destination.query(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE "
            "backend_type ~ %s", [f"^pglogical {of}"])
    workers("supervisor")
    wait_for(lambda: not workers("supervisor"))
    wait_for(lambda: not workers(""))
    one = status_of(made, "app")
    assert "supervisor" in one["last_error"], one
    assert "Restart the PostgreSQL server of the destination" in one["hint"]
    made.destination.restart()
    command, = commands_in(one["hint"])
    assert shell(made, command)[0] == 0
    assert replicating(made, "app")
