# SPDX-License-Identifier: PostgreSQL
"""The checklist by keys: fix, its alternatives, undo, ignore, mark, rerun, and
what it shows while checks run or a server is dead."""
import re

import pytest
from harness import Tmux, wait_for
from test_fix import has_column
from test_tui_journey import ends, journal

HOSTILE = 'we"ird d\'b.x'
TABLE = 'T "q"\n\'x\'.$1 \x1b[31m'
SCRIPT = """
CREATE TABLE fish (name text);
CREATE TABLE late (id int UNIQUE DEFERRABLE INITIALLY DEFERRED NOT NULL);
CREATE UNLOGGED TABLE scratch (id int PRIMARY KEY);
CREATE TABLE made (id int PRIMARY KEY, b int GENERATED ALWAYS AS (id) STORED);
"""
CHECK = pytest.mark.xdist_group("tui-check")


def quoted(name):
    return '"' + name.replace('"', '""') + '"'


@pytest.fixture(scope="module")
def shared(clusters):
    made = clusters.pair(13, 17, bare=True)
    made.pgrepup("config", "set", "mechanism=pglogical")
    made.source.psql("CREATE DATABASE app")
    made.source.psql(SCRIPT, "app")
    made.source.psql(f"CREATE DATABASE {quoted(HOSTILE)}")
    made.source.psql(f"CREATE TABLE {quoted(TABLE)} (a text)", HOSTILE)
    yield made
    made.destroy()


@pytest.fixture
def tmux(shared):
    """The checklist at 80x24, after a check."""
    wait_for(lambda: not journal(shared.pgrepup) or
             journal(shared.pgrepup)[-1]["type"] == "end", 60,
             "the end of what the test before has begun")
    n = len(ends(shared.pgrepup))
    with Tmux(shared.pgrepup, env={"EDITOR": "sh edit"}) as made:
        made.p = shared
        made.wait_screen("1 Config")
        if n > 0:
            made.keys("R")
        wait_for(lambda: len(ends(shared.pgrepup)) > n, 30, "a check")
        made.wait_idle()
        made.settle()
        made.wait_screen("checked")
        yield made


def find(tmux, text):
    """Filters by that text, with the cursor on the first finding."""
    tmux.keys("/")
    tmux.type(text)
    tmux.keys("Enter", "g")
    tmux.wait_screen(rf"/{re.escape(text)}")
    while not re.match(r"> +\*?(OK|KO|WARN|IGN|SKIP) ",
                       tmux.screen().split("\n")[cursor(tmux)]):
        before = cursor(tmux)
        tmux.keys("Down")
        wait_for(lambda: cursor(tmux) != before, 10,
                 f"a finding on\n{tmux.screen()}")


def cursor(tmux):
    def rows():
        return [(n,) for n, line in enumerate(tmux.screen().split("\n"))
                if line.startswith(">")]
    return wait_for(rows, 10, "a cursor")[0][0]


def clear(tmux):
    tmux.keys("Escape")
    tmux.wait_gone(r" /\w")


def question(tmux, pattern):
    """Waits for a question with that in it (the hint has no frame)."""
    tmux.wait_screen(r"^[^\n]*│[^\n]*" + pattern)
    tmux.wait_screen("capital Y")


def state(tmux, word):
    """Of the row of a table, as long as it has one."""
    row = tmux.row(rf"(OK|KO|WARN|IGN) .*{word}")
    return row and re.search("OK|KO|WARN|IGN", row)[0]


@CHECK
def test_a_fix_is_made_shown_and_taken_back(tmux):
    find(tmux, "public.fish")
    tmux.wait_screen("ADD COLUMN")      # just what f will run
    tmux.keys("f")
    tmux.wait_screen("capital Y")
    shown = tmux.screen()
    assert "database app" in shown and "ADD COLUMN" in shown
    assert "DROP COLUMN" in shown and "ACCESS EXCLUSIVE" in shown
    tmux.keys("Y")
    tmux.wait_screen("OK +public.fish.*u undo", 30)
    assert has_column(tmux.p.source, "fish")
    tmux.keys("u")
    tmux.wait_screen("Undo: replica_identity of fish")
    tmux.wait_screen("capital Y")
    assert "DROP COLUMN" in tmux.screen()
    tmux.keys("Y")
    tmux.wait_screen("KO +public.fish.*f fix", 30)
    assert not has_column(tmux.p.source, "fish")
    # more than this is KO
    tmux.wait_screen(r"check: \d checks? (is|are) KO, of those asked again")


