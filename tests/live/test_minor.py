# SPDX-License-Identifier: PostgreSQL
"""Minor releases: what one of them keeps in its catalogs and no other knows,
and what check says of them. Both sides of 2026-11-12 are here as long as some
suite has the older one."""
import pytest
from harness import Pair, Release, assert_same_rows, second, wait_for
from harness.servers import client_bindir
from test_check import check

PATCHED, OLD = 15, Release("15.18")

# columns of all that has some; options that are real; names that look so
SCHEMA = """
CREATE TYPE addr AS (street text, no int);
CREATE TABLE t (id int PRIMARY KEY, b text, a addr);
ALTER TABLE t ALTER id SET (n_distinct = -1);
ALTER TABLE t ALTER b SET (n_distinct = 5, n_distinct_inherited = 7);
INSERT INTO t SELECT g, g % 5, row(g, g)::addr FROM generate_series(1, 500) g;
ALTER TYPE addr ADD ATTRIBUTE zip text;
INSERT INTO t SELECT g, g % 5, row(g, g, g)::addr
    FROM generate_series(501, 900) g;
CREATE VIEW v AS SELECT * FROM t;
CREATE MATERIALIZED VIEW m AS SELECT id, b FROM t;
ALTER MATERIALIZED VIEW m ALTER b SET (n_distinct = -0.5);
CREATE FOREIGN DATA WRAPPER fdw;
CREATE SERVER far FOREIGN DATA WRAPPER fdw;
CREATE FOREIGN TABLE ft (a int OPTIONS (x 'SET (pg_attver=1)')) SERVER far;
ALTER FOREIGN TABLE ft ALTER a SET (n_distinct = 3);
CREATE TABLE named (id int PRIMARY KEY, pg_attver int, " SET (pg_attver=1)" int
    DEFAULT 3);
ALTER TABLE named ALTER pg_attver SET (n_distinct = 4);
CREATE INDEX plain ON t (b) WITH (fillfactor = 70);
"""
INDEXES = """
CREATE INDEX two_options ON t (b) WITH (recheck_on_update = false, fillfactor = 80);
CREATE INDEX one_option ON t ((b || 'x')) WITH (recheck_on_update = true);
ALTER TABLE named ADD CONSTRAINT u UNIQUE (pg_attver)
    WITH (recheck_on_update = true);
"""
OPTIONS = """SELECT c.relname || '.' || a.attname, a.attoptions
    FROM pg_attribute a JOIN pg_class c ON c.oid = a.attrelid
    WHERE a.attoptions IS NOT NULL AND c.relnamespace = 'public'::regnamespace
    ORDER BY 1"""
REAL = {"ft.a": ["n_distinct=3"], "m.b": ["n_distinct=-0.5"],
        "named.pg_attver": ["n_distinct=4"],
        "t.b": ["n_distinct=5", "n_distinct_inherited=7"],
        "t.id": ["n_distinct=-1"]}


def options(server):
    """By column, without those that are this test's subject."""
    found = {name: [o for o in set_ if not o.startswith("pg_attver=")]
             for name, set_ in server.query(OPTIONS, db="app")}
    return {name: set_ for name, set_ in found.items() if set_}


def storage(server):
    return dict(server.query(
        "SELECT relname, reloptions FROM pg_class WHERE reloptions IS NOT "
        "NULL AND relnamespace = 'public'::regnamespace", db="app"))


@pytest.mark.parametrize("mechanism, old, new", [
    ("pglogical", PATCHED, OLD), second("native", PATCHED, OLD),
    second("native", 11, 15), ("native", OLD, 17)])
def test_options_of_one_release_stay_behind(pair, mechanism, old, new):
    p = pair(old, new)
    p.pgrepup("config", "set", f"mechanism={mechanism}")
    p.source.psql("CREATE DATABASE app")
    p.source.psql(SCHEMA + (INDEXES if old == 11 else ""), "app")
    internal = [o for _, set_ in p.source.query(OPTIONS, db="app")
                for o in set_ if o.startswith("pg_attver=")]
    assert bool(internal) == (old is PATCHED), internal
    p.pgrepup("fix", "--yes")
    p.pgrepup("setup")
    p.pgrepup("start")
    p.source.psql("UPDATE t SET a = row('new', 1, 'z') WHERE id % 10 = 0;"
                  "UPDATE t SET id = id + 10000 WHERE id % 10 = 1;"
                  "DELETE FROM t WHERE id % 10 = 2;"
                  "INSERT INTO named VALUES (1, 2)", "app")
    wait_for(lambda: p.pgrepup.json("status")["xlog_difference"] == 0,
             what="the last change")
    p.pgrepup("stop", "--yes")
    assert_same_rows(p.source, p.destination, ["app"])
    assert options(p.destination) == REAL
    assert storage(p.destination) == {
        "plain": ["fillfactor=70"],
        **({"two_options": ["fillfactor=80"]} if old == 11 else {})}
    if new is OLD:
        assert dict(p.destination.query(OPTIONS, db="app")) == REAL


