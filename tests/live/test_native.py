# SPDX-License-Identifier: PostgreSQL
"""The journey by PostgreSQL's own publications and subscriptions."""
import pytest
from harness import (Writer, assert_same_catalog, assert_same_rows,
                     catalog_snapshot, sequences, wait_for)
from test_journey import assert_nothing_of_ours, make_source, states

PAIRS = [(15, 18), (17, 18), (13, 15)]


def native(pair, old, new, **more):
    made = pair(old, new, **more)
    made.pgrepup("config", "set", "mechanism=native")
    return made


@pytest.mark.parametrize("old, new", PAIRS)
def test_journey(pair, old, new):
    made = native(pair, old, new)
    source, destination, pgrepup = made.source, made.destination, made.pgrepup
    make_source(source)
    databases = ["testdb", "Weird-DB name"]
    with Writer(source, databases) as writer:
        writer.wait_for_progress(20)
        before = catalog_snapshot(source)
        pgrepup("check", check=1)
        pgrepup("fix", "--yes")
        assert "Mechanism native (the configuration says so)" in pgrepup("check").stdout
        pgrepup("setup")
        writer.wait_for_progress(20)
        pgrepup("start")
        writer.wait_for_progress(20)
        wait_for(lambda: set(states(pgrepup).values()) == {"replicating"},
                 what="replicating")
    writer.check()
    pgrepup("stop", "--yes")
    assert set(states(pgrepup).values()) == {"stopped"}
    writer.verify(destination)
    assert_same_rows(source, destination, databases)
    for db in databases:
        assert sequences(source, db) == sequences(destination, db)
    pgrepup("stop", "--yes")
    pgrepup("uninstall", "--yes")
    assert_same_catalog(before, catalog_snapshot(source), ignore=("sequence",))
    assert_nothing_of_ours(destination)
    assert_same_rows(source, destination, databases)
    pgrepup("uninstall", "--yes")
