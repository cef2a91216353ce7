# SPDX-License-Identifier: PostgreSQL
"""Every row of the key table (ui/actions.c) is pressed, and does what it says.
A row without an entry in PRESSED fails."""
import os
import re
import signal
from pathlib import Path

import pytest
from harness import Tmux, wait_for
from harness.program import PROGRAM
from harness.servers import TESTS
from test_tui_journey import QUESTION, ends, journal

ROW = re.compile(r"""\{ACTION_(\w+),\s*
    (?:CHAR\('(?P<char>.)'\)|CTRL\('(?P<ctrl>.)'\)|KEY\(KEY_OF_(?P<key>\w+)\)|
    \.key\ =\ KEY_OF_F,\ \.ch\ =\ (?P<f>\d+)),\s*
    (?P<screens>[A-Z_ |()&~]+?),""", re.X)
NAMES = {"ENTER": "Enter", "UP": "Up", "DOWN": "Down", "PAGE_UP": "PPage",
         "PAGE_DOWN": "NPage", "HOME": "Home", "END": "End", "ESC": "Escape",
         "TAB": "Tab", "BACKTAB": "BTab"}


def key_of(match):
    if match["char"]:
        return match["char"].replace(" ", "Space")
    if match["ctrl"]:
        return "C-" + match["ctrl"]
    return NAMES[match["key"]] if match["key"] else "F" + match["f"]


def rows():
    """(action, key, where) of every row; where is W in the wizard, else
    empty."""
    text = (Path(TESTS).parent / "ui/actions.c").read_text()
    text = text[text.index("key_rows[] = {"):text.index("n_key_rows =")]
    found = [(m[1], key_of(m), "W" if "WIZARD" in m["screens"] else "",
              m["screens"]) for m in ROW.finditer(text)]
    assert len(found) == text.count("{ACTION_")
    return found


@pytest.fixture(scope="module")
def shell(clusters):
    """The dashboard on two bare servers, started from a shell, checked."""
    made = clusters.pair(13, 17, bare=True)
    made.source.psql("CREATE DATABASE app")
    made.source.psql("CREATE TABLE fish (name text)", "app")
    with Tmux(made.pgrepup, ["bash", "--norc", "-i"],
              env={"PS1": "prompt$ ", "EDITOR": "true"}) as tmux:
        begin(tmux)
        wait_for(lambda: ends(made.pgrepup), 30, "the first check")
        yield tmux
    made.destroy()


def begin(tmux):
    tmux.type("clear; " + PROGRAM + "\r")
    tmux.wait_screen("1 Config")


def begin_again(tmux):
    """After a failure: nothing of it is left for the next key."""
    shell = tmux.pid
    for pid in Path(f"/proc/{shell}/task/{shell}/children").read_text().split():
        os.kill(int(pid), signal.SIGKILL)
    tmux.tmux("send-keys", "-R")
    tmux.type("reset\r")
    n = len(ends(tmux.pgrepup))
    begin(tmux)
    tmux.keys("2")
    # a new dashboard checks when there was no check, or asks for nothing
    wait_for(lambda: len(ends(tmux.pgrepup)) > n or tmux.row("KO"), 30,
             "the checklist")


# -- what a key does: each is given the terminal, on the screen that it names

def changes(tmux, key):
    before = tmux.screen()
    tmux.keys(key)
    wait_for(lambda: tmux.screen() != before, 10,
             f"a change by {key} of\n{before}\n")


def cursor(tmux):
    lines = tmux.screen().split("\n")
    return [n for n, line in enumerate(lines) if line.startswith(">")][0]


def moves(tmux, key, start, by):
    """From the first (g) or last (G) line, the cursor goes down or up."""
    tmux.keys("1", start)
    tmux.wait_screen(r"\.pgrepup$")
    tmux.settle()
    began = cursor(tmux)
    tmux.keys(key)
    wait_for(lambda: (cursor(tmux) - began) * by > 0, 10, "the cursor moved")


def says(*keys, pattern, back=("Escape",)):
    """Keys that make the pattern stand on the screen; back undoes them."""
    def press(tmux):
        tmux.keys(*keys)
        tmux.wait_screen(pattern)
        tmux.keys(*back)
    return press


def asks(*keys, pattern):
    """Keys that open a question, to which Escape says no."""
    def press(tmux):
        n = len(ends(tmux.pgrepup))
        tmux.keys(*keys)
        tmux.wait_screen(QUESTION)
        assert re.search(pattern, tmux.screen()), tmux.screen()
        tmux.keys("Escape")
        tmux.wait_gone(QUESTION)
        # no more than the plan of a fix has run
        assert len(ends(tmux.pgrepup)) - n <= 1
    return press


