# SPDX-License-Identifier: PostgreSQL
"""What pgrepup check finds: each row where all is well, and where it is not."""
import contextlib
import os
import socket
import struct
import threading
import time

import pytest
from harness import wait_for
from harness.servers import bindir

HOSTILE = 'we"ird d\'b; DROP TABLE x --\n%s'
LONG = "ключ" * 7 + "äöü" + "!"  # 63 bytes
TABLE = 'T "q"\n\'x\' $1'


# what new minor releases of the servers at hand change: see test_minor.py
MINOR = ("minor_release", "client_release")


class Findings:
    """The answer of check --json, to be asked."""

    def __init__(self, result):
        self.result, self.checks = result, result.json["checks"]

    def all(self, id, **members):
        return [c for c in self.checks if c["id"] == id and all(
            c[k] == v for k, v in members.items())]

    def one(self, id, **members):
        found = self.all(id, **members)
        assert len(found) == 1, f"{id} {members}: {found}"
        return found[0]

    def bad(self):
        return [c for c in self.checks if c["status"] in ("ko", "warn")
                and c["id"] not in MINOR]


def check(program, *words, rc=None):
    """rc: the exit status that is expected; None: that of any answer."""
    result = program("check", *words, "--json",
                     check=False if rc is None else rc)
    assert result.rc in (0, 1), result
    return Findings(result)


def ident(name):
    return '"' + name.replace('"', '""') + '"'


# --- two servers with the settings of replication that initdb leaves

@pytest.fixture(scope="module")
def bare(clusters):
    made = clusters.pair(13, 17, bare=True)
    yield made
    made.destroy()


@pytest.mark.xdist_group("check-bare")
def test_bare_servers_are_not_ready(bare):
    found = check(bare.pgrepup, rc=1)
    assert found.result.json["ok"] is False
    wal = found.one("wal_level")
    assert (wal["side"], wal["status"], wal["current"], wal["needed"]) == (
        "source", "ko", "replica", "logical")
    assert wal["fixable"] and wal["restart"]
    assert wal["fix_sql"] == "ALTER SYSTEM SET wal_level = 'logical'"
    for side in ("source", "destination"):
        preload = found.one("pglogical", side=side, status="ko")
        assert preload["fixable"] and preload["restart"]
        assert "shared_preload_libraries" in preload["fix_sql"]
        assert "shared_preload_libraries" in preload["hint"]
    assert {c["id"] for c in found.bad()} == {"wal_level", "pglogical"}


@pytest.mark.xdist_group("check-bare")
def test_plain_report_names_what_to_do(bare):
    text = bare.pgrepup("check", "source", check=1).stdout
    assert "Checking source..." in text
    assert "Checking destination..." not in text
    assert f"PostgreSQL connection to 127.0.0.1:{bare.source.port} as " \
        "postgres" in text
    assert "Hint: set wal_level to logical, then restart PostgreSQL " \
        "(pgrepup fix wal_level)" in text


@pytest.mark.xdist_group("check-bare")
def test_values_in_the_files_need_only_a_restart(bare):
    bare.source.psql("ALTER SYSTEM SET wal_level = logical")
    found = check(bare.pgrepup, "source").one("wal_level")
    assert found["status"] == "ko" and not found["fixable"]
    assert "restart PostgreSQL" in found["hint"]
    bare.source.psql("ALTER SYSTEM RESET wal_level")


@pytest.mark.xdist_group("check-bare")
def test_target_is_a_known_word(bare):
    result = bare.pgrepup("check", "sauce", check=2)
    assert "sauce" in result.output


# --- two servers that are ready, and a zoo on one of them

