# SPDX-License-Identifier: PostgreSQL
"""What people and clusters can give that is wrong or hostile: it is refused
with a word that helps, before anything is touched, or carried as it is."""
import json
import socket
import threading
import time
from pathlib import Path

import pytest
from harness import (assert_same_catalog, assert_same_rows, catalog_snapshot,
                     sequences, wait_for)
from psycopg import sql

NAMES = [
    'we"ird \'na\\me',
    "UPPER Space ",
    "new\nline\ttab",
    "%s%n%1$d {0} $1 $$",
    "я" * 31 + "x",                     # 63 bytes
    "'; DROP TABLE t; --",
    '"; DROP TABLE t; --',
    "host=nowhere dbname=x",
    "postgresql://u:p@nowhere/x",
    "a.b,c",
    "--help",
]
COMMANDS = ["check", "fix", "setup", "start", "status", "stop", "uninstall"]
# what may run without a question
WITH_YES = ("fix", "stop", "uninstall")


def words_of(command):
    return [command, "--yes"] if command in WITH_YES else [command]


# --- names -----------------------------------------------------------------

def fill_weird(conn, name):
    """One schema of that name, with everything in it of that name too."""
    def run(text, **names):
        conn.execute(sql.SQL(text).format(
            n=sql.Identifier(name),
            **{k: sql.Identifier(v) for k, v in names.items()}))
    run("CREATE SCHEMA {n}")
    run("CREATE SEQUENCE {n}.{s} START 40", s="seq " + name[:10])
    run("CREATE TABLE {n}.{n} ({n} int PRIMARY KEY DEFAULT nextval("
        + sql.Literal(sql.SQL("{}.{}").format(
            sql.Identifier(name), sql.Identifier("seq " + name[:10])
        ).as_string(conn)).as_string(conn).replace("{", "{{").replace(
            "}", "}}")
        + "), t text)")
    run("INSERT INTO {n}.{n} (t) SELECT 'x' || g FROM generate_series(1, 20) g")
    run("CREATE INDEX {i} ON {n}.{n} (t)", i="i " + name[:10])
    run("CREATE TABLE {n}.{k} ({n} text)", k="k " + name[:10])
    run("INSERT INTO {n}.{k} VALUES ('a'), ('a')", k="k " + name[:10])
    run("CREATE MATERIALIZED VIEW {n}.{m} AS SELECT * FROM {n}.{n}",
        m="m " + name[:10])
    run("GRANT SELECT ON {n}.{n} TO {n}")


def test_hostile_names_are_carried_as_they_are(pair):
    made = pair(13, 17, configure=False)
    source, destination, pgrepup = made.source, made.destination, made.pgrepup
    pgrepup.configure(made, replication__user='r"; DROP ROLE postgres; --')
    databases = [NAMES[0], NAMES[2], NAMES[4], NAMES[5]]
    with source.connect() as conn:
        for name in NAMES:
            conn.execute(sql.SQL("CREATE ROLE {} LOGIN").format(
                sql.Identifier(name)))
        for name in databases:
            conn.execute(sql.SQL("CREATE DATABASE {0} OWNER {0}").format(
                sql.Identifier(name)))
            conn.execute(sql.SQL("ALTER DATABASE {} SET work_mem = '5MB'"
                                 ).format(sql.Identifier(name)))
            conn.execute(sql.SQL("ALTER ROLE {0} IN DATABASE {0} SET "
                                 "search_path = {0}, public").format(
                sql.Identifier(name)))
    for db in databases:
        with source.connect(db) as conn:
            for name in NAMES if db == databases[0] else [db]:
                fill_weird(conn, name)
    before = catalog_snapshot(source)
    pgrepup("fix", "--yes")
    pgrepup("setup")
    pgrepup("start")
    told = pgrepup.json("status")
    assert {d["database"] for d in told["databases"]} == {
        "postgres", *databases}
    pgrepup("stop", "--yes")
    assert_same_rows(source, destination, databases, kinds="rm")
    for db in databases:
        assert sequences(source, db) == sequences(destination, db)
    pgrepup("uninstall", "--yes")
    assert_same_catalog(before, catalog_snapshot(source), ignore=("sequence",))
    assert_same_roles(source, destination)


def assert_same_roles(source, destination):
    query = """SELECT r.rolname, d.datname, s.setconfig
        FROM pg_roles r LEFT JOIN pg_db_role_setting s ON s.setrole = r.oid
        LEFT JOIN pg_database d ON d.oid = s.setdatabase
        WHERE r.rolname !~ '^pg_' ORDER BY 1, 2"""
    assert source.query(query) == destination.query(query)


# --- connections and folders that do not work --------------------------------

ON_PLAIN = pytest.mark.xdist_group("bad_input")


@pytest.fixture(scope="module")
def plain(clusters):
    """A pair with one small database; tests here leave it as it is."""
    made = clusters.pair(13, 17)
    made.source.psql("CREATE DATABASE app")
    made.source.psql("CREATE TABLE t (id int PRIMARY KEY);"
                     "INSERT INTO t VALUES (1)", "app")
    made.before = [catalog_snapshot(s) for s in (made.source,
                                                 made.destination)]
    yield made
    made.destroy()


