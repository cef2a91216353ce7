# SPDX-License-Identifier: PostgreSQL
"""fix, on servers as initdb leaves them: from KO to OK, and what it refuses."""
import os
import re
import subprocess
import threading
import time

import pytest
from harness import assert_same_catalog, catalog_snapshot, wait_for

COLUMN = "__pgrepup_id"
FIX = pytest.mark.xdist_group("fix")   # they share one pair


def restart(p):
    for server in (p.source, p.destination):
        server.restart()


def checks(p, name, side=None):
    """{(side, database, object): status} of a check."""
    found = p.pgrepup.json("check", check=False)["checks"]
    return {(c["side"], c.get("database"), c.get("object")): c["status"]
            for c in found if c["id"] == name
            and (side is None or c["side"] == side)}


def plans(p, *targets):
    return p.pgrepup.json("fix", "--dry-run", *targets).get("fixes", [])


def identity(server, table, db="app"):
    return server.value("SELECT relreplident::text FROM pg_class "
                        "WHERE oid = %s::regclass", [table], db)


def has_column(server, table, db="app"):
    return server.value(
        "SELECT count(*) FROM pg_attribute WHERE attrelid = %s::regclass "
        "AND attname = %s AND NOT attisdropped", [table, COLUMN], db) == 1


def has_registry(server, db):
    return server.value("SELECT count(*) FROM pg_namespace "
                        "WHERE nspname = 'pgrepup'", db=db) == 1


def source_with(p, script, db="app"):
    p.source.psql(f'CREATE DATABASE "{db}"')
    p.source.psql(script, db)


@pytest.fixture
def bare(pair):
    return pair(13, 18, bare=True)


@pytest.fixture(scope="module")
def shared(clusters):
    """One pair for all that only concerns a database of its own."""
    made = clusters.pair(13, 18, bare=True)
    yield made
    made.destroy()


@pytest.fixture
def app(shared):
    """A function that makes database app, which is gone after the test."""
    def make(script):
        source_with(shared, script)
        return shared
    yield make
    shared.source.psql("DROP DATABASE app")


def test_settings_go_from_ko_to_ok_by_fix_and_restart(bare):
    assert set(checks(bare, "wal_level").values()) == {"ko"}
    assert set(checks(bare, "pglogical").values()) == {"ko"}
    done = bare.pgrepup.json("fix", "--yes")["fixes"]
    assert {f["state"] for f in done} == {"done"}
    assert {f["check"] for f in done} >= {"wal_level", "pglogical"}
    assert bare.source.setting("wal_level") == "replica"
    again = bare.pgrepup.json("fix", "--yes")["fixes"]
    assert {f["state"] for f in again if f["restart"]} == {"skipped"}
    assert "restarted" in again[0]["message"]
    restart(bare)
    assert bare.source.setting("wal_level") == "logical"
    for name in ("wal_level", "pglogical", "max_worker_processes",
                 "max_replication_slots", "max_wal_senders",
                 "max_active_replication_origins", "output_plugins"):
        assert set(checks(bare, name).values()) <= {"ok", "warn"}, name
    assert plans(bare) == []


def test_numbers_are_raised_to_what_all_databases_need(pair):
    few = {"max_replication_slots": 1, "max_wal_senders": 1,
           "max_worker_processes": 1}
    p = pair(13, 18, bare=True, source_settings=few, destination_settings={
        "max_active_replication_origins": 1, "max_worker_processes": 1})
    for i in range(4):
        p.source.psql(f"CREATE DATABASE db{i}")
    p.pgrepup("fix", "--yes")
    restart(p)
    for name in (*few, "max_active_replication_origins"):
        assert set(checks(p, name).values()) == {"ok"}, name
    assert int(p.source.setting("max_replication_slots")) >= 5
    # supervisor, a manager for each of postgres, template1 and the four
    assert int(p.source.setting("max_worker_processes")) >= 7
    # and an apply worker each
    assert int(p.destination.setting("max_worker_processes")) >= 12


def test_a_setting_of_one_side_can_be_named(bare):
    bare.pgrepup("fix", "pglogical@destination", "--yes")
    files = [server.value("SELECT count(*) FROM pg_file_settings "
                          "WHERE name = 'shared_preload_libraries'")
             for server in (bare.source, bare.destination)]
    assert files == [0, 1]