ZOO = """
CREATE TABLE fine (id int PRIMARY KEY, t text);
CREATE TABLE fine_index (id int NOT NULL);
CREATE UNIQUE INDEX fine_index_i ON fine_index (id);
ALTER TABLE fine_index REPLICA IDENTITY USING INDEX fine_index_i;
CREATE TABLE no_key (a int);
CREATE TABLE unique_only (a int UNIQUE);
CREATE TABLE deferrable_key (a int PRIMARY KEY DEFERRABLE);
CREATE TABLE identity_full (a int PRIMARY KEY);
ALTER TABLE identity_full REPLICA IDENTITY FULL;
CREATE TABLE identity_nothing (a int PRIMARY KEY);
ALTER TABLE identity_nothing REPLICA IDENTITY NOTHING;
CREATE TABLE parts (a int) PARTITION BY LIST (a);
CREATE TABLE part_1 PARTITION OF parts FOR VALUES IN (1);
CREATE TABLE generated (id int PRIMARY KEY, b int,
    c int GENERATED ALWAYS AS (b * 2) STORED);
CREATE UNLOGGED TABLE not_logged (id int PRIMARY KEY);
CREATE MATERIALIZED VIEW mv AS SELECT 1 AS a;
SELECT lo_from_bytea(0, '\\x01');
CREATE FUNCTION f() RETURNS trigger LANGUAGE plpgsql
    AS 'BEGIN RETURN NULL; END';
CREATE TRIGGER always AFTER INSERT ON fine FOR EACH ROW EXECUTE FUNCTION f();
ALTER TABLE fine ENABLE ALWAYS TRIGGER always;
CREATE TRIGGER plain AFTER INSERT ON fine FOR EACH ROW EXECUTE FUNCTION f();
CREATE TRIGGER replica AFTER INSERT ON fine_index FOR EACH ROW
    EXECUTE FUNCTION f();
ALTER TABLE fine_index ENABLE REPLICA TRIGGER replica;
CREATE TABLE left_out (id int PRIMARY KEY);
CREATE TABLE pointing (id int PRIMARY KEY REFERENCES left_out);
CREATE SEQUENCE nearly_full AS smallint;
SELECT setval('nearly_full', 32000);
CREATE SEQUENCE downward INCREMENT -1 MINVALUE -100;
SELECT setval('downward', -99);
CREATE SEQUENCE cycling MAXVALUE 10 CYCLE;
SELECT setval('cycling', 10);
CREATE EXTENSION adminpack;
CREATE EXTENSION hstore;
-- as CREATE EXTENSION does by pg_extension_config_dump()
CREATE TABLE settings_of_hstore (x int);
INSERT INTO settings_of_hstore VALUES (1);
ALTER EXTENSION hstore ADD TABLE settings_of_hstore;
UPDATE pg_extension SET extconfig = ARRAY['settings_of_hstore'::regclass::oid]
    WHERE extname = 'hstore';
"""


@pytest.fixture(scope="module")
def ready(clusters):
    made = clusters.pair(15, 18)
    yield made
    made.destroy()


@pytest.fixture(scope="module")
def fresh(ready):
    """What is found before anything is made."""
    return check(ready.pgrepup, rc=0)


@pytest.fixture(scope="module")
def zoo(ready, fresh):
    source, destination = ready.source, ready.destination
    for name in ("zoo", HOSTILE, LONG):
        source.psql(f"CREATE DATABASE {ident(name)}")
    source.psql(ZOO, "zoo")
    for name in (HOSTILE, LONG):
        source.psql(f"CREATE SCHEMA {ident(LONG)};"
                    f"CREATE TABLE {ident(LONG)}.{ident(TABLE)} (a int);"
                    f"CREATE TABLE {ident(TABLE)} (id int PRIMARY KEY)", name)
        destination.psql(f"CREATE DATABASE {ident(name)}")
        destination.psql(f"CREATE TABLE {ident(TABLE)} (id int PRIMARY KEY);"
                         f"INSERT INTO {ident(TABLE)} VALUES (1)", name)
    ready.pgrepup("config", "set", "tables.exclude=zoo.public.left_out",
                  "mechanism=pglogical")
    return check(ready.pgrepup, rc=1)


@pytest.mark.xdist_group("check-ready")
def test_ready_servers_have_nothing_against_them(fresh):
    assert fresh.bad() == []
    assert fresh.result.json["ok"] is True
    said = {c["id"] for c in fresh.checks}
    assert said >= {
        "tmp_dir", "client_tools", "connection", "pooler", "version",
        "mechanism", "role",
        "same_server", "standby", "databases", "pglogical", "wal_level",
        "max_worker_processes", "max_replication_slots", "max_wal_senders",
        "max_active_replication_origins", "pg_hba", "server_to_server",
        "password_hashes", "long_transactions", "prepared_transactions",
        "tablespaces", "encoding", "locale", "leftovers", "replica_identity",
        "generated_columns", "unlogged", "large_objects", "materialized_views",
        "triggers", "foreign_keys", "sequences", "extensions",
        "destination_empty"}
    assert not any(c["hint"] or c["fixable"] for c in fresh.checks
                   if c["id"] not in MINOR)


@pytest.mark.xdist_group("check-ready")
def test_a_check_leaves_nothing_behind(ready, fresh):
    for server in (ready.source, ready.destination):
        assert server.query("SELECT subname FROM pg_subscription") == []
        assert server.query("SELECT slot_name FROM pg_replication_slots") == []
        assert server.query("SELECT nspname FROM pg_namespace "
                            "WHERE nspname LIKE 'pgrepup%'") == []