def test_an_option_that_was_lost_is_a_difference(pair):
    """Compared without what is internal, and with all else."""
    p = pair(PATCHED, 17)
    p.pgrepup("config", "set", "mechanism=native")
    p.source.psql("CREATE DATABASE app")
    p.source.psql(SCHEMA, "app")
    p.pgrepup("fix", "--yes")
    p.pgrepup("setup")
    p.destination.psql("ALTER TABLE t ALTER b RESET (n_distinct)", "app")
    failed = p.pgrepup("start", check=6)
    assert "options of column public.t.b differs" in failed.output
    p.destination.psql("ALTER TABLE t ALTER b SET (n_distinct = 5)", "app")
    p.pgrepup("start")


# --- what check says

@pytest.fixture(scope="module")
def minors(clusters):
    """A patched source and an old destination, with its client programs."""
    made = clusters.pair(PATCHED, OLD)
    made.pgrepup("config", "set", "mechanism=native")
    yield made
    made.destroy()


@pytest.fixture(scope="module")
def turned(clusters, minors):
    """The same two the other way round, as somebody else may look at them."""
    program = clusters.program(client_bindir(PATCHED))
    program.configure(Pair(minors.destination, minors.source, program),
                      mechanism="native")
    return program


@pytest.mark.xdist_group("minors")
def test_minor_releases_that_matter_are_named(turned):
    found = check(turned, "source").all("minor_release", status="warn")
    assert {c["object"]: c["needed"] for c in found} == {
        "aborted-subtransactions": "15.20 or later",
        "extract-in-expressions": "15.19 or later"}
    assert all(c["current"] == "15.18" and c["hint"] for c in found)


@pytest.mark.xdist_group("minors")
def test_a_minor_release_that_mends_all_is_ok(minors):
    assert check(minors.pgrepup, "source").one("minor_release")[
        "status"] == "ok"


@pytest.mark.xdist_group("minors")
def test_advisories_are_of_a_mechanism(turned):
    turned("config", "set", "mechanism=pglogical")
    named = {(c["side"], c["object"]): c["current"] for c in
             check(turned).all("minor_release", status="warn")}
    turned("config", "set", "mechanism=native")
    assert {("source", "output-plugins"), ("source", "pglogical-release"),
            ("destination", "extensions-rebuilt")} <= set(named)
    assert named["source", "pglogical-release"] == "pglogical 2.4.2"


@pytest.mark.xdist_group("minors")
def test_an_advisory_is_ignored_by_its_name(turned):
    [target] = [c["target"] for c in check(turned, "source").all(
        "minor_release", object="aborted-subtransactions")]
    turned("ignore", target, "--reason", "nobody uses savepoints")
    found = check(turned, "source").all("minor_release")
    turned("ignore", "--undo", target)
    assert {c["object"]: c["status"] for c in found} == {
        "aborted-subtransactions": "ignored",
        "extract-in-expressions": "warn"}


@pytest.mark.xdist_group("minors")
def test_old_client_programs_are_named_with_their_package(minors, turned):
    old = check(minors.pgrepup, "source").one("client_release", status="warn")
    assert old["object"] == "internal-options"
    assert old["current"].endswith("/pg_dump 15.18")
    assert old["needed"] == "15.20 or later: package postgresql-client-15"
    assert "pg_attver" in old["hint"]
    # of a source that has no such options, whatever wrote the dump
    turned("config", "set", f"bin_dir={client_bindir(OLD)}")
    assert check(turned, "source").all("client_release") == []
    turned("config", "set", f"bin_dir={client_bindir(PATCHED)}")
    minors.pgrepup("config", "set", f"bin_dir={client_bindir(PATCHED)}")
    assert check(minors.pgrepup, "source").all("client_release") == []
    minors.pgrepup("config", "set", f"bin_dir={client_bindir(OLD)}")