def test_dry_run_shows_all_and_changes_nothing(bare, fixtures):
    bare.source.psql_file(fixtures / "globals.sql")
    bare.source.psql("CREATE DATABASE app OWNER scott")
    bare.source.psql_file(fixtures / "testdb.sql", "app")
    before = catalog_snapshot(bare.source), catalog_snapshot(bare.destination)
    found = plans(bare)
    assert {f["state"] for f in found} == {"planned"}
    for f in found:
        assert f["sql"] and f["cost"] and f["undo"] and f["target"], f
    for old, server in zip(before, (bare.source, bare.destination)):
        assert_same_catalog(old, catalog_snapshot(server))


@FIX
def test_without_yes_and_terminal_nothing_is_done(shared):
    before = catalog_snapshot(shared.source)
    shared.pgrepup("fix", check=2)
    assert_same_catalog(before, catalog_snapshot(shared.source))


@FIX
def test_an_unknown_fix_is_wrong_usage(shared):
    for word in ("no_such_check", "tmp_dir", "replica_identity:a.b.c.d",
                 "wal_level@nowhere"):
        assert word.split(":")[0].split("@")[0] in shared.pgrepup(
            "fix", word, "--yes", check=2).output


# --- shared_preload_libraries


def test_libraries_that_are_there_stay_in_the_list(pair):
    p = pair(13, 18, bare=True, source_settings={
        "shared_preload_libraries": "auto_explain, pg_stat_statements"})
    p.pgrepup("fix", "pglogical@source", "--yes")
    p.source.restart()
    assert p.source.setting("shared_preload_libraries").replace(
        " ", "").split(",") == ["auto_explain", "pg_stat_statements",
                                "pglogical"]


def test_a_library_that_cannot_be_loaded_is_never_written(bare):
    """The server would not start again."""
    bare.source.query("ALTER SYSTEM SET shared_preload_libraries = "
                      "'no_such_library'")
    auto = bare.source.data / "postgresql.auto.conf"
    before = auto.read_bytes()
    result = bare.pgrepup("fix", "pglogical@source", "--yes", check=5)
    assert "no_such_library" in result.output
    assert auto.read_bytes() == before


def test_senders_are_not_raised_while_wal_level_is_minimal(pair):
    p = pair(13, 18, bare=True, source_settings={
        "wal_level": "minimal", "max_wal_senders": 0})
    p.pgrepup("fix", "max_wal_senders", "--yes", check=6)
    p.source.restart()
    p.pgrepup("fix", "wal_level", "--yes")
    p.pgrepup("fix", "max_wal_senders", "--yes")
    p.source.restart()
    assert set(checks(p, "max_wal_senders").values()) == {"ok"}


# --- pg_hba.conf


def narrow_hba(server):
    """Only the superuser may come in over TCP."""
    server.hba = server.hba.replace(
        "host    all             all  ", "host    all             postgres  ")


def test_hba_lines_come_first_and_the_former_file_stays_beside(bare):
    narrow_hba(bare.source)
    (bare.source.data / "pg_hba.conf").chmod(0o640)
    before = bare.source.hba
    assert set(checks(bare, "pg_hba", "source").values()) == {"ko"}
    bare.pgrepup("fix", "pg_hba", "--yes")
    assert bare.source.hba.endswith(before)
    added = bare.source.hba[:-len(before)]
    assert '"pgrepup_replication"' in added
    assert "replication " not in added.replace('"pgrepup_replication"', "")
    backup = bare.source.data / "pg_hba.conf.pgrepup-backup"
    assert backup.read_text() == before
    now = bare.source.data / "pg_hba.conf"
    assert backup.stat().st_mode == now.stat().st_mode
    assert set(checks(bare, "pg_hba", "source").values()) == {"ok"}
    assert bare.source.value("SELECT count(*) FROM pg_hba_file_rules "
                             "WHERE error IS NOT NULL") == 0


def test_hba_lines_want_ssl_where_the_server_has_it(bare):
    """With a line "host" the replication role's password and all rows could
    be made to go without."""
    server = bare.source
    subprocess.run(["openssl", "req", "-new", "-x509", "-nodes", "-days", "2",
                    "-subj", "/CN=localhost", "-out", "server.crt",
                    "-keyout", "server.key"], cwd=server.data, check=True,
                   capture_output=True)
    owner = server.data.stat()
    for name in ("server.crt", "server.key"):
        os.chown(server.data / name, owner.st_uid, owner.st_gid)
        os.chmod(server.data / name, 0o600)
    server.restart(ssl="on")
    narrow_hba(server)
    before = server.hba
    bare.pgrepup("fix", "pg_hba", "--yes")
    added = server.hba[:-len(before)]
    assert re.findall(r"^(\w+) all ", added, re.M) == ["hostssl"]
    assert set(checks(bare, "pg_hba", "source").values()) == {"ok"}