@pytest.mark.xdist_group("check-ready")
@pytest.mark.parametrize("id, status, object, current", [
    ("replica_identity", "ko", "public.no_key", "no primary key"),
    ("replica_identity", "ko", "public.unique_only", "no primary key"),
    ("replica_identity", "ko", "public.deferrable_key", "deferrable"),
    ("replica_identity", "ko", "public.identity_full", "FULL"),
    ("replica_identity", "ko", "public.identity_nothing", "NOTHING"),
    ("replica_identity", "ko", "public.part_1", "no primary key"),
    ("generated_columns", "ko", "public.generated", "c"),
    ("unlogged", "warn", "public.not_logged", "bytes"),
    ("partitions", "warn", "public.parts", "partitioned"),
    ("extension_rows", "warn", "public.settings_of_hstore", "hstore, "),
    ("materialized_views", "warn", "public.mv", "bytes"),
    ("large_objects", "warn", None, "1 large object"),
    ("triggers", "warn", "public.fine", "always, ENABLE ALWAYS"),
    ("triggers", "warn", "public.fine_index", "replica, ENABLE REPLICA"),
    ("foreign_keys", "ko", "public.pointing", "public.left_out"),
    ("sequences", "warn", "public.nearly_full", "at 32000, the end is 32767"),
    ("sequences", "warn", "public.downward", "at -99, the end is -100"),
    ("extensions", "ko", "adminpack", "not available"),
])
def test_zoo(zoo, id, status, object, current):
    found = zoo.one(id, database="zoo", object=object)
    assert found["status"] == status
    assert current in found["current"]
    assert found["hint"]


@pytest.mark.xdist_group("check-ready")
def test_zoo_has_no_other_findings(zoo):
    expected = {"replica_identity": 6, "triggers": 2, "sequences": 2,
                "generated_columns": 1, "unlogged": 1, "large_objects": 1,
                "extension_rows": 1, "materialized_views": 1,
                "foreign_keys": 1, "extensions": 1, "tables_left_out": 1,
                "deferrable": 1, "partitions": 1}
    found = [c["id"] for c in zoo.bad() if c["database"] == "zoo"]
    assert {id: found.count(id) for id in found} == expected
    assert zoo.one("destination_empty", database="zoo")["status"] == "ok"


@pytest.mark.xdist_group("check-ready")
@pytest.mark.parametrize("name", [HOSTILE, LONG])
def test_hostile_names_are_checked_and_named_exactly(zoo, name):
    found = zoo.one("replica_identity", database=name)
    assert found["object"] == f"{LONG}.{TABLE}"
    found = zoo.one("destination_empty", database=name)
    assert (found["status"], found["object"]) == ("ko", f"public.{TABLE}")


@pytest.mark.xdist_group("check-ready")
def test_report_is_in_the_order_of_the_databases(zoo):
    names = [c["database"] for c in zoo.checks
             if c["id"] == "replica_identity" and c["side"] == "source"]
    assert names == sorted(names, key=lambda name: name.encode())


@pytest.mark.xdist_group("check-ready")
def test_only_narrows_to_some_databases(ready, zoo):
    found = check(ready.pgrepup, "--only", "postgres")
    assert {c["database"] for c in found.checks} == {None, "postgres"}
    assert found.result.rc == 0


@pytest.mark.xdist_group("check-ready")
def test_one_check_or_one_database_can_be_asked_for(ready, zoo):
    found = check(ready.pgrepup, "wal_level", rc=0)
    assert [c["id"] for c in found.checks] == ["wal_level"]
    found = check(ready.pgrepup, "source:zoo").checks
    assert {(c["side"], c["database"]) for c in found} == {("source", "zoo")}
    found = check(ready.pgrepup, "local", "replica_identity@source:zoo")
    assert {(c["id"], c["database"]) for c in found.checks} == {
        ("tmp_dir", None), ("client_tools", None),
        ("replica_identity", "zoo")}
    assert "no_such_check" in ready.pgrepup(
        "check", "no_such_check", check=2).output


@pytest.mark.xdist_group("check-ready")
def test_a_finding_names_the_word_that_fix_and_check_take(ready, zoo):
    for name in (HOSTILE, LONG):
        found = zoo.one("replica_identity", database=name)
        again = check(ready.pgrepup, found["target"]).checks
        assert [c["target"] for c in again] == [found["target"]]
        plans = ready.pgrepup.json("fix", "--dry-run", found["target"])
        assert [(p["database"], p["object"]) for p in plans["fixes"]] == [
            (name, TABLE)]


