# SPDX-License-Identifier: PostgreSQL
"""One database of the live panel: its tables, slot and workers, over the
screen and beside the list, while it is copied and after; and by command."""
import re
import time

import pytest
from harness import Tmux, second, wait_for
from test_tui_journey import journal

pytestmark = pytest.mark.xdist_group("tui_detail")

TABLES = 150
ROWS = f"""
CREATE TABLE big (id int PRIMARY KEY, x text);
INSERT INTO big SELECT g, repeat('x', 100) FROM generate_series(1, 20000) g;
DO $$ BEGIN FOR i IN 1..{TABLES} LOOP
  EXECUTE format('CREATE TABLE p_%s (id int PRIMARY KEY)', i);
  EXECUTE format('INSERT INTO p_%s SELECT generate_series(1, 10)', i);
END LOOP; END $$;
ANALYZE;
"""


@pytest.fixture(scope="module", params=[(13, 17), second((15, 18))],
                ids=lambda p: f"{p[0]}-{p[1]}")
def pair(request, clusters):
    made = clusters.pair(*request.param)
    for name in ["app", "dwh"]:
        made.source.psql(f"CREATE DATABASE {name}")
        made.source.psql(ROWS, name)
    made.pgrepup("setup", "--yes")
    yield made
    made.destroy()


@pytest.fixture
def replicating(pair):
    """The pair after a start, which the first test makes when it runs."""
    if pair.pgrepup("status", check=False).rc != 0:
        wait_for(lambda: journal(pair.pgrepup)[-1]["type"] == "end", 60,
                 "the end of what runs")
        pair.pgrepup("start")
    wait_for(lambda: pair.pgrepup("status", check=False).rc == 0, 60,
             "replication")
    return pair


@pytest.fixture
def tmux(replicating):
    with Tmux(replicating.pgrepup) as made:
        made.wait_screen("1 Config")
        made.keys("4")
        yield made


def detail(made, name):
    return made.pgrepup("status", name, "--json", check=False).json["detail"]


def tables(made, name):
    return {one["table"]: one for one in detail(made, name)["tables"]}


def test_tables_are_told_while_they_are_copied(pair):
    with pair.destination.connect("dwh", autocommit=False) as conn:
        conn.execute("LOCK TABLE p_7 IN SHARE MODE")
        face = pair.pgrepup.spawn("start")
        # every other table goes by, this one waits
        wait_for(lambda: sum(one["state"] == "copied" for one in
                             tables(pair, "dwh").values()) == TABLES, 60,
                 "all tables but one", interval=0.3)
        seen = tables(pair, "dwh")
        assert seen["big"]["rows"] == 20000
        assert seen["big"]["copied_bytes"] == seen["big"]["bytes"] > 2000000
        assert seen["p_7"]["state"] in ("waiting", "copying")
        now = detail(pair, "dwh")
        assert not now["errors"]
        assert any("TRUNCATE" in (one["doing"] or "")
                   for one in now["workers"]), now["workers"]
        with Tmux(pair.pgrepup) as tmux:
            look_while_it_is_copied(tmux)
            with pair.destination.connect("dwh", autocommit=False) as other:
                other.execute("LOCK TABLE big IN SHARE MODE")
                conn.rollback()
                # what is shown follows
                tmux.wait_screen(r"OK +public\.p_7 +10 ", 60)
                look_while_indexes_are_built(tmux)
    out, err = face.communicate(timeout=120)
    assert face.returncode == 0, out + err


def look_while_it_is_copied(tmux):
    tmux.wait_screen("1 Config")
    tmux.keys("4")
    tmux.wait_screen(rf"dwh +initializing +{TABLES}/{TABLES + 1} ", 60)
    tmux.keys("/")
    tmux.type("dwh")
    tmux.keys("Enter", "Enter")
    tmux.wait_screen(r"^ dwh$")
    tmux.wait_screen(r"State +initializing")
    tmux.keys("/")
    tmux.type("state:copied")
    tmux.wait_screen(rf"TABLE \({TABLES} of {TABLES + 1}\)")
    tmux.keys("Escape", "/")
    tmux.type("p_7")
    # p_7, p_70 ... p_79
    tmux.wait_screen(r"TABLE \(11 of ")
    tmux.wait_screen(r"(WAIT|RUN) +public\.p_7 ")