@pytest.fixture
def untouched(plain):
    """The pair; afterwards its configuration is as before, and neither
    server has noticed anything."""
    text = plain.pgrepup.config.read_bytes()
    yield plain
    plain.pgrepup.config.write_bytes(text)
    for server, before in zip((plain.source, plain.destination),
                              plain.before):
        assert_same_catalog(before, catalog_snapshot(server))


def assert_error(told, kind, *words):
    """The JSON object of a failed command has an error that says so."""
    assert not told["ok"] and told["exit"], told
    texts = [json.dumps([e["message"], e["detail"], e["hint"], e["where"]])
             for e in told["errors"] if e["kind"] == kind]
    assert any(all(word in text for word in words) for text in texts), told


@ON_PLAIN
@pytest.mark.parametrize("side", ["source", "destination"])
def test_wrong_password_says_which_side_and_how_to_test_it(untouched, side):
    pgrepup = untouched.pgrepup
    pgrepup("config", "set", f"{side}.password=-", input="not the one\n")
    for command in COMMANDS:
        if command in ("check", "fix"):
            continue
        told = pgrepup(*words_of(command), "--json", check=4).json
        assert_error(told, "connect", "password authentication failed", side)
        if command != "status":
            assert_error(told, "connect", f"pgrepup config test {side}")
    found = [c for c in pgrepup.json("check", check=1)["checks"]
             if c["id"] == "connection" and c["side"] == side]
    assert [c["status"] for c in found] == ["ko"]
    assert "password" in found[0]["current"]
    assert "not the one" not in pgrepup("log").stdout


@ON_PLAIN
def test_a_host_that_stays_silent_ends_by_a_deadline(untouched):
    """It accepts connections and says nothing; then it does not even accept,
    since nobody takes them from its short queue."""
    pgrepup = untouched.pgrepup
    with socket.socket() as silent:
        silent.bind(("127.0.0.1", 0))
        silent.listen(0)
        pgrepup("config", "set",
                f"destination.port={silent.getsockname()[1]}")
        began = time.monotonic()
        assert_error(pgrepup.json("setup", check=4), "connect", "no answer",
                     "destination", "pgrepup config test destination")
        told = pgrepup.json("status", check=4)
        assert {d["state"] for d in told["databases"]} == {"unknown"}
        assert time.monotonic() - began < 40


@ON_PLAIN
def test_a_host_where_nothing_listens(untouched):
    pgrepup = untouched.pgrepup
    pgrepup("config", "set", "source.host=127.0.0.2", "source.port=1")
    assert_error(pgrepup.json("start", check=4), "connect", "refused",
                 "source 127.0.0.2:1", "pgrepup config test source")


@ON_PLAIN
def test_tmp_dir_that_cannot_be_used(untouched, tmp_path):
    pgrepup = untouched.pgrepup
    file = tmp_path / "file"
    file.write_text("")
    for bad in (file, tmp_path / "missing", "/proc"):
        pgrepup("config", "set", f"tmp_dir={bad}")
        told = pgrepup.json("setup", check=1)
        found = [c for c in told["checks"] if c["id"] == "tmp_dir"]
        assert [c["status"] for c in found] == ["ko"], found
        assert found[0]["hint"], found
        assert_error(told, "negative", "in the way of setup")


@ON_PLAIN
def test_only_with_a_database_that_is_not_there(untouched):
    for command in COMMANDS:
        told = untouched.pgrepup(*words_of(command), "--json", "--only",
                                 "nope'; --", check=2).json
        assert_error(told, "usage", "nope'; --")


@ON_PLAIN
def test_commands_at_the_wrong_moment(untouched):
    pgrepup = untouched.pgrepup
    for command in ("start", "stop"):
        told = pgrepup(*words_of(command), "--json", check=6).json
        assert_error(told, "state", "app", "is not set up", "pgrepup setup")
    told = pgrepup.json("status", check=6)
    assert {d["state"] for d in told["databases"]} == {"not set up"}
    assert pgrepup.json("uninstall", "--yes")["ok"]


@ON_PLAIN
@pytest.mark.parametrize("key", ["databases.include", "databases.exclude",
                                 "tables.exclude", "replication.user"])
def test_sql_in_the_configuration_is_a_name(untouched, key):
    bad = "x'; DROP TABLE t; --\"; DROP DATABASE app; --"
    pgrepup = untouched.pgrepup
    pgrepup("config", "set", f"{key}={bad}")
    for command in ("check", "start"):
        told = pgrepup(command, "--json", check=False).json
        assert told["exit"] in (0, 1, 6, 2, 3), told


@ON_PLAIN
@pytest.mark.parametrize("name", ["../up", "a/b", ".", ".."])
def test_name_of_the_upgrade_stays_in_its_folder(untouched, name):
    """The state folder is named so."""
    done = untouched.pgrepup("config", "set", f"name={name}", check=False)
    assert done.rc in (2, 3) and "name" in done.stderr, done


