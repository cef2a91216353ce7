# SPDX-License-Identifier: PostgreSQL
"""uninstall, after fix: servers as before, and what is left to others."""
import pytest
from harness import assert_same_catalog, catalog_snapshot, wait_for


def restart(p):
    for server in (p.source, p.destination):
        server.restart()


def snapshots(p):
    return [catalog_snapshot(server) for server in (p.source, p.destination)]


def assert_as_before(p, before):
    for old, new in zip(before, snapshots(p)):
        assert_same_catalog(old, new)


def items(p, *args):
    return {i["object"]: i for i in
            p.pgrepup.json("uninstall", "--yes", *args).get("items", [])}


def altered(server, name):
    """The value of ALTER SYSTEM."""
    rows = server.query(
        "SELECT setting FROM pg_file_settings WHERE name = %s "
        "AND sourcefile LIKE '%%auto.conf'", [name])
    return rows[0][0] if rows else None


def registries(server):
    return [db for db in server.databases()
            if server.value("SELECT count(*) FROM pg_namespace "
                            "WHERE nspname = 'pgrepup'", db=db)]


@pytest.fixture
def bare(pair):
    made = pair(13, 18, bare=True)
    made.pgrepup("config", "set", "mechanism=pglogical")
    return made


def test_after_every_fix_both_servers_are_as_before(bare, fixtures):
    bare.source.psql_file(fixtures / "globals.sql")
    bare.source.psql("CREATE DATABASE app OWNER scott")
    bare.source.psql_file(fixtures / "testdb.sql", "app")
    bare.source.hba = bare.source.hba.replace(
        "host    all             all  ", "host    all             postgres  ")
    before = snapshots(bare)
    bare.pgrepup("fix", "--yes")
    restart(bare)
    bare.pgrepup("fix", "--yes")
    assert "__pgrepup_id" in str(catalog_snapshot(bare.source))
    bare.pgrepup("uninstall", "--yes")
    restart(bare)
    assert_as_before(bare, before)


def columns_and_identities(server, db):
    return server.query("""
        SELECT c.oid::regclass::text, c.relreplident::text,
               (SELECT array_agg(a.attname ORDER BY a.attnum)::text
                  FROM pg_attribute a WHERE a.attrelid = c.oid
                   AND a.attnum > 0 AND NOT a.attisdropped),
               (SELECT array_agg(i.indexrelid::regclass::text
                           || i.indisreplident ORDER BY 1)::text
                  FROM pg_index i WHERE i.indrelid = c.oid)
          FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
         WHERE c.relkind IN ('r', 'p') AND n.nspname !~ '^pg_|^information_'
         ORDER BY 1""", db=db)


def test_a_whole_upgrade_leaves_nothing_of_ours_on_either_side(bare, fixtures):
    """What fix added to the source came to the destination as well."""
    bare.source.psql_file(fixtures / "globals.sql")
    bare.source.psql("CREATE DATABASE app OWNER scott")
    bare.source.psql_file(fixtures / "testdb.sql", "app")
    # pglogical cannot carry it
    bare.source.psql("DROP TABLE gen", "app")
    before = catalog_snapshot(bare.source)
    shape = columns_and_identities(bare.source, "app")
    bare.pgrepup("fix", "--yes")
    restart(bare)
    for step in ("setup", "start"):
        bare.pgrepup(step, "--yes")
    wait_for(lambda: bare.pgrepup.json("status")["ok"])
    assert "__pgrepup_id" in str(columns_and_identities(bare.destination,
                                                        "app"))
    bare.pgrepup("stop", "--yes")
    bare.pgrepup("uninstall", "--yes")
    restart(bare)
    assert_same_catalog(before, catalog_snapshot(bare.source))
    assert columns_and_identities(bare.destination, "app") == shape
    left = [line for section, lines in
            catalog_snapshot(bare.destination).items() for line in lines
            if "pgrepup" in line or "pglogical" in line]
    assert not left, left


def test_without_anything_and_in_a_dry_run_nothing_is_changed(bare):
    before = snapshots(bare)
    bare.pgrepup("uninstall", "--yes")
    assert_as_before(bare, before)
    bare.pgrepup("fix", "--yes")
    before = snapshots(bare)
    told = bare.pgrepup.json("uninstall", "--dry-run")["items"]
    assert "source setting wal_level" in {i["object"] for i in told}
    assert {i["state"] for i in told} == {"plan"}
    assert_as_before(bare, before)


def test_a_foreign_slot_keeps_wal_level_and_the_server_starts(bare):
    bare.pgrepup("fix", "wal_level", "pglogical", "--yes")
    restart(bare)
    bare.source.query("SELECT pg_create_logical_replication_slot("
                      "'theirs', 'test_decoding')")
    told = items(bare)
    assert told["source setting wal_level"]["state"] == "warn"
    assert "theirs" in told["source setting wal_level"]["detail"]
    assert altered(bare.source, "shared_preload_libraries") is None
    bare.source.restart()
    assert bare.source.setting("wal_level") == "logical"
    # still known, so that another time can finish it
    bare.source.query("SELECT pg_drop_replication_slot('theirs')")
    assert items(bare)["source setting wal_level"]["state"] == "ok"
    bare.source.restart()
    assert bare.source.setting("wal_level") == "replica"
    assert registries(bare.source) == []