def filtered(tmux, text):
    tmux.keys("2", "/")
    tmux.type(text)
    tmux.keys("Enter")
    tmux.wait_screen(rf"/{re.escape(text)}")


def fix(tmux):
    filtered(tmux, "wal_level")
    asks("g", "n", "f", pattern="wal_level")(tmux)
    tmux.keys("Escape")


def jumps(tmux, key):
    tmux.keys("2", "g", key)
    tmux.wait_screen(r"^> +(KO|WARN)")


def reruns(tmux, key="r"):
    wait_for(lambda: journal(tmux.pgrepup)[-1]["type"] == "end", 30,
             "the end of what runs")
    tmux.wait_idle()
    n = len(ends(tmux.pgrepup))
    tmux.keys("2", key)
    wait_for(lambda: len(ends(tmux.pgrepup)) > n, 30, "another check")
    tmux.wait_screen(r"check: (done|\d+ checks? (is|are) KO)")
    tmux.settle()


def sorts(tmux, key):
    tmux.keys("4")
    tmux.wait_screen("DATABASE")
    before = tmux.row("sort:")
    tmux.keys(key)
    wait_for(lambda: tmux.row("sort:") != before, 10, "another order")


def filters(tmux):
    filtered(tmux, "wal_level")
    tmux.wait_gone("max_replication_slots")
    tmux.keys("Escape")
    tmux.wait_gone("/wal_level")


def prints(tmux):
    tmux.keys("2", "o")
    tmux.wait_screen("Enter goes back")
    assert tmux.flag("alternate_on") == "0"
    tmux.keys("Enter")
    wait_for(lambda: tmux.flag("alternate_on") == "1", 10, "the dashboard")


def reports(tmux):
    """The path is said whole, and is there."""
    folder = tmux.pgrepup.home / "state/pgrepup/pgrepup"
    before = set(folder.glob("report-*.md"))
    tmux.keys("w")
    wait_for(lambda: set(folder.glob("report-*.md")) - before, 10, "a report")
    path, = set(folder.glob("report-*.md")) - before
    tmux.wait_screen("Report: |The report was written")
    assert str(path) in "".join(tmux.screen().split())
    tmux.keys("Escape")
    assert "## What the checks found" in path.read_text()


def quits(tmux):
    tmux.keys("q")
    tmux.wait_screen(r"prompt\$$")
    begin(tmux)


SCREENS = [r"\.pgrepup$", "hint", "setup", r"DATABASE|Asking", "stop",
           "uninstall"]


def goes(tmux, number):
    """By its number and by its F key."""
    other = "1" if number != 1 else "2"
    for key in (str(number), f"F{number + 1}"):
        tmux.keys(other)
        tmux.wait_screen(SCREENS[int(other) - 1])
        tmux.keys(key)
        tmux.wait_screen(SCREENS[number - 1])


def mouse(tmux):
    tmux.keys("m")
    tmux.wait_screen("Mouse on")
    assert tmux.flag("mouse_any_flag") == "1"
    tmux.keys("m")
    tmux.wait_screen("Mouse off")
    assert tmux.flag("mouse_any_flag") == "0"


def theme(tmux):
    for name in ("blue", "mono", "high", "auto"):
        tmux.keys("T")
        tmux.wait_screen(f"Theme {name}")


def suspends(tmux):
    tmux.keys("C-z")
    tmux.wait_screen("Stopped")
    tmux.type("fg\r")
    wait_for(lambda: tmux.flag("alternate_on") == "1", 10, "the dashboard")


def redraws(tmux):
    start = tmux.settle()
    steps, keys = tmux.row("1 Config"), tmux.screen().split("\n")[-1]
    tmux.keys("C-l")
    wait_for(lambda: len(tmux.bytes(start)) > 200, 10, "all of it again")
    tmux.settle()
    # a test of the connection may have ended in between
    assert tmux.row("1 Config") == steps
    assert tmux.screen().split("\n")[-1] == keys


def wizard(press):
    """press in the wizard, on the page of the source; then out of it."""
    def pressed(tmux):
        tmux.keys("1", "!")
        tmux.wait_screen("Review")
        tmux.keys("C-n")
        tmux.wait_screen("Host")
        press(tmux)
        tmux.keys("Escape")
        wait_for(lambda: tmux.row(r"\.pgrepup$") or tmux.row("capital Y"))
        if tmux.row("capital Y"):
            tmux.keys("Y")
        tmux.wait_screen(r"\.pgrepup$")
    return pressed


def leaves(key):
    def press(tmux):
        tmux.keys(key)
        tmux.wait_screen(r"\.pgrepup$")
    return press


def chooses(tmux):
    for _ in range(12):
        if re.search(r"> *\S.*<", tmux.screen().split("\n")[cursor_of_field(
                tmux)]):
            break
        changes(tmux, "Tab")
    changes(tmux, "Space")


