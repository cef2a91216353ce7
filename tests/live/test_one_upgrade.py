# SPDX-License-Identifier: PostgreSQL
"""A cluster takes part in one upgrade at a time: what another one is refused,
and that the first goes on as if nothing had been."""
from types import SimpleNamespace

import pytest
from harness import assert_same_rows, second, wait_for

KINDS = [("pglogical", 13, 17), ("native", 15, 18)]
COMMANDS = [["fix", "--yes"], ["setup"], ["setup", "--again", "--yes"],
            ["start"], ["disable", "--yes"], ["stop", "--yes"],
            ["uninstall", "--yes"], ["uninstall", "--dry-run"]]
TABLE = ("CREATE TABLE t (id int PRIMARY KEY, x text); "
         "INSERT INTO t SELECT g, 'before' FROM generate_series(1, 100) g;")


def mostly(mechanism):
    """The other mechanism is only of check-matrix."""
    return pytest.mark.parametrize(
        "made", [kind if kind[0] == mechanism else second(kind)
                 for kind in KINDS], ids=[kind[0] for kind in KINDS],
        indirect=True)


@pytest.fixture(params=KINDS, ids=[kind[0] for kind in KINDS])
def made(request, pair):
    """Set up, with the database app."""
    mechanism, old, new = request.param
    both = pair(old, new)
    both.pgrepup("config", "set", f"mechanism={mechanism}")
    both.source.psql("CREATE DATABASE app")
    both.source.psql("CREATE DATABASE other")
    both.source.psql(TABLE, "app")
    both.pgrepup("config", "set", "databases.include=app")
    both.pgrepup("setup")
    return both


def insert(made, start, n=50):
    made.source.psql("INSERT INTO t SELECT g, 'later' FROM "
                     f"generate_series({start}, {start + n - 1}) g", "app")


def stop_when_copied(made):
    """A name that is taken keeps the primary key from being made."""
    made.destination.psql("CREATE SEQUENCE t_pkey", "app")
    made.pgrepup("start", check=False)
    assert load_state(made) == "copied"
    made.destination.psql("DROP SEQUENCE t_pkey", "app")


def load_state(made):
    return made.destination.value("SELECT state FROM pgrepup.load", db="app")


def another(made, clusters, source=None, destination=None, **keys):
    """A pgrepup elsewhere, by default for the same two clusters."""
    program = clusters.program(made.pgrepup.bin_dir)
    program.configure(SimpleNamespace(
        source=source or made.source,
        destination=destination or made.destination), **keys)
    return program


def facts(server):
    """What another upgrade could take away or change."""
    found = {"roles": server.query(
        "SELECT rolname, rolpassword, rolreplication, shobj_description(oid, "
        "'pg_authid') FROM pg_authid WHERE rolname !~ '^pg_' ORDER BY 1"),
        "slots": server.query("SELECT slot_name, database FROM "
                              "pg_replication_slots ORDER BY 1"),
        "hba": server.hba}
    for db in server.databases():
        found[db] = server.query(
            "SELECT nspname::text FROM pg_namespace UNION ALL SELECT extname "
            "FROM pg_extension ORDER BY 1", db=db)
        if ("pgrepup",) in found[db]:
            found[db] += server.query(
                "SELECT kind, name, part, new_value, state FROM "
                "pgrepup.change ORDER BY id", db=db)
    return found


def assert_refused(program, servers, *commands):
    before = [facts(server) for server in servers]
    for command in commands or COMMANDS:
        refused = program(*command, check=False)
        assert refused.rc == 6, refused
        assert "takes part in another upgrade" in refused.output, refused
    assert [facts(server) for server in servers] == before


def finish(made, start):
    """The first upgrade, to its end; readers must connect once more."""
    made.pgrepup("start")
    for pid, in made.source.query("SELECT pid FROM pg_stat_replication"):
        made.source.query("SELECT pg_terminate_backend(%s)", [pid])
    insert(made, start)
    wait_for(lambda: made.pgrepup.json("status")["ok"])
    made.pgrepup("stop", "--yes")
    assert_same_rows(made.source, made.destination, ["app"])
    made.pgrepup("uninstall", "--yes")
    for server in (made.source, made.destination):
        assert server.query("SELECT 1 FROM pg_roles "
                            "WHERE rolname = 'pgrepup_replication'") == []