def test_slots_in_use_keep_their_number(pair):
    p = pair(13, 18, bare=True, source_settings={"max_replication_slots": 1})
    for i in range(3):
        p.source.psql(f"CREATE DATABASE db{i}")
    p.pgrepup("fix", "max_replication_slots@source", "--yes")
    p.source.restart()
    for i in range(2):
        p.source.query("SELECT pg_create_physical_replication_slot(%s)",
                       [f"theirs{i}"])
    told = items(p)["source setting max_replication_slots"]
    assert told["state"] == "warn" and "2 replication slots" in told["detail"]
    p.source.restart()


def test_pglogical_of_somebody_else_keeps_its_library(bare):
    bare.pgrepup("fix", "pglogical@source", "wal_level", "--yes")
    restart(bare)
    bare.source.psql("CREATE DATABASE theirs")
    bare.source.psql("CREATE EXTENSION pglogical", "theirs")
    told = items(bare)["source setting shared_preload_libraries"]
    assert told["state"] == "warn" and "theirs" in told["detail"]
    bare.source.restart()
    assert bare.source.setting("shared_preload_libraries") == "pglogical"


def test_a_setting_that_somebody_changed_since_is_theirs(bare):
    bare.pgrepup("fix", "pglogical@source", "--yes")
    bare.source.query("ALTER SYSTEM SET shared_preload_libraries = "
                      "pglogical, auto_explain")
    told = items(bare)["source setting shared_preload_libraries"]
    assert told["state"] == "warn"
    assert altered(bare.source, "shared_preload_libraries") == (
        "pglogical, auto_explain")
    assert registries(bare.source) == []


def test_a_value_of_alter_system_comes_back(pair):
    p = pair(13, 18, bare=True)
    p.source.query("ALTER SYSTEM SET wal_level = 'replica'")
    p.source.query("ALTER SYSTEM SET shared_preload_libraries = "
                   "auto_explain, pg_stat_statements")
    p.source.restart()
    before = snapshots(p)
    p.pgrepup("fix", "wal_level", "pglogical", "--yes")
    restart(p)
    p.pgrepup("uninstall", "--yes")
    restart(p)
    # the lines of postgresql.auto.conf may stand in another order
    for old, new in zip(before, snapshots(p)):
        for snapshot in (old, new):
            snapshot["postgresql.auto.conf"].sort()
        assert_same_catalog(old, new)


def test_a_view_over_the_column_is_named_and_keeps_it(bare):
    bare.source.psql("CREATE DATABASE app")
    bare.source.psql("CREATE TABLE t (a int)", "app")
    bare.pgrepup("fix", "replica_identity:app.t", "--yes")
    bare.source.psql("CREATE VIEW v AS SELECT * FROM t", "app")
    told = items(bare)["source column public.t.__pgrepup_id"]
    assert told["state"] == "warn" and "view public.v" in told["detail"]
    assert bare.source.query("SELECT __pgrepup_id FROM t", db="app") == []
    bare.source.psql("DROP VIEW v", "app")
    assert items(bare)["source column public.t.__pgrepup_id"]["state"] == "ok"
    assert registries(bare.source) == []


def test_what_others_wrote_into_pg_hba_since_is_kept(bare):
    bare.source.hba = bare.source.hba.replace(
        "host    all             all  ", "host    all             postgres  ")
    before = bare.source.hba
    bare.pgrepup("fix", "pg_hba@source", "--yes")
    line = "host somewhere someone 10.1.2.3/32 md5\n"
    bare.source.hba = bare.source.hba + line
    bare.pgrepup("uninstall", "--yes")
    assert bare.source.hba == before + line


def test_only_names_databases_and_leaves_the_clusters(bare):
    for db in ("one", "two"):
        bare.source.psql(f"CREATE DATABASE {db}")
        bare.source.psql("CREATE TABLE t (a int)", db)
    bare.pgrepup("fix", "--yes")
    bare.pgrepup("uninstall", "--only", "one", "--yes")
    assert registries(bare.source) == ["postgres", "two"]
    bare.pgrepup("uninstall", "--yes")
    assert registries(bare.source) == []


def test_a_killed_uninstall_is_finished_by_the_next(bare, fixtures):
    bare.source.psql_file(fixtures / "globals.sql")
    bare.source.psql("CREATE DATABASE app OWNER scott")
    bare.source.psql_file(fixtures / "testdb.sql", "app")
    before = snapshots(bare)
    bare.pgrepup("fix", "--yes")
    with bare.source.connect("app", autocommit=False) as holder:
        holder.execute("LOCK TABLE fish IN ACCESS SHARE MODE")
        bare.pgrepup.spawn("uninstall", "--yes")
        # it is at work between the first and the last table
        wait_for(lambda: bare.source.value(
            "SELECT count(*) FROM pg_locks WHERE NOT granted AND relation = "
            "'fish'::regclass", db="app"))
        bare.pgrepup.close()
    bare.pgrepup("uninstall", "--yes")
    restart(bare)
    assert_as_before(bare, before)


def test_a_database_dropped_on_the_destination_leaves_no_slot_or_origin(pair):
    p = pair(13, 18)
    p.source.psql("CREATE DATABASE app")
    p.source.psql("CREATE TABLE t (a int PRIMARY KEY)", "app")
    before = catalog_snapshot(p.source)
    p.pgrepup("setup", "--yes")
    p.pgrepup("start", "--yes")
    p.destination.psql("DROP DATABASE app WITH (FORCE)")
    told = items(p)
    assert "gone" in told["destination database app"]["detail"]
    assert p.destination.query("SELECT roname FROM pg_replication_origin") == []
    assert_same_catalog(before, catalog_snapshot(p.source))