@pytest.mark.xdist_group("check-ready")
def test_one_broken_database_stops_nothing(ready, zoo):
    before = ready.source.hba
    ready.source.hba = "host zoo all all reject\n" + before
    try:
        found = check(ready.pgrepup, rc=1)
    finally:
        ready.source.hba = before
    broken = found.one("connection", database="zoo")
    assert (broken["side"], broken["status"]) == ("source", "ko")
    assert "pg_hba.conf rejects" in broken["current"]
    assert found.one("replica_identity", database="zoo")["status"] == "skip"
    assert found.one("replica_identity", database=LONG)["status"] == "ko"
    assert found.one("extensions", database="zoo")["status"] == "skip"
    assert found.one("extensions", database=LONG)["status"] == "ok"


@pytest.mark.xdist_group("check-ready")
def test_databases_that_stay_behind_are_named(ready, zoo):
    ready.source.psql("CREATE DATABASE closed ALLOW_CONNECTIONS false;"
                      "CREATE DATABASE pattern IS_TEMPLATE true")
    ready.pgrepup("config", "set", "databases.exclude=zoo,nowhere")
    found = check(ready.pgrepup, "source")
    ready.pgrepup("config", "set", "databases.exclude=")
    left = {c["object"]: c for c in found.all("databases")}
    assert left.keys() == {"closed", "pattern", "zoo", "nowhere"}
    assert {c["status"] for c in left.values()} == {"warn"}
    assert "datallowconn" in left["closed"]["current"]
    assert "databases.exclude" in left["zoo"]["current"]
    assert "no such database" in left["nowhere"]["current"]
    assert found.all("replica_identity", database="zoo") == []


# --- single findings, on servers that are ready

@pytest.mark.xdist_group("check-ready")
def test_database_of_another_encoding(ready, zoo):
    ready.source.psql("CREATE DATABASE enc")
    ready.destination.psql("CREATE DATABASE enc TEMPLATE template0 "
                           "ENCODING 'SQL_ASCII' LOCALE 'C'")
    found = check(ready.pgrepup, "destination")
    wrong = found.one("encoding", database="enc")
    assert (wrong["status"], wrong["current"], wrong["needed"]) == (
        "ko", "SQL_ASCII", "UTF8")
    assert found.one("locale", database="enc")["status"] == "warn"


@pytest.mark.xdist_group("check-ready")
def test_locale_that_the_destination_does_not_know(ready, zoo):
    ready.source.psql(
        "CREATE DATABASE loc;"
        "UPDATE pg_database SET datcollate = 'tlh_XX.UTF-8', "
        "datctype = 'tlh_XX.UTF-8' WHERE datname = 'loc'")
    found = check(ready.pgrepup)
    assert found.one("locale", database="loc")["needed"] == "tlh_XX.UTF-8"
    # nobody can connect to such a database: that is said as well
    assert found.one("connection", database="loc")["status"] == "ko"
    ready.source.psql("UPDATE pg_database SET datcollate = 'C.UTF-8', "
                      "datctype = 'C.UTF-8' WHERE datname = 'loc'")


@pytest.mark.xdist_group("check-ready")
def test_tablespace_that_is_missing(ready, zoo):
    ready.source.psql("SET allow_in_place_tablespaces = on;"
                      "CREATE TABLESPACE \"fast disk\" LOCATION ''")
    found = check(ready.pgrepup, "destination").one("tablespaces")
    assert (found["status"], found["object"]) == ("warn", "fast disk")
    ready.destination.psql("SET allow_in_place_tablespaces = on;"
                           "CREATE TABLESPACE \"fast disk\" LOCATION ''")
    assert check(ready.pgrepup, "destination").one(
        "tablespaces")["status"] == "ok"


@pytest.mark.xdist_group("check-ready")
def test_transactions_that_hold_up_the_slots(ready, zoo):
    ready.source.restart(max_prepared_transactions=2)
    ready.source.psql("BEGIN; CREATE TABLE prepared (id int PRIMARY KEY);"
                      "PREPARE TRANSACTION 'left \"here\"'")
    with ready.source.connect("zoo", autocommit=False) as conn:
        conn.execute("SELECT txid_current()")
        pid = str(conn.info.backend_pid)
        found = wait_for(lambda: [
            c for c in check(ready.pgrepup, "source").all(
                "long_transactions", status="warn")], 30)
        assert [c["object"] for c in found] == [pid]
        assert 'database "zoo"' in found[0]["current"]
    found = check(ready.pgrepup, "source")
    assert found.one("long_transactions")["status"] == "ok"
    assert found.one("prepared_transactions")["object"] == 'left "here"'
    ready.source.psql("ROLLBACK PREPARED 'left \"here\"'")