def look_while_indexes_are_built(tmux):
    tmux.keys("Escape")
    tmux.wait_screen(r"Indexes +\d+ of \d+ done", 60)
    # the one that waits
    tmux.wait_screen(r"ALTER TABLE ONLY public\.big", 60)
    tmux.keys("Escape")
    tmux.wait_screen(r"dwh +initializing .*index \d+/\d+")


def test_detail_shows_slot_workers_and_exact_bytes(pair, tmux):
    wait_for(lambda: pair.pgrepup("status", check=False).rc == 0, 60)
    tmux.wait_screen(r"^> \S+ +replicating")
    tmux.keys("/")
    tmux.type("app")
    tmux.keys("Enter", "Enter")
    tmux.wait_screen(r"Slot +\S*app\S*, active, WAL reserved")
    slot = detail(pair, "app")["slots"][0]
    tmux.wait_screen(rf"walsender, process {slot['pid']}, streaming")
    apply = [one for one in detail(pair, "app")["workers"]
             if one["side"] == "destination" and " apply " in one["what"]]
    assert len(apply) == 1
    tmux.wait_screen(rf"process {apply[0]['pid']}")
    tmux.wait_screen(r"Difference +\d+ \w+( \(\d+ bytes\))?$")
    tmux.wait_screen(r"confirmed +[0-9A-F]+/[0-9A-F]+, \d+ bytes behind")
    tmux.wait_screen(r"OK +public\.big +20000 ")
    for width, height in [(40, 12), (20, 4), (1, 1), (200, 60), (80, 24)]:
        tmux.resize(width, height)
        tmux.settle(0.2)
    tmux.keys("G")
    tmux.wait_screen(r"^> +OK ")
    tmux.keys("S")
    tmux.wait_screen("sort: state, reversed")
    tmux.keys("s")
    tmux.wait_screen("sort: table")
    tmux.keys("y")
    tmux.wait_gone("nothing to copy")
    copied = pair.pgrepup.home / "state/pgrepup/pgrepup/copied"
    wait_for(copied.exists, what="the copy")
    tmux.keys("Escape")
    tmux.wait_screen(r"DATABASE +STATE")


def test_keys_in_one_burst_open_what_the_filter_leaves(pair, tmux):
    tmux.wait_screen(r"^> app +")
    tmux.send(b"/dwh\r\r")
    tmux.wait_screen(r"^ dwh$")
    tmux.keys("Escape")
    tmux.wait_screen(r"^> dwh +")


def test_every_key_of_the_help_does_it_over_the_tables(pair, tmux):
    tmux.wait_screen(r"^> \S+ +replicating", 60)
    tmux.keys("Enter")
    tmux.wait_screen(r"TABLE \(")
    tmux.keys("?")
    tmux.wait_screen("^ Help: tables ")
    assert tmux.row("sort by the next column")
    assert not tmux.row("stop replication and hand over")
    tmux.keys("Escape", "C-c")
    # the first check of this dashboard may be at work
    if tmux.wait_screen("Nothing runs|Stop it")[0] == "Stop it":
        tmux.keys("Escape")
    tmux.keys("Y")
    tmux.wait_screen("Sent to the clipboard")
    tmux.keys("w")
    tmux.wait_screen(r"Report: \S+|The report was written")
    if not tmux.row(r"TABLE \("):
        tmux.keys("Escape")
    tmux.keys("L")
    tmux.wait_screen("^ Log  +Everything")
    tmux.keys("?")
    tmux.wait_screen("^ Help: log ")
    assert not tmux.row("sort by the next column")
    tmux.keys("Escape", "Escape")
    tmux.wait_screen(r"TABLE \(")
    prints_tables(tmux)
    copies_what_it_filters(tmux)
    for key, screen in (("2", r"\[2 Check"), ("F4", r"\[3 Setup")):
        tmux.keys("4")
        tmux.wait_screen(r"^> \S+ +replicating")
        tmux.keys("Enter")
        tmux.wait_screen(r"TABLE \(")
        tmux.keys(key)
        tmux.wait_screen(screen)