def test_hba_with_an_error_of_somebody_is_left_alone(bare):
    narrow_hba(bare.source)
    path = bare.source.data / "pg_hba.conf"
    with path.open("a") as file:
        file.write("host all all 127.0.0.1/33 md5\n")
    before = path.read_bytes()
    assert "has an error" in bare.pgrepup("fix", "pg_hba@source", "--yes",
                                          check=6).output
    assert path.read_bytes() == before


PAGE = 4096


@pytest.fixture
def own_hba(pair, disk):
    """The source's pg_hba.conf alone on a small disk, the last page of it
    full."""
    p = pair(13, 18, bare=True)
    narrow_hba(p.source)
    p.disk = disk(p.source.folder / "hba", "256k")
    p.hba = p.disk.folder / "pg_hba.conf"
    text = p.source.hba
    p.text = text + "#" * (PAGE - (len(text) + 1) % PAGE) + "\n"
    p.hba.write_text(p.text)
    owner = p.source.data.stat()
    for path in (p.disk.folder, p.hba):
        os.chown(path, owner.st_uid, owner.st_gid)
    p.source.restart(hba_file=p.hba)
    p.backup = p.disk.folder / "pg_hba.conf.pgrepup-backup"
    return p


def test_hba_is_whole_again_after_a_full_disk(own_hba):
    p = own_hba
    p.disk.fill()
    ballast = p.disk.folder / "ballast"
    # room for the copy of it, and none for one more page
    os.truncate(ballast, ballast.stat().st_size - len(p.text))
    failed = p.pgrepup("fix", "pg_hba@source", "--yes", check=5)
    assert "No space left" in failed.output
    assert "put back" in failed.output
    assert p.hba.read_text() == p.text
    assert p.backup.read_text() == p.text
    ballast.unlink()
    p.pgrepup("fix", "pg_hba@source", "--yes")
    assert p.hba.read_text().endswith(p.text) and p.hba.read_text() != p.text
    assert p.backup.read_text() == p.text


def test_no_copy_is_made_of_a_damaged_hba(own_hba):
    p = own_hba
    p.pgrepup("fix", "pg_hba@source", "--yes")
    # as a failure leaves it when not even putting it back was possible
    p.source.query("UPDATE pgrepup.change SET state = 'planned' "
                   "WHERE kind = 'pg_hba'")
    added = p.hba.read_text()[:-len(p.text)]
    damaged = p.text[:p.text.index("host    all")]
    p.hba.write_text(damaged)
    refused = p.pgrepup("fix", "pg_hba@source", "--yes", check=6)
    assert str(p.backup) in refused.output
    assert p.hba.read_text() == damaged
    assert p.backup.read_text() == p.text
    # put right by hand
    p.hba.write_text(p.text)
    p.pgrepup("fix", "pg_hba@source", "--yes")
    assert len(p.hba.read_text()) == len(added + p.text)


# --- replica identity


def test_each_table_gets_the_least_invasive_remedy(bare, fixtures):
    # native replication would take the whole row of some as it is
    bare.pgrepup("config", "set", "mechanism=pglogical")
    bare.source.psql_file(fixtures / "globals.sql")
    bare.source.psql("CREATE DATABASE app OWNER scott")
    bare.source.psql_file(fixtures / "testdb.sql", "app")
    found = {f["object"]: f["variant"]
             for f in plans(bare, "replica_identity")}
    assert found == {
        "UPPER nopk": "column", "fish": "column", "nocols": "column",
        "part_nopk": "column", "rif": "column", "defpk": "unique",
        "rinothing": "default", "uniq_only": "index"}
    bare.pgrepup("fix", "replica_identity", "--yes")
    assert set(checks(bare, "replica_identity").values()) == {"ok"}
    server = bare.source
    assert identity(server, "rinothing") == "d"
    assert identity(server, "rif") == "d"
    assert identity(server, "uniq_only") == "i"
    assert identity(server, "defpk") == "i"
    assert identity(server, "part_nopk_1") == "i"
    for table in ("fish", "nocols", "part_nopk", "part_nopk_1", "rif",
                  '"UPPER nopk"'):
        assert has_column(server, table), table
    for table in ("uniq_only", "defpk", "rinothing", "animal"):
        assert not has_column(server, table), table
    # every row got a number of its own
    assert server.value(f"SELECT count(DISTINCT {COLUMN}) FROM fish",
                        db="app") == 2