@pytest.mark.xdist_group("check-ready")
def test_leftovers_of_others_are_named(ready, zoo):
    for statement in (
            "CREATE SCHEMA pgrepup",
            "SELECT pg_create_logical_replication_slot('debezium', "
            "'pgoutput')",
            "CREATE EXTENSION pglogical",
            "SELECT pglogical.create_node('theirs', 'dbname=zoo')",
            "ALTER DATABASE zoo SET default_transaction_read_only = on"):
        ready.source.psql(statement, "zoo")
    ready.destination.psql(
        f"CREATE SUBSCRIPTION other CONNECTION 'dbname=x' PUBLICATION x "
        f"WITH (connect = false)", LONG)
    found = check(ready.pgrepup)
    left = {c["object"]: c["status"] for c in found.all(
        "leftovers", database="zoo", side="source")}
    assert left == {"schema pgrepup": "ko", 'node "theirs"': "ko",
                    "debezium": "warn", None: "warn"}
    assert found.one("leftovers", database=LONG,
                     side="destination")["object"] == "other"
    assert found.one("leftovers", database="postgres",
                     side="source")["status"] == "ok"


@pytest.mark.xdist_group("check-ready")
def test_md5_hashes_that_will_be_refused(ready, zoo):
    ready.source.psql("SET password_encryption = md5;"
                      "CREATE ROLE \"old pass\" LOGIN PASSWORD 'x';"
                      "CREATE ROLE nologin PASSWORD 'x';"
                      "SET password_encryption = 'scram-sha-256';"
                      "CREATE ROLE new_pass LOGIN PASSWORD 'x'")
    found = check(ready.pgrepup, "destination").one("password_hashes")
    assert (found["status"], found["object"]) == ("warn", "old pass")
    before = ready.destination.hba
    ready.destination.hba = before.replace("scram-sha-256", "md5")
    found = check(ready.pgrepup, "destination").one("password_hashes")
    ready.destination.hba = before
    assert found["status"] == "ok"


@pytest.mark.xdist_group("check-ready")
def test_limits_of_connections_that_leave_no_room(ready, zoo):
    """They hold for the replication role, and sessions of superusers count."""
    ready.pgrepup("config", "set", "jobs=2")
    # six, and the session that asks
    ready.source.psql("CREATE DATABASE narrow CONNECTION LIMIT 7")
    try:
        asked = ("source", "--only", "narrow")
        assert list(check(ready.pgrepup, *asked).all("connection_limit")) == []
        with ready.source.connect("narrow"):
            found = check(ready.pgrepup, *asked).one("connection_limit")
            assert (found["status"], found["current"]) == (
                "warn", "2 of 7 in use")
    finally:
        # not dropped: that may wait for pglogical for ever
        ready.source.psql("ALTER DATABASE narrow CONNECTION LIMIT -1")


@pytest.mark.xdist_group("check-ready")
def test_role_that_is_no_superuser(ready, zoo):
    ready.source.psql("CREATE ROLE plain LOGIN CREATEROLE PASSWORD 'secret'")
    ready.pgrepup("config", "set", "source.user=plain")
    found = check(ready.pgrepup, "source").one("role")
    ready.pgrepup("config", "set", "source.user=postgres")
    assert (found["status"], found["object"]) == ("ko", "plain")
    assert "superuser" in found["needed"]
    assert "REPLICATION" in found["needed"]
    assert "CREATEROLE" not in found["needed"]


@pytest.mark.xdist_group("check-ready")
def test_folder_and_programs_of_this_machine(ready, zoo):
    program = ready.pgrepup
    (program.home / "file").write_text("")
    keys = [program("config", "get", key).stdout.strip()
            for key in ("tmp_dir", "bin_dir")]
    program("config", "set", f"tmp_dir={program.home}/file",
            f"bin_dir={program.home}")
    found = check(program, "local")
    assert found.one("tmp_dir")["current"] == "not a folder"
    assert {c["object"] for c in found.all("client_tools", status="ko")} == {
        "pg_dump", "pg_dumpall", "pg_restore", "psql"}
    program("config", "set", f"tmp_dir={program.home}/no/such")
    found = check(program, "local")
    assert "No such file" in found.one("tmp_dir")["current"]
    assert {c["side"] for c in found.checks} == {"local"}
    program("config", "set", *keys)


