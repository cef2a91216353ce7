# SPDX-License-Identifier: PostgreSQL
"""Names that want to be more than names: no screen obeys them, and what stands
beside them stays in its column."""
import re
import unicodedata

import pytest
from harness import Tmux, wait_for
from test_tui_journey import ends

pytestmark = pytest.mark.xdist_group("tui_hostile")

EVIL = "\x1b]0;evil\x07\r\n\u202e\u2066'\"\\"
NAMES = [EVIL, "\u540d" * 21, "e\u0301" * 20, "plain"]
BAD = [b"\x1b]0;evil", "\u202e".encode(), "\u2066".encode()]


def quoted(name):
    return '"' + name.replace('"', '""') + '"'


@pytest.fixture(scope="module")
def tmux(clusters):
    """The dashboard, after the first check of databases, tables, columns and
    a role with such names."""
    made = clusters.pair(13, 17)
    with made.source.connect() as conn:
        conn.execute(f"CREATE ROLE {quoted(EVIL)}")
        for name in NAMES:
            conn.execute(f"CREATE DATABASE {quoted(name)} "
                         f"OWNER {quoted(EVIL)}")
    for name in NAMES:
        with made.source.connect(name) as conn:
            for table in NAMES:
                # no key: it stands in the checklist
                conn.execute(f"CREATE TABLE {quoted(table)} "
                             f"({quoted(EVIL)} text)")
    with Tmux(made.pgrepup, width=100, height=40) as tmux:
        wait_for(lambda: ends(made.pgrepup), 60, "the first check")
        tmux.settle()
        yield tmux
        assert not [bad for bad in BAD if bad in tmux.bytes()]
    made.destroy()


def cells(text):
    return sum(0 if unicodedata.combining(c) else
               2 if unicodedata.east_asian_width(c) in "WF" else 1
               for c in text)


def column_of(tmux, pattern):
    """The columns at which the pattern begins, in all rows of a list."""
    return {cells(line[:match.start()])
            for line in tmux.screen().split("\n")
            if (match := re.search(pattern, line)) and match.start() > 4}


def test_the_checklist_keeps_its_columns(tmux):
    tmux.keys("2", "g", "/")
    tmux.type("primary")
    tmux.keys("Enter")
    tmux.wait_screen("/primary")
    tmux.wait_screen("no primary key")
    tmux.settle()
    assert "]0;evil" in tmux.screen() and "\u540d\u540d" in tmux.screen()
    assert len(column_of(tmux, "f fix *$")) == 1
    tmux.keys("Escape")


def test_the_live_panel_keeps_its_columns(tmux):
    tmux.keys("4")
    tmux.wait_screen("plain +not set up")
    tmux.settle()
    assert len(column_of(tmux, "not set up +")) == 1
    assert tmux.row(r"\]0;evil.*not set up")


@pytest.mark.parametrize("keys", [
    ["2", "n", "Enter"], ["2", "n", "f"], ["2", "L"], ["4", "g", "Enter"],
    ["4", "G", "Enter"], ["3"], ["5"], ["6"], ["1"]], ids=" ".join)
def test_no_screen_obeys(tmux, keys):
    for size in [(100, 40), (40, 12), (200, 60), (100, 40)]:
        tmux.resize(*size)
        for key in keys:
            tmux.keys(key)
            tmux.settle()
        screen = tmux.screen()
        assert not re.search("[\x00-\x09\x0b-\x1f\x7f-\x9f\u202e\u2066]",
                             screen)
        tmux.keys("Escape", "Escape")
        tmux.settle()
    assert tmux.flag("pane_title") != "evil"


def test_what_is_printed_is_harmless_too(tmux):
    tmux.keys("2", "g", "o")
    tmux.wait_screen("Enter goes back")
    tmux.keys("Enter")
    wait_for(lambda: tmux.flag("alternate_on") == "1", 10, "the dashboard")
    assert not [bad for bad in BAD if bad in tmux.bytes()]