def place_of_field(tmux):
    """Row and column of the cursor on the wizard's right side, where a row
    can have two fields."""
    for n, line in enumerate(tmux.screen().split("\n")):
        found = re.search(r"[│|](?:.*\s)?>(?=[A-Z])", line)
        if found:
            return n, found.end()
    raise AssertionError("no field has the cursor")


def cursor_of_field(tmux):
    return place_of_field(tmux)[0]


def field_moves(key, *before):
    def press(tmux):
        tmux.keys(*before)
        tmux.settle()
        began = place_of_field(tmux)
        tmux.keys(key)
        wait_for(lambda: place_of_field(tmux) != began, 10, "another field")
    return press


def types(key, left):
    """In the field for the host, which a key then empties."""
    def press(tmux):
        while "Host" not in tmux.screen().split("\n")[cursor_of_field(tmux)]:
            changes(tmux, "Tab")
        tmux.type("zebra yak")
        tmux.wait_screen("zebra yak")
        tmux.keys(key)
        tmux.wait_gone("yak")
        assert bool(tmux.row("zebra")) == left
    return press


def marks(tmux):
    """Marked and no longer; the cursor goes on each time."""
    tmux.keys("2", "g", "n", "Space")
    tmux.wait_screen("1 marked")
    tmux.keys("Up", "Space")
    tmux.wait_gone("1 marked")


def edits(tmux):
    """$EDITOR of the fixture leaves the copy as it is."""
    tmux.keys("2", "e")
    tmux.wait_screen("Saved")


def changes_pane(key):
    """There is no run of which to see anything: the key does no harm."""
    def press(tmux):
        tmux.keys("3", key)
        tmux.settle()
        assert tmux.row("Setup takes|setup")
    return press


PRESSED = {
    "PANE_NEXT Tab": changes_pane("Tab"),
    "PANE_PREVIOUS BTab": changes_pane("BTab"),
    "FIX f": fix,
    "FIX_ALL F": says("2", "F", pattern="Space tick"),
    "UNDO u": says("2", "g", "u", pattern="has fixed nothing"),
    "RERUN_ALL R": lambda t: reruns(t, "R"),
    "IGNORE i": says("2", "g", "n", "i", pattern="cannot be ignored"),
    "MARK Space": marks,
    "EDIT e": edits,
    "NEXT_PROBLEM n": lambda t: jumps(t, "n"),
    "PREVIOUS_PROBLEM N": lambda t: jumps(t, "N"),
    "RERUN r": reruns,
    "RUN !": asks("3", "!", pattern="Run setup"),
    "STOP X": asks("4", "X", pattern="Stop replication"),
    "DISABLE D": says("4", "D", pattern="Only what replicates can be"),
    "ENABLE E": says("4", "E", pattern="It is not disabled"),
    "SORT s": lambda t: sorts(t, "s"),
    "SORT_REVERSE S": lambda t: sorts(t, "S"),
    "PAUSE p": lambda t: pauses(t, "2"),
    "FREEZE Z": says("4", "Z", pattern="frozen", back=("Z",)),
    "FASTER +": says("4", "+", pattern="Every", back=("-",)),
    "SLOWER -": says("4", "-", pattern="Every", back=("+",)),
    "OPEN Enter": says("2", "g", "n", "Enter", pattern="Esc close"),
    "FILTER /": filters,
    "COPY y": says("2", "g", "n", "y", pattern="Sent to the clipboard"),
    "COPY_ALL Y": says("2", "Y", pattern="Sent to the clipboard"),
    "PRINT o": prints,
    "LOG L": says("L", pattern="Everything: pgrepup log"),
    "REPORT w": reports,
    "HELP ?": says("?", pattern="Everywhere|Esc close"),
    "HELP h": says("h", pattern="Everywhere|Esc close"),
    "HELP F1": says("F1", pattern="Everywhere|Esc close"),
    "QUIT q": quits,
    **{f"SCREEN {n}": lambda t, n=n: goes(t, n) for n in range(1, 7)},
    "UP Up": lambda t: moves(t, "Up", "G", -1),
    "UP k": lambda t: moves(t, "k", "G", -1),
    "DOWN Down": lambda t: moves(t, "Down", "g", 1),
    "DOWN j": lambda t: moves(t, "j", "g", 1),
    "PAGE_UP PPage": lambda t: moves(t, "PPage", "G", -1),
    "PAGE_DOWN NPage": lambda t: moves(t, "NPage", "g", 1),
    "TOP g": lambda t: moves(t, "g", "G", -1),
    "TOP Home": lambda t: moves(t, "Home", "G", -1),
    "BOTTOM G": lambda t: moves(t, "G", "g", 1),
    "BOTTOM End": lambda t: moves(t, "End", "g", 1),
    "BACK Escape": filters,
    "MOUSE m": mouse,
    "THEME T": theme,
    "CANCEL C-c": says("C-c", pattern="Nothing runs"),
    "SUSPEND C-z": suspends,
    "REDRAW C-l": redraws,
    # in the wizard
    "FIELD_NEXT Tab W": wizard(field_moves("Tab")),
    "FIELD_PREVIOUS BTab W": wizard(field_moves("BTab", "Tab")),
    "PAGE_NEXT C-n W": wizard(lambda t: changes(t, "C-n")),
    "PAGE_PREVIOUS C-p W": wizard(lambda t: changes(t, "C-p")),
    "TEST C-t W": wizard(says("C-t", pattern="name resolves", back=())),
    "BACK Escape W": wizard(leaves("Escape")),
    "CANCEL C-c W": wizard(leaves("C-c")),
    "OPEN Enter W": wizard(field_moves("Enter")),
    "CHOOSE Space W": wizard(chooses),
    "CLEAR C-u W": wizard(types("C-u", False)),
    "CLEAR_WORD C-w W": wizard(types("C-w", True)),
    "UP Up W": wizard(field_moves("Up", "Tab", "Tab")),
    "DOWN Down W": wizard(field_moves("Down")),
    "PAGE_DOWN NPage W": wizard(lambda t: scrolls_file(t, "NPage")),
    "PAGE_UP PPage W": wizard(lambda t: scrolls_file(t, "NPage", "PPage")),
    "HELP F1 W": wizard(says("F1", pattern="Esc close")),
    "SUSPEND C-z W": wizard(suspends),
    "REDRAW C-l W": wizard(redraws),
}