def assert_of_nobody_else(program):
    """What somebody else could have put there is not even asked for its
    version."""
    folder, ran = program.home / "programs", program.home / "ran"
    folder.mkdir()
    for name in ("pg_dump", "pg_dumpall", "pg_restore", "psql"):
        path = folder / name
        path.write_text(f'#!/bin/sh\ntouch {ran}\n'
                        f'exec {bindir(18)}/{name} "$@"\n')
        path.chmod(0o755)
    program("config", "set", f"bin_dir={folder}")
    for path in (folder, folder / "psql"):
        path.chmod(0o777)
        [told] = {c["needed"] for c in check(program, "local", rc=1).all(
            "client_tools", status="ko") if c["object"] == "psql"}
        assert f"others may write {path} (mode 0777)" in told
        path.chmod(0o755)
    if os.getuid() == 0:
        os.chown(folder, 65534, 65534)
        ran.unlink(missing_ok=True)
        found = check(program, "local", rc=1).all("client_tools", status="ko")
        assert "another user's (uid 65534)" in found[0]["needed"]
        assert not ran.exists()
        os.chown(folder, 0, 0)
    assert check(program, "local", rc=0).one("client_tools")["status"] == "ok"


@pytest.mark.xdist_group("check-ready")
def test_client_programs_must_do_for_the_destination(ready, zoo):
    """As setup wants them: older ones are KO, whatever is asked for beside
    them, and none is OK while nobody has said which."""
    program = ready.pgrepup
    bin_dir = program("config", "get", "bin_dir").stdout.strip()
    program("config", "set", f"bin_dir={bindir(13)}")
    for words in ((), ("local",), ("client_tools",)):
        found = check(program, *words, rc=1).all("client_tools")
        assert {(c["object"], c["status"]) for c in found} == {
            (name, "ko") for name in ("pg_dump", "pg_dumpall", "pg_restore",
                                      "psql")}
    assert_of_nobody_else(program)
    program("config", "set", "destination.port=1")
    assert check(program, "local").one("client_tools")["status"] == "skip"
    program("config", "set", f"destination.port={ready.destination.port}",
            bin_dir)
    assert check(program, "local", rc=0).one("client_tools")["status"] == "ok"


# --- who is let in where

@contextlib.contextmanager
def configured(pair, **keys):
    """The configuration with other values, for a while."""
    pair.pgrepup("config", "set", *(
        f"{k.replace('__', '.')}={v}" for k, v in keys.items()))
    yield
    pair.pgrepup("config", "set", *(
        f"{k.replace('__', '.')}=" for k in keys))


@pytest.mark.xdist_group("check-ready")
@pytest.mark.parametrize("line, status, current", [
    ("host all pgrepup_replication 127.0.0.1/32 reject", "ko", "line 1 "),
    ("host all pgrepup_replication 127.0.0.1/32 ident", "ko",
     "asks for no password"),
    ("hostssl all all 127.0.0.1/32 reject", "ok", "127.0.0.1"),
    ("host all +nobodys 127.0.0.1/32 reject", "ok", "127.0.0.1"),
    ("host zoo pgrepup_replication samehost reject", "ko", "zoo"),
    ("host all pgrepup_replication db.example reject", "warn", "may or may"),
])
def test_rules_are_judged_by_their_meaning(ready, zoo, line, status, current):
    before = ready.source.hba
    ready.source.hba = line + "\n" + before
    found = check(ready.pgrepup, "source").one("pg_hba")
    ready.source.hba = before
    assert found["status"] == status
    assert current in found["current"]
    if status != "ok":
        assert found["fixable"]
        assert found["fix_sql"] == \
            'host all "pgrepup_replication" 127.0.0.1/32 scram-sha-256\n'


@pytest.mark.xdist_group("check-ready")
def test_no_entry_is_seen_from_both_ends(ready, zoo):
    before = ready.source.hba
    ready.source.hba = ("local all all trust\n"
                        "host all postgres 127.0.0.1/32 scram-sha-256\n")
    found = check(ready.pgrepup)
    ready.source.hba = before
    refused = found.one("pg_hba", side="source")
    assert refused["status"] == "ko"
    assert 'no entry for host "127.0.0.1"' in refused["current"]
    reached = found.one("server_to_server")
    assert reached["status"] == "ko"
    assert "no pg_hba.conf entry" in reached["current"]


@pytest.mark.xdist_group("check-ready")
def test_line_that_would_stop_the_server_is_named(ready, zoo):
    path = ready.source.data / "pg_hba.conf"
    before = path.read_text()
    with path.open("w") as file:
        file.write("host all all 127.0.0.1/33 md5\n" + before)
    found = check(ready.pgrepup, "source").one("pg_hba")
    with path.open("w") as file:
        file.write(before)
    assert found["status"] == "ko" and "line 1 " in found["current"]