def test_a_slot_that_was_made_anew_is_not_the_slot_of_the_copy(made):
    """Whoever did it, and whatever it is called: rows are missing in it."""
    stop_when_copied(made)
    (name, plugin), = made.source.query(
        "SELECT slot_name, plugin FROM pg_replication_slots")
    insert(made, 1000)
    made.source.query("SELECT pg_drop_replication_slot(%s)", [name])
    made.source.query("SELECT pg_create_logical_replication_slot(%s, %s)",
                      [name, plugin], db="app")
    refused = made.pgrepup("start", check=6)
    assert "does not stand at" in refused.output
    assert "setup --again" in refused.output
    assert load_state(made) == "copied"
    made.pgrepup("setup", "--again", "--yes")
    made.pgrepup("start")
    insert(made, 2000)
    made.pgrepup("stop", "--yes")
    assert_same_rows(made.source, made.destination, ["app"])


@mostly("pglogical")
def test_the_same_name_with_another_destination_is_refused(
        made, server, clusters):
    """A rehearsal by default names, while the first is between two steps."""
    stop_when_copied(made)
    insert(made, 1000)
    elsewhere = server(made.destination.version)
    other = another(made, clusters, destination=elsewhere)
    assert_refused(other, [made.source, elsewhere])
    found = other.json("check", "source", check=False)["checks"]
    assert "from the cluster" in str([c for c in found if c["status"] == "ko"])
    finish(made, 2000)


@mostly("native")
def test_another_name_on_the_same_clusters_is_refused(made, clusters):
    """From other connect databases as well, of another database alone."""
    made.pgrepup("start")
    other = another(made, clusters, name="another", databases__include="other",
                    source__dbname="other")
    assert_refused(other, [made.source, made.destination])
    # nor does it help to claim to be forced: it is not lost
    assert_refused(other, [made.source, made.destination],
                   ["uninstall", "--yes", "--force"])
    finish(made, 1000)


@mostly("native")
def test_a_destination_of_another_source_is_refused(made, server, clusters):
    made.pgrepup("start")
    elsewhere = server(made.source.version)
    elsewhere.psql("CREATE DATABASE app")
    for name in ("pgrepup", "another"):
        other = another(made, clusters, source=elsewhere, name=name)
        assert_refused(other, [elsewhere, made.destination])
        assert_refused(other, [elsewhere, made.destination],
                       ["uninstall", "--yes", "--force"])
        hint = "--without-source" in other("setup", check=6).output
        assert hint == (name == "pgrepup")
    finish(made, 1000)


@mostly("pglogical")
def test_a_source_whose_destination_is_lost_can_be_freed(
        made, server, clusters):
    made.pgrepup("start")
    elsewhere = server(made.destination.version)
    other = another(made, clusters, destination=elsewhere,
                    databases__include="app",
                    mechanism=made.pgrepup("config", "get", "mechanism")
                    .stdout.strip().split("=")[-1])
    # as long as the slot is read, nothing is lost
    wait_for(lambda: made.source.query(
        "SELECT 1 FROM pg_replication_slots WHERE active"))
    assert_refused(other, [made.source, elsewhere], ["setup"],
                   ["uninstall", "--yes"], ["uninstall", "--yes", "--force"])
    made.destination.stop()
    wait_for(lambda: not made.source.query(
        "SELECT 1 FROM pg_stat_replication"))
    refused = other("setup", check=6)
    assert "uninstall --force" in refused.output
    other("uninstall", "--yes", "--force")
    assert made.source.query("SELECT 1 FROM pg_replication_slots") == []
    made.destination.start()
    # the lost one is back: its upgrade is over, and disturbs no other
    other("setup")
    assert_refused(made.pgrepup, [made.source, made.destination], ["start"],
                   ["stop", "--yes"], ["uninstall", "--yes"])
    other("start")
    insert(made, 1000)
    other("stop", "--yes")
    assert_same_rows(made.source, elsewhere, ["app"])


def test_a_mark_that_came_with_copied_roles_says_nothing(pair):
    made = pair(13, 17)
    for side in (made.source, made.destination):
        side.psql("CREATE ROLE old; COMMENT ON ROLE old IS "
                  "'pgrepup: upgrade x from cluster 1 to cluster 2'")
    made.source.psql("CREATE DATABASE app")
    made.pgrepup("setup")
    made.pgrepup("uninstall", "--yes")


def test_a_role_that_others_need_stays_and_hinders_nobody(pair):
    made = pair(13, 17)
    made.source.psql("CREATE DATABASE app")
    made.pgrepup("setup")
    made.source.psql("CREATE SCHEMA theirs AUTHORIZATION "
                     "pgrepup_replication", "app")
    made.pgrepup("uninstall", "--yes")
    assert made.source.query(
        "SELECT rolcanlogin, rolreplication FROM pg_roles WHERE rolname = "
        "'pgrepup_replication'") == [(False, False)]
    made.pgrepup("config", "set", "name=another")
    made.pgrepup("uninstall", "--yes")