def prints_tables(tmux):
    """What lies over the screen, not what is below."""
    tmux.keys("o")
    tmux.wait_screen("Enter goes back")
    assert tmux.flag("alternate_on") == "0"
    assert re.search(r"public\.p_\d+\s+replicating", tmux.screen())
    tmux.keys("Enter")
    tmux.wait_screen(r"TABLE \(")


def copies_what_it_filters(tmux):
    """Also when all of it is typed before the next frame."""
    tmux.send(b"/p_77\ry")
    copied = tmux.pgrepup.home / "state/pgrepup/pgrepup/copied"
    wait_for(lambda: copied.read_text().startswith("public.p_77\t"), 10,
             "the table that was looked for")
    tmux.wait_screen(r"^> +OK +public\.p_77 ")
    tmux.keys("Escape")
    tmux.wait_screen(rf"TABLE \({TABLES + 1}\)|State +replicating")


def test_wide_screen_follows_the_cursor(replicating):
    with Tmux(replicating.pgrepup, width=200, height=60) as wide:
        wide.wait_screen("1 Config")
        wide.keys("4")
        wide.wait_screen(r"── app ─", 60)
        wide.wait_screen(r"Slot +\S*app")
        wide.wait_screen(rf"TABLE \({TABLES + 1}\)")
        wide.keys("Down")
        wide.wait_screen(r"── dwh ─")
        wide.wait_screen(r"Slot +\S*dwh")
        wide.wait_screen("xlog difference, last 30 minutes")
        wide.wait_screen(r"keeps \d+ \w+ of WAL for 3 slots")
        wide.wait_screen(r"source writes \d+")


def test_a_question_leaves_the_database_to_be_seen(replicating):
    with Tmux(replicating.pgrepup, width=200, height=60) as wide:
        wide.wait_screen("1 Config")
        wide.keys("4")
        wide.wait_screen(rf"TABLE \({TABLES + 1}\)", 60)
        wide.keys("X")
        wide.wait_screen(r"Stop replication\?")
        time.sleep(36)  # the time after which nobody seems to look
        assert wide.row(rf"TABLE \({TABLES + 1}\)"), wide.screen()


def test_detail_says_why_it_is_down_and_what_to_do(pair, tmux):
    pair.destination.psql("SELECT pglogical.alter_subscription_disable("
                          "sub_name, true) FROM pglogical.subscription", "app")
    tmux.wait_screen(r"^> app +down ", 60)
    tmux.wait_screen("subscription is disabled")
    tmux.wait_screen("Run `pgrepup start`")
    tmux.keys("Enter")
    tmux.wait_screen(r"State +down, for ")
    tmux.wait_screen(r"Last error +the subscription is disabled")
    tmux.wait_screen(r"What to do +Run `pgrepup start`")
    plain = pair.pgrepup("status", "app", check=1).stdout
    assert re.search(r"Reason: .*disabled", plain)
    assert re.search(r"Hint: Run `pgrepup start`", plain)
    assert re.search(r"Slot +\S+, not in use", plain)
    assert re.search(r"copied +20000 rows .* public\.big", plain)
    # the first check of this dashboard
    wait_for(lambda: journal(pair.pgrepup)[-1]["type"] == "end", 30,
             "the end of what runs")
    pair.pgrepup("start")
    tmux.wait_screen(r"State +replicating", 60)


def test_status_of_a_database_that_is_not_there(pair):
    gone = pair.pgrepup("status", "nowhere", "--json", check=2)
    assert "nowhere" in gone.json["errors"][0]["message"]
    pair.pgrepup("status", "app", "dwh", check=2)
    pair.pgrepup("status", "app", "--only", "dwh", check=2)