@FIX
def test_a_person_may_choose_another_remedy(app):
    p = app("CREATE TABLE t (a int NOT NULL UNIQUE)")
    plan, = plans(p, "replica_identity:app.public.t")
    assert (plan["variant"], plan["choices"]) == (
        "index", "index column exclude")
    p.pgrepup("fix", "replica_identity:app.public.t=column", "--yes")
    assert has_column(p.source, "t")
    assert set(checks(p, "replica_identity").values()) == {"ok"}


@FIX
def test_a_name_that_no_terminal_shows_is_fixed_by_the_word_shown(app):
    p = app('CREATE TABLE "a\n\x1b[2Jb" (a int NOT NULL UNIQUE)')
    shown = p.pgrepup("fix", "replica_identity", "--dry-run").stdout
    plan, = plans(p, "replica_identity")
    assert plan["target"].isprintable() and plan["target"].isascii()
    assert "\x1b" not in shown
    p.pgrepup("fix", plan["target"], "--yes")
    assert set(checks(p, "replica_identity").values()) == {"ok"}


@FIX
def test_a_remedy_that_does_not_fit_is_refused_with_those_that_do(app):
    p = app("CREATE TABLE t (a int)")
    plan, = p.pgrepup.json(
        "fix", "replica_identity:app.t=index", "--yes")["fixes"]
    assert plan["state"] == "skipped" and "column" in plan["message"]
    assert identity(p.source, "t") == "d"


@FIX
def test_a_partition_names_the_fix_of_its_root(app):
    p = app("""
        CREATE TABLE root (k int) PARTITION BY LIST (k);
        CREATE TABLE sub PARTITION OF root FOR VALUES IN (1, 2)
            PARTITION BY LIST (k);
        CREATE TABLE leaf PARTITION OF sub FOR VALUES IN (1);
        CREATE TABLE keyed PARTITION OF root (PRIMARY KEY (k))
            FOR VALUES IN (3);
        INSERT INTO root VALUES (1), (1), (3)""")
    p.pgrepup("fix", "replica_identity:app.public.leaf", "--yes")
    assert has_column(p.source, "root")
    assert identity(p.source, "leaf") == "i"
    assert identity(p.source, "keyed") == "d"
    assert set(checks(p, "replica_identity").values()) == {"ok"}
    # a partition that comes later has the column, and needs the index
    p.source.psql("CREATE TABLE late PARTITION OF sub FOR VALUES IN (2)",
                     "app")
    plan, = plans(p, "replica_identity")
    assert (plan["object"], plan["variant"]) == ("late", "unique")
    p.pgrepup("fix", plan["target"], "--yes")
    assert identity(p.source, "late") == "i"


@FIX
def test_children_get_their_column_with_the_parent(app):
    p = app("""
        CREATE TABLE parent (a int);
        CREATE TABLE child (b int) INHERITS (parent);
        CREATE TYPE shape AS (a int);
        CREATE TABLE typed OF shape;
        INSERT INTO child VALUES (1, 2)""")
    found = {f["object"]: f for f in plans(p, "replica_identity")}
    assert found.keys() == {"parent", "typed"}
    assert found["typed"]["state"] == "skipped"
    assert "CREATE TABLE OF" in found["typed"]["message"]
    p.pgrepup("fix", "replica_identity", "--yes")
    assert has_column(p.source, "child")
    assert identity(p.source, "child") == "i"
    assert checks(p, "replica_identity")[
        ("source", "app", "public.typed")] == "ko"


@FIX
def test_who_may_insert_can_still_insert(app):
    """The default of the column takes a sequence, which has rights too."""
    p = app("""
        CREATE ROLE app LOGIN; CREATE ROLE narrow LOGIN;
        CREATE ROLE owner; GRANT app TO postgres; GRANT narrow TO postgres;
        CREATE TABLE t (a int, b int); ALTER TABLE t OWNER TO owner;
        GRANT INSERT ON t TO app; GRANT INSERT (a) ON t TO narrow""")
    p.pgrepup("fix", "replica_identity:app", "--yes")
    for role in ("app", "narrow", "owner"):
        p.source.psql(f"SET ROLE {role}; INSERT INTO t (a) VALUES (1)",
                         "app")


