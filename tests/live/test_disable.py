# SPDX-License-Identifier: PostgreSQL
"""A subscription that is disabled for a while, by command and by key: nothing
is applied meanwhile, and nothing is lost."""
import pytest
from harness import Tmux, assert_same_rows, wait_for
from test_tui_journey import ends

pytestmark = pytest.mark.xdist_group("disable")

TABLE = """CREATE TABLE t (id int PRIMARY KEY, x text);
    INSERT INTO t SELECT g, 'row' FROM generate_series(1, 100) g;"""


@pytest.fixture(scope="module", params=[("pglogical", 13, 17),
                                        ("native", 15, 18)],
                ids=lambda p: f"{p[0]}-{p[1]}-{p[2]}")
def made(request, clusters):
    mechanism, old, new = request.param
    pair = clusters.pair(old, new)
    pair.pgrepup("config", "set", f"mechanism={mechanism}")
    for name in ["app", "crm"]:
        pair.source.psql(f"CREATE DATABASE {name}")
        pair.source.psql(TABLE, name)
    pair.pgrepup("setup")
    yield pair
    pair.destroy()


@pytest.fixture
def started(made):
    """All replicate, whatever the test before has left."""
    made.pgrepup("start")
    return made


def states(made):
    status = made.pgrepup("status", "--json", check=False).json
    return {row["database"]: row["state"] for row in status["databases"]}


def count(server):
    return server.query("SELECT count(*) FROM t", db="app")[0][0]


def slot_is_read(made):
    return made.source.query(
        "SELECT active FROM pg_replication_slots WHERE database = 'app'",
        db="app")[0][0]


def test_what_does_not_replicate_is_not_disabled(made):
    refused = made.pgrepup("disable", "--only", "app", check=6)
    assert 'database "app" does not replicate: it is "prepared"' in \
        refused.stderr
    assert "it does not replicate" in made.pgrepup("disable").stdout


def test_a_dry_run_disables_nothing(started):
    said = started.pgrepup("disable", "--dry-run").stdout
    assert "would be disabled" in said
    assert set(states(started).values()) == {"replicating"}


def test_nothing_is_applied_until_start_and_nothing_is_lost(started):
    started.pgrepup("disable", "--only", "app")
    # at once, as it was asked of the source
    assert not slot_is_read(started)
    before = count(started.destination)
    started.source.psql("INSERT INTO t SELECT g, 'new' FROM "
                        "generate_series(1000, 1999) g; "
                        "UPDATE t SET x = 'other' WHERE id < 50", "app")
    status = started.pgrepup("status", check=1)
    assert "the subscription is disabled" in status.stdout
    assert "pgrepup start" in status.stdout
    assert states(started)["crm"] == "replicating"
    started.pgrepup("disable", "--only", "app")     # again: the same
    assert count(started.destination) == before
    started.pgrepup("start", "--only", "app")
    wait_for(lambda: count(started.destination) == before + 1000, 60)
    wait_for(lambda: set(states(started).values()) == {"replicating"}, 60)
    assert_same_rows(started.source, started.destination, ["app", "crm"])


def test_by_keys(started):
    n = len(ends(started.pgrepup))
    with Tmux(started.pgrepup) as tmux:
        tmux.wait_screen("1 Config")
        # it checks at first
        wait_for(lambda: len(ends(started.pgrepup)) > n, 60)
        tmux.wait_idle()
        tmux.keys("4")
        tmux.wait_screen(r"^> app +replicating", 60)
        tmux.keys("E")
        tmux.wait_screen("It is not disabled")
        tmux.keys("D")
        tmux.wait_screen(r'Database "app"')
        tmux.keys("Escape")
        tmux.wait_gone(r'Database "app"')
        assert slot_is_read(started)
        tmux.keys("D")
        tmux.wait_screen("Disable it")
        tmux.keys("Y")
        tmux.wait_screen("disable: done", 60)
        tmux.wait_screen(r"^> app +down", 60)
        tmux.wait_screen("subscription is disabled")
        assert not slot_is_read(started)
        tmux.keys("E")
        tmux.wait_screen("Enable it")
        tmux.keys("Y")
        tmux.wait_screen(r"app +replicating", 60)
        assert states(started)["app"] == "replicating"


def test_stop_hands_over_nothing_that_is_held(started):
    started.pgrepup("disable")
    started.source.psql("INSERT INTO t VALUES (5000, 'late')", "app")
    held = started.pgrepup("stop", "--yes", check=1)
    said = " ".join(held.output.split())
    assert 'database "app" is held: its subscription was disabled' in said
    assert 'By role "postgres", 20' in said
    assert "`pgrepup start --only=app`" in said
    started.pgrepup("start")
    started.pgrepup("stop", "--yes")
    assert_same_rows(started.source, started.destination, ["app", "crm"])
    assert "it does not replicate" in started.pgrepup("disable").stdout