@pytest.mark.xdist_group("check-ready")
def test_file_that_is_not_in_force_yet_is_named(ready, zoo):
    path = ready.source.data / "pg_hba.conf"
    later = time.time() + 60
    os.utime(path, (later, later))
    found = check(ready.pgrepup, "source")
    assert [c["status"] for c in found.all("pg_hba")] == ["ok", "warn"]
    assert "after it was read" in found.one("pg_hba", status="warn")["current"]
    earlier = later - 3600
    os.utime(path, (earlier, earlier))
    assert check(ready.pgrepup, "source").one("pg_hba")["status"] == "ok"


@contextlib.contextmanager
def silent_listener():
    """Accepts and says nothing."""
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        listener.listen()
        yield listener.getsockname()[1]


@pytest.mark.xdist_group("check-ready")
@pytest.mark.parametrize("keys, current", [
    ({"source__server_host": "127.0.0.1", "source__server_port": 1},
     "Connection refused"),
    ({"source__server_host": "no-such-host.invalid"}, "host name"),
])
def test_way_between_the_servers_is_tried(ready, zoo, keys, current):
    with configured(ready, **keys):
        found = check(ready.pgrepup, "destination").one("server_to_server")
    assert found["status"] == "ko"
    assert current in found["current"]


@pytest.mark.xdist_group("check-ready")
def test_silence_between_the_servers_ends(ready, zoo):
    with silent_listener() as port, configured(
            ready, source__server_host="127.0.0.1", source__server_port=port):
        found = check(ready.pgrepup, "destination").one("server_to_server")
    assert found["status"] == "ko" and "no answer within" in found["current"]


@pytest.mark.xdist_group("check-ready")
def test_after_setup_the_real_role_is_tried_and_stays_secret(ready, zoo):
    """With the password that setup made, which gets into no server log."""
    password = "s3cr3t'\\ of-replication"
    ready.pgrepup("config", "set", "replication.password=-",
                  input=password + "\n")
    quoted = password.replace("'", "''")
    ready.source.psql(f"CREATE ROLE pgrepup_replication LOGIN REPLICATION "
                      f"PASSWORD '{quoted}'")
    for server in (ready.source, ready.destination):
        server.psql("ALTER SYSTEM SET log_statement = 'all';"
                    "SELECT pg_reload_conf()")
    logged = [len(s.log) for s in (ready.source, ready.destination)]
    try:
        found = check(ready.pgrepup, "destination").one("server_to_server")
        assert (found["status"], found["current"]) == ("ok", "connected")
        ready.source.psql("ALTER ROLE pgrepup_replication PASSWORD 'other'")
        found = check(ready.pgrepup, "destination").one("server_to_server")
        assert found["status"] == "ko"
        assert "password authentication failed" in found["current"]
        assert "setup again" in found["hint"]
    finally:
        for server in (ready.source, ready.destination):
            server.psql("ALTER SYSTEM RESET log_statement;"
                        "SELECT pg_reload_conf()")
    for server, before in zip((ready.source, ready.destination), logged):
        text = server.log[before:]
        assert "statement: " in text
        assert "s3cr3t" not in text
    assert ready.destination.query("SELECT subname FROM pg_subscription "
                                   "WHERE subname LIKE 'pgrepup%'") == []


# --- a server that is not what it should be

@pytest.mark.xdist_group("check-ready")
def test_source_and_destination_are_one_cluster(ready, zoo):
    with configured(ready, destination__port=ready.source.port):
        found = check(ready.pgrepup, "destination")
    ready.pgrepup("config", "set", f"destination.port={ready.destination.port}")
    assert found.one("same_server")["status"] == "ko"
    assert found.one("version", side="destination")["status"] == "warn"
    with configured(ready, source__server_port=ready.destination.port):
        found = check(ready.pgrepup, "destination").one("server_to_server")
    assert (found["status"], "is itself" in found["current"]) == ("ko", True)