def test_before_there_is_a_configuration(pgrepup):
    for command in (*COMMANDS, "log"):
        told = pgrepup(command, check=3).stderr
        assert "pgrepup config" in told and str(pgrepup.config) in told
        assert_error(pgrepup(command, "--json", check=3).json, "config",
                     str(pgrepup.config))


def test_rows_on_the_destination_are_refused_before_anything(pair):
    made = pair(13, 17)
    pgrepup, destination = made.pgrepup, made.destination
    made.source.psql("CREATE DATABASE app; CREATE ROLE scott")
    made.source.psql("CREATE TABLE t (id int PRIMARY KEY)", "app")
    destination.psql("CREATE DATABASE app")
    destination.psql("CREATE TABLE t (id int PRIMARY KEY);"
                     "INSERT INTO t VALUES (7)", "app")
    # of another name: setup would not take that database either
    destination.psql("CREATE TABLE other (id int)")
    before = [catalog_snapshot(s) for s in (made.source, destination)]
    told = pgrepup.json("setup", check=1)
    found = {(c["database"], c["object"]): c["current"]
             for c in told["checks"] if c["status"] == "ko"}
    assert found.keys() == {("app", "public.t"),
                            ("postgres", "table public.other")}, found
    assert_same_catalog(before[0], catalog_snapshot(made.source))
    assert_same_catalog(before[1], catalog_snapshot(destination))
    assert destination.value("SELECT id FROM t", db="app") == 7


# --- passwords ---------------------------------------------------------------

class Spy(threading.Thread):
    """Collects the arguments and environments of every process of a home."""

    def __init__(self, pgrepup):
        super().__init__(daemon=True)
        self.mark = f"HOME={pgrepup.home}".encode()
        self.seen, self.done = set(), threading.Event()

    def run(self):
        while not self.done.wait(0.005):
            for folder in Path("/proc").glob("[0-9]*"):
                try:
                    environ = (folder / "environ").read_bytes()
                    if self.mark in environ.split(b"\0"):
                        self.seen.add(environ)
                        self.seen.add((folder / "cmdline").read_bytes())
                except OSError:
                    continue

    def stop(self):
        self.done.set()
        self.join()
        return b"\n".join(self.seen)


def test_passwords_are_nowhere_to_be_seen(pair):
    """Both servers log every statement with its parameters."""
    loud = {"log_statement": "all", "log_min_duration_statement": "0",
            "log_error_verbosity": "verbose"}
    made = pair(13, 17, source_settings=loud, destination_settings=loud)
    pgrepup, secret = made.pgrepup, "0p'er\\ator: \"s3cr3t"
    for server, side in ((made.source, "source"),
                         (made.destination, "destination")):
        server.psql("SET log_statement = none; "
                    "SET log_min_duration_statement = -1; "
                    "CREATE ROLE operator SUPERUSER LOGIN PASSWORD $$"
                    + secret + "$$")
        pgrepup("config", "set", f"{side}.user=operator")
        pgrepup("config", "set", f"{side}.password=-", input=secret + "\n")
    made.source.psql("CREATE DATABASE app")
    made.source.psql("CREATE TABLE t (x int); INSERT INTO t VALUES (1)", "app")
    spy = Spy(pgrepup)
    spy.start()
    told = "".join(pgrepup(*words_of(command), check=status).output
                   for command, status in (("check", 1), ("fix", 0),
                                           ("setup", 0)))
    told += start_refused_by_the_source(made)
    told += "".join(pgrepup(*words_of(command)).output
                    for command in ("start", "status"))
    lose_the_source(made)
    told += "".join(pgrepup(*words_of(command)).output
                    for command in ("stop", "uninstall", "log"))
    seen = spy.stop().decode(errors="replace")
    assert "--dbname=" in seen, "pg_dump was never seen"
    assert "parameters: " in made.source.log
    config = pgrepup.config.read_text()
    places = {"output": told, "processes": seen,
              "source log": made.source.log,
              "destination log": made.destination.log}
    for path in (pgrepup.home / "state").rglob("*"):
        if path.is_file():
            places[path.name] = path.read_text(errors="replace")
    replication = replication_password(config)
    for word in ("0p'er", "s3cr3t", replication):
        found = [name for name, text in places.items() if word in text]
        assert not found, f"{word} is in {found}"


def start_refused_by_the_source(made):
    """What pglogical says then has the connection string in it."""
    hba = made.source.hba
    made.source.hba = "host all pgrepup_replication all reject\n" + hba
    told = made.pgrepup("start", check=5)
    made.source.hba = hba
    assert "pg_hba.conf" in told.stderr or "reject" in told.output, told
    return told.output


def lose_the_source(made):
    """So that the workers on the destination say why they cannot connect."""
    was = made.destination.log.count("could not connect")
    made.source.kill()
    wait_for(lambda: made.destination.log.count("could not connect") > was)
    made.source.start()
    # pglogical may take minutes until it tries again by itself
    made.destination.restart()
    wait_for(lambda: {d["state"] for d in made.pgrepup.json(
        "status", check=False)["databases"]} == {"replicating"})


def replication_password(config):
    lines = config[config.index("replication"):].splitlines()
    line = next(line for line in lines if "password" in line)
    found = line.split('"')[1]
    assert len(found) > 20
    return found