@CHECK
def test_another_remedy_by_its_key(tmux):
    find(tmux, "public.late")
    tmux.keys("f")
    question(tmux, "CREATE UNIQUE INDEX")
    # pglogical has no use for REPLICA IDENTITY FULL
    assert "identity full" not in tmux.screen()
    tmux.keys("c")
    question(tmux, "ADD COLUMN")
    tmux.keys("k")
    question(tmux, "CREATE UNIQUE INDEX")
    tmux.keys("Escape")


@CHECK
def test_the_whole_row_where_the_mechanism_takes_it(tmux):
    program = tmux.p.pgrepup
    program("config", "set", "mechanism=native")
    try:
        find(tmux, "public.late")
        tmux.keys("f")
        question(tmux, "CREATE UNIQUE INDEX")
        tmux.keys("i")
        question(tmux, "Runs +ALTER TABLE .*REPLICA IDENTITY +FULL")
        tmux.keys("Escape")
    finally:
        program("config", "set", "mechanism=pglogical")


@CHECK
def test_a_table_is_left_out_and_taken_in_again(tmux):
    find(tmux, "public.fish")
    tmux.keys("f")
    question(tmux, "ADD COLUMN")
    tmux.keys("s")
    question(tmux, "-- app.public.fish")
    tmux.keys("Y")
    tmux.wait_screen("WARN +public.fish.*left out", 30)
    program = tmux.p.pgrepup
    assert "app.public.fish" in program("config", "get",
                                        "tables.exclude").output
    assert "OK  Replica" not in tmux.screen()
    tmux.keys("g", "n", "u")
    tmux.wait_screen("capital Y")
    tmux.keys("Y")
    tmux.wait_screen("KO +public.fish", 30)
    assert "app.public.fish" not in program("config", "get",
                                            "tables.exclude").output


@CHECK
def test_where_only_leaving_out_helps_f_offers_that(tmux):
    find(tmux, "generated")
    tmux.keys("f")
    question(tmux, "-- app.public.made")
    tmux.keys("Escape")


@CHECK
def test_fix_all_leaves_what_is_heavy_unticked(tmux):
    tmux.keys("F")
    tmux.wait_screen("Space tick")
    rows = tmux.screen().split("\n")
    assert any("[ ] wal_level" in row and "restart" in row for row in rows)
    assert any("[ ]" in row and "fish" in row and "rewrites" in row
               for row in rows)
    assert any("[x]" in row and "late" in row for row in rows)
    tmux.keys("g", "Space")
    tmux.wait_screen(r"\[x\] wal_level")
    tmux.keys("Enter")
    tmux.wait_screen("Fix: 2 things")
    tmux.keys("Escape")
    assert tmux.p.source.setting("wal_level") == "replica"


@CHECK
def test_f_takes_what_is_marked(tmux):
    find(tmux, "public.fish")
    tmux.keys("Space")
    tmux.wait_screen(r"\* KO +public.fish")
    clear(tmux)
    find(tmux, "public.late")
    tmux.keys("Space")
    tmux.wait_screen(r"\* KO +public.late")
    clear(tmux)
    tmux.wait_screen("2 marked")
    tmux.keys("f")
    tmux.wait_screen("Fix: 2 things")
    tmux.keys("Escape")
    tmux.wait_gone("Fix: 2")
    tmux.keys("Escape")
    tmux.wait_gone("2 marked")


@CHECK
def test_ignoring_needs_a_reason_and_is_taken_back_by_the_same_key(tmux):
    find(tmux, "public.scratch")
    tmux.keys("i")
    tmux.wait_screen("Why is it ignored")
    tmux.keys("Enter")
    tmux.settle()
    assert "Why is it ignored" in tmux.screen()
    tmux.type("it is qjn paper")        # no letter of it is a key
    tmux.keys("Enter")
    tmux.wait_screen("IGN +public.scratch")
    assert "IGN 1" in tmux.screen() and "it is qjn paper" in tmux.screen()
    listed = tmux.p.pgrepup.json("ignore")["ignored"]
    assert [one["reason"] for one in listed] == ["it is qjn paper"]
    tmux.keys("i")
    tmux.wait_screen("WARN +public.scratch")
    assert tmux.p.pgrepup.json("ignore")["ignored"] == []