def scrolls_file(tmux, *keys):
    """At Review: the file goes on below what is seen of it first."""
    while not tmux.row("the file as it will be: PgDn"):
        changes(tmux, "C-n")
    assert tmux.row(r"tmp_dir =")
    for key in keys:
        changes(tmux, key)
    assert bool(tmux.row(r"tmp_dir =")) == (len(keys) > 1)


def retries(tmux):
    """There is nothing to take up again, which it says."""
    tmux.keys("3")
    tmux.wait_screen("setup")
    changes(tmux, "r")


def pauses(tmux, *screens):
    """Nothing runs that could be paused, which it says on every screen."""
    for screen in screens:
        tmux.keys(screen)
        tmux.wait_screen(SCREENS[int(screen) - 1])
        tmux.keys("p")
        tmux.wait_screen("Nothing runs")
        tmux.keys("g")
        tmux.wait_gone("Nothing runs")


# rows of one key that mean something else on other screens
ELSEWHERE = {
    ("PAUSE", "ON_WORK"): lambda t: pauses(t, *"13456"),
    ("VIEW", "ON_START"): says("4", "v", pattern="start", back=("v",)),
    ("VIEW", "LIVE"): says("4", "v", pattern="Start copies the data",
                           back=("v",)),
    ("RERUN", "ON_WORK"): retries,
    ("RUN", "ON_SCREEN(SCREEN_CONFIG)"): wizard(lambda t: None),
}


@pytest.mark.xdist_group("tui-keys")
@pytest.mark.parametrize("row", rows(), ids=lambda row: " ".join(row[:3]).strip())
def test_key(shell, row):
    action, key, where, screens = row
    press = ELSEWHERE.get((action, screens)) or PRESSED.get(
        f"{action} {key} {where}".strip())
    assert press, f"no test presses {key} for {action} on {screens}"
    try:
        shell.keys("2")
        shell.wait_screen("hint")
        press(shell)
        shell.keys("2")
        shell.wait_screen("hint")
    except BaseException:
        begin_again(shell)
        raise


@pytest.mark.xdist_group("tui-keys")
def test_help_of_check_lists_every_key_that_it_has(shell):
    text = (Path(TESTS).parent / "ui/actions.c").read_text()
    helps = re.findall(r"""\{ACTION_[^"]*\b(?:CHECK|ON_EVERY)\b[^"]*"\S+",\s*
        (?:NULL|"[^"]+"),\s*"([^"]+)\"""", text, re.X)
    assert len(helps) > 30 and "show only lines with a text" in helps
    # too narrow for two columns, which would wrap the sentences
    shell.resize(70, 24)
    shell.keys("2", "?", "g")
    shell.wait_screen("Esc close")
    shell.wait_screen("^ This screen$")
    seen = shell.screen()
    for _ in range(4):
        shell.keys("NPage")
        shell.settle()
        seen += shell.screen()
    shell.keys("Escape")
    shell.resize(80, 24)
    missing = [one for one in helps if one not in seen]
    assert not missing, missing
