# SPDX-License-Identifier: PostgreSQL
"""Findings that a person decides to live with, for a reason."""
import pytest

SCRIPT = """
CREATE TABLE fish (name text PRIMARY KEY);
CREATE UNLOGGED TABLE "Scratch.1" (name text PRIMARY KEY);
CREATE MATERIALIZED VIEW mv AS SELECT * FROM fish;
CREATE TABLE no_key (name text);
"""
GROUP = pytest.mark.xdist_group("ignore")


@pytest.fixture(scope="module")
def app(clusters):
    made = clusters.pair(13, 17)
    made.source.psql("CREATE DATABASE app")
    made.source.psql(SCRIPT, "app")
    yield made
    made.destroy()


@pytest.fixture
def fresh(app):
    """Nothing is ignored when a test is through."""
    yield app
    for one in app.pgrepup.json("ignore")["ignored"]:
        app.pgrepup("ignore", "--undo", one["target"])


def findings(p, *words):
    return p.pgrepup.json("check", *words, check=False)["checks"]


def one(p, id):
    found = [c for c in findings(p, id) if c["database"] == "app"]
    assert len(found) == 1, found
    return found[0]


@GROUP
def test_what_is_ignored_is_counted_and_told_with_its_reason(fresh):
    word = one(fresh, "unlogged")["target"]
    fresh.pgrepup("ignore", word, "--reason=only scratch paper")
    found = one(fresh, "unlogged")
    assert (found["status"], found["was"], found["reason"]) == (
        "ignored", "warn", "only scratch paper")
    shown = fresh.pgrepup("check", "unlogged").output
    assert "only scratch paper" in shown and "IGN 1" in shown


@GROUP
def test_it_is_taken_back(fresh):
    word = one(fresh, "unlogged")["target"]
    fresh.pgrepup("ignore", word, "--reason=a scratch table")
    fresh.pgrepup("ignore", word, "--undo")
    found = one(fresh, "unlogged")
    assert found["status"] == "warn" and not found.get("reason")
    assert fresh.pgrepup.json("ignore")["ignored"] == []
    fresh.pgrepup("ignore", word, "--undo", check=1)


@GROUP
def test_a_wider_word_means_all_that_it_covers(fresh):
    fresh.pgrepup("ignore", "materialized_views:app", "--reason=refreshed")
    assert one(fresh, "materialized_views")["status"] == "ignored"
    assert one(fresh, "unlogged")["status"] == "warn"


@GROUP
def test_a_ko_that_is_ignored_is_in_nobodys_way(fresh):
    before = fresh.source.hba
    fresh.source.hba = "host all pgrepup_replication all reject\n" + before
    try:
        assert fresh.pgrepup("check", "pg_hba@source", check=1)
        fresh.pgrepup("ignore", "pg_hba@source", "--reason=a proxy")
        assert fresh.pgrepup("check", "pg_hba@source").rc == 0
        # fix leaves it alone, unless it is named
        plans = fresh.pgrepup.json("fix", "--dry-run")["fixes"]
        assert [(f["state"], f["message"]) for f in plans
                if f["check"] == "pg_hba"] == [("skipped",
                                                "it is ignored: a proxy")]
        plans = fresh.pgrepup.json("fix", "--dry-run", "pg_hba")["fixes"]
        assert [f["state"] for f in plans] == ["planned"]
    finally:
        fresh.source.hba = before


@GROUP
def test_setup_honours_it_as_check_does(fresh):
    before = fresh.source.hba
    fresh.pgrepup("fix", "replica_identity", "--yes")
    fresh.source.hba = "host all pgrepup_replication all reject\n" + before
    try:
        refused = fresh.pgrepup("setup", "--dry-run", check=1).output
        assert "2 things are in the way" in refused
        fresh.pgrepup("ignore", "pg_hba@source", "--reason=a proxy")
        refused = fresh.pgrepup("setup", "--dry-run", check=1).output
        # that it is not let in stays in the way, and is firm
        assert "1 thing is in the way" in refused and "IGN" in refused
    finally:
        fresh.source.hba = before


@GROUP
@pytest.mark.parametrize("word, why", [
    ("replica_identity:app.no_key", "be lost"),
    ("wal_level", "replication slot"),
    ("destination_empty", "rows would be"),
])
def test_what_loses_data_cannot_be_ignored(fresh, word, why):
    refused = fresh.pgrepup("ignore", word, "--reason=no time", check=6)
    assert "cannot be ignored" in refused.output and why in refused.output
    assert fresh.pgrepup.json("ignore")["ignored"] == []


@GROUP
def test_a_row_that_also_warns_is_firm_in_its_ko(fresh):
    """extensions is WARN for another version, KO when it is missing."""
    fresh.source.psql("CREATE DATABASE ext")
    fresh.source.psql("CREATE EXTENSION adminpack", "ext")
    try:
        fresh.pgrepup("ignore", "extensions:ext", "--reason=who needs it")
        found = [c for c in findings(fresh, "extensions:ext")]
        assert [c["status"] for c in found] == ["ko"]
    finally:
        fresh.source.psql("DROP DATABASE ext")


@GROUP
@pytest.mark.parametrize("args", [
    ["unlogged:app"], ["unlogged:app", "--reason= "],
    ["no_such_check", "--reason=x"], ["source", "--reason=x"],
])
def test_without_a_reason_or_a_check_it_is_wrong_usage(fresh, args):
    fresh.pgrepup("ignore", *args, check=2)