@CHECK
def test_what_loses_data_is_not_ignored(tmux):
    find(tmux, "public.fish")
    tmux.keys("i")
    tmux.wait_screen("cannot be ignored: UPDATE and DELETE")
    assert state(tmux, "public.fish") == "KO"


@CHECK
def test_r_asks_one_group_again_and_leaves_the_rest(tmux):
    n = len(ends(tmux.p.pgrepup))
    tmux.p.source.psql("CREATE TABLE fresh (name text)", "app")
    try:
        tmux.p.destination.stop()
        find(tmux, "public.fish")
        tmux.keys("r")
        wait_for(lambda: len(ends(tmux.p.pgrepup)) > n, 30, "the check")
        clear(tmux)
        find(tmux, "fresh")
        assert state(tmux, "public.fresh") == "KO"
        clear(tmux)
        # nobody asked the destination
        find(tmux, "max_worker_processes destination")
        assert tmux.row("SKIP|connection to") is None
    finally:
        tmux.p.destination.start()
        tmux.p.source.psql("DROP TABLE fresh", "app")


@CHECK
def test_a_dead_server_is_one_line(tmux):
    tmux.p.destination.stop()
    try:
        n = len(ends(tmux.p.pgrepup))
        tmux.keys("R")
        wait_for(lambda: len(ends(tmux.p.pgrepup)) > n, 40, "the check")
        tmux.wait_gone("checking")
        tmux.keys("/")
        tmux.type("state:skip destination")
        tmux.keys("Enter")
        tmux.wait_screen(r"SKIP +\d\d checks +no connection to this server")
        assert len(re.findall(r"SKIP +\d+ checks", tmux.screen())) == 1
        clear(tmux)
        find(tmux, "state:ko connection")
        tmux.wait_screen("refused|shutting down")
    finally:
        tmux.p.destination.start()


@CHECK
def test_names_of_tables_stay_in_their_line(tmux):
    find(tmux, "replica_identity we")
    assert "\x1b" not in tmux.screen()
    tmux.keys("f")
    tmux.wait_screen("capital Y")
    assert "Fix: replica_identity of T" in tmux.screen()
    tmux.keys("Y")
    tmux.wait_screen(r"OK +public.T .*u undo", 30)
    assert has_column(tmux.p.source, quoted(TABLE), HOSTILE)
    tmux.keys("u")
    tmux.wait_screen("capital Y")
    tmux.keys("Y")
    tmux.wait_screen(r"KO +public.T ", 30)


@CHECK
def test_the_sql_is_printed_and_copied(tmux):
    find(tmux, "wal_level")
    tmux.keys("f")
    tmux.wait_screen("print SQL")
    tmux.keys("y")
    copied = tmux.p.pgrepup.home / "state/pgrepup/pgrepup/copied"
    wait_for(lambda: copied.exists() and
             "ALTER SYSTEM SET wal_level" in copied.read_text(), 10, "the copy")
    tmux.keys("o")
    tmux.wait_screen("Enter goes back")
    assert "ALTER SYSTEM SET wal_level" in tmux.screen()
    tmux.keys("Enter")
    tmux.wait_screen("print SQL")
    tmux.keys("Escape")


@CHECK
def test_a_broken_configuration_never_takes_the_place_of_the_old(tmux):
    program = tmux.p.pgrepup
    before = program.config.read_text()
    edit = program.home / "edit"
    edit.write_text("echo 'no such = ' >>\"$1\"\n")
    tmux.keys("e")
    tmux.wait_screen("Kept as it was")
    assert program.config.read_text() == before
    # the next one goes on with the broken copy
    edit.write_text("sed -i '$d' \"$1\"; echo 'jobs = 3;' >>\"$1\"\n")
    tmux.keys("e")
    tmux.wait_screen("Saved")
    assert "jobs=3" in program("config", "get", "jobs").output
    program.config.write_text(before)


@CHECK
@pytest.mark.parametrize("width, height", [(40, 12), (200, 60), (20, 4)])
def test_every_size_shows_what_is_under_the_cursor(tmux, width, height):
    find(tmux, "wal_level")
    tmux.resize(width, height)
    if width > 20:
        tmux.wait_screen("wal_level")
        tmux.wait_screen("ALTER SYSTEM")
    if width > 120:
        tmux.wait_screen("Named: +wal_level@source")
    tmux.keys("n")
    tmux.settle()
    assert tmux.screen()