@FIX
def test_names_with_quotes_and_dots_are_targets(shared):
    p = shared
    name = 'we\'i.r"d@=: db'
    p.source.query('CREATE DATABASE "we\'i.r""d@=: db"')
    p.source.query('CREATE TABLE "t.""q" (a int)', db=name)
    plan, = plans(p, "replica_identity")
    assert (plan["database"], plan["object"]) == (name, 't."q')
    p.pgrepup("fix", plan["target"], "--yes")
    assert has_column(p.source, '"t.""q"', name)
    p.source.query('DROP DATABASE "we\'i.r""d@=: db"')


@FIX
def test_a_big_rewrite_must_be_named(app):
    p = app("CREATE TABLE t AS SELECT generate_series(1, 10)")
    p.pgrepup("config", "set", "fix.rewrite_limit=1")
    try:
        plan, = p.pgrepup.json("fix", "replica_identity", "--yes")["fixes"]
        assert plan["heavy"] and plan["state"] == "skipped"
        assert not has_column(p.source, "t")
        p.pgrepup("fix", "replica_identity:app.t", "--yes")
        assert has_column(p.source, "t")
    finally:
        p.pgrepup.configure(p, fix__rewrite_limit=1 << 30)


@FIX
def test_an_index_that_was_left_half_built_is_built_again(app):
    p = app("""
        CREATE TABLE t (a int PRIMARY KEY DEFERRABLE INITIALLY DEFERRED);
        INSERT INTO t VALUES (1)""")
    building = ("SELECT pid FROM pg_stat_activity "
                "WHERE query LIKE 'CREATE UNIQUE INDEX CONCURRENTLY%' "
                "AND wait_event_type = 'Lock'")
    valid = ("SELECT array_agg(indisvalid) FROM pg_index "
             "WHERE indrelid = 't'::regclass AND NOT indisprimary")
    with p.source.connect("app", autocommit=False) as holder:
        holder.execute("INSERT INTO t VALUES (2)")
        p.pgrepup.spawn("fix", "replica_identity:app.t", "--yes")
        wait_for(lambda: p.source.query(building))
        p.pgrepup.close()
        # the session is left behind by the killed runner
        p.source.query(f"SELECT pg_terminate_backend(pid) FROM ({building}) x")
        wait_for(lambda: not p.source.query(building))
        holder.commit()
    assert p.source.value(valid, db="app") == [False]
    p.pgrepup("fix", "replica_identity:app.t", "--yes")
    assert p.source.value(valid, db="app") == [True]
    assert identity(p.source, "t") == "i"


@FIX
def test_a_lock_of_an_application_is_neither_waited_for_nor_queued_on(app):
    p = app("CREATE TABLE t (a int); INSERT INTO t VALUES (1)")
    slowest = 0.0
    with p.source.connect("app", autocommit=False) as holder, \
            p.source.connect("app") as reader:
        holder.execute("SELECT * FROM t")       # held until the rollback
        child = p.pgrepup.spawn("fix", "replica_identity:app.t", "--yes")
        watcher = threading.Thread(target=child.communicate)
        watcher.start()
        while watcher.is_alive():
            began = time.monotonic()
            reader.execute("SELECT * FROM t")
            slowest = max(slowest, time.monotonic() - began)
            watcher.join(0.02)
        holder.rollback()
    p.pgrepup.children.remove(child)
    assert child.returncode == 5
    assert slowest < 3
    assert not has_column(p.source, "t")
    assert not has_registry(p.source, "app")
    # and when the application is done
    p.pgrepup("fix", "replica_identity:app.t", "--yes")
    assert has_column(p.source, "t")


@FIX
def test_a_schema_pgrepup_of_somebody_else_is_refused(app):
    p = app("CREATE SCHEMA pgrepup; CREATE TABLE t (a int)")
    assert "was not made by" in p.pgrepup(
        "fix", "replica_identity:app.t", "--yes", check=6).output
    assert not has_column(p.source, "t")


@FIX
def test_one_failure_leaves_the_other_fixes_done(app):
    p = app("""
        CREATE TABLE bad (a int); CREATE TABLE good (a int);
        CREATE TABLE holds (b bad)""")
    result = p.pgrepup.json("fix", "replica_identity", "--yes", check=5)
    assert {f["object"]: f["state"] for f in result["fixes"]} == {
        "bad": "failed", "good": "done", "holds": "done"}
    assert not has_column(p.source, "bad")
    assert has_column(p.source, "good")