@pytest.mark.xdist_group("check-ready")
def test_wrong_password_and_a_server_that_is_down(ready, zoo):
    ready.pgrepup("config", "set", "destination.password=-", input="wrong\n")
    found = check(ready.pgrepup, rc=1)
    ready.pgrepup("config", "set", "destination.password=-", input="secret\n")
    refused = found.one("connection", side="destination")
    assert refused["status"] == "ko"
    assert "password authentication failed" in refused["current"]
    assert refused["title"] == ("PostgreSQL connection to 127.0.0.1:"
                                f"{ready.destination.port} as postgres")
    assert found.one("standby", side="destination")["status"] == "skip"
    assert found.one("pg_hba", side="source")["status"] == "skip"
    assert found.one("replica_identity", database=LONG)["status"] == "ko"

    ready.pgrepup("config", "set", "source.port=1")
    found = check(ready.pgrepup, rc=1)
    ready.pgrepup("config", "set", f"source.port={ready.source.port}")
    assert found.one("connection", side="source")["status"] == "ko"
    assert found.one("wal_level")["status"] == "skip"
    assert found.one("same_server")["status"] == "skip"
    assert found.one("standby", side="destination")["status"] == "ok"


class Pooler(threading.Thread):
    """Passes on what it gets, but for the process number of the login."""

    def __init__(self, port):
        super().__init__(daemon=True)
        self.to = port
        self.listener = socket.create_server(("127.0.0.1", 0))
        self.port = self.listener.getsockname()[1]

    def run(self):
        while True:
            try:
                client, _ = self.listener.accept()
            except OSError:
                return
            server = socket.create_connection(("127.0.0.1", self.to))
            threading.Thread(target=self.pump, args=(client, server),
                             daemon=True).start()
            threading.Thread(target=self.pump, args=(server, client, True),
                             daemon=True).start()

    @staticmethod
    def pump(a, b, lie=False):
        mark = b"K" + struct.pack("!i", 12)
        with contextlib.suppress(OSError):
            while data := a.recv(65536):
                at = data.find(mark) if lie else -1
                if at >= 0:
                    lie = False
                    data = data[:at + 5] + struct.pack("!i", 4711) + \
                        data[at + 9:]
                b.sendall(data)
            b.shutdown(socket.SHUT_WR)


@pytest.mark.xdist_group("check-ready")
def test_pooler_is_recognised(ready, zoo):
    pooler = Pooler(ready.source.port)
    pooler.start()
    ready.pgrepup("config", "set", f"source.port={pooler.port}")
    found = check(ready.pgrepup, "source", "--only", "postgres")
    ready.pgrepup("config", "set", f"source.port={ready.source.port}")
    pooler.listener.close()
    assert found.one("pooler")["status"] == "ko"
    assert "4711" in found.one("pooler")["current"]


def test_standby_is_no_source_and_no_destination(pair):
    made = pair(17, 18)
    for server in (made.source, made.destination):
        server.stop()
        (server.data / "standby.signal").touch()
        server.start()
    found = check(made.pgrepup, rc=1)
    for side in ("source", "destination"):
        assert found.one("standby", side=side)["status"] == "ko"


def test_too_few_of_everything(pair):
    few = {"max_worker_processes": 3, "max_replication_slots": 1,
           "max_wal_senders": 1}
    made = pair(17, 18, source_settings={
        **few, "output_plugin_libraries": "pgoutput"},
        destination_settings={
            "max_worker_processes": 3, "max_active_replication_origins": 1})
    made.source.psql("CREATE DATABASE one")
    made.source.psql("CREATE DATABASE two")
    found = check(made.pgrepup, rc=1)
    bad = {(c["id"], c["side"]): c for c in found.bad()}
    assert bad.keys() == {
        ("max_worker_processes", "source"),
        ("max_replication_slots", "source"),
        ("max_wal_senders", "source"), ("output_plugins", "source"),
        ("max_worker_processes", "destination"),
        ("max_active_replication_origins", "destination")}
    slots = bad["max_replication_slots", "source"]
    assert (slots["status"], slots["current"], slots["needed"]) == (
        "ko", "1", "at least 3")


def test_destination_that_is_older_and_cannot_drop_databases(pair):
    made = pair(17, 15)
    found = check(made.pgrepup, rc=1)
    version = found.one("version", side="destination")
    assert version["status"] == "ko"
    assert version["current"].startswith("15.")
    drop = found.one("drop_database")
    assert (drop["status"], drop["current"]) == ("warn", "pglogical 2.4.2")
    assert drop["needed"] == "2.4.3 or later"


def test_rules_for_scram_do_for_a_role_made_on_13(pair):
    """Whose own default is still md5."""
    made = pair(13, 17)
    made.source.hba = ("host all pgrepup_replication all scram-sha-256\n" +
                       made.source.hba)
    assert check(made.pgrepup, rc=0).one(
        "pg_hba", side="source")["status"] == "ok"
    made.pgrepup("setup", "--yes")
    found = check(made.pgrepup, rc=0)
    assert found.one("server_to_server")["current"] == "connected"
    assert found.bad() == []
