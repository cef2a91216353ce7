# SPDX-License-Identifier: PostgreSQL
"""A journal that somebody or something has damaged harms no reader of it."""
import re
from pathlib import Path

from harness import Tmux
from test_report import write_journal

DOC = Path(__file__).resolve().parents[2] / "doc" / "journal.md"
DAMAGES = [None, 7, -1, 1e300, -2**63, True, "", "\x1b[2J\n\t|", [], {},
           [None, 7, "x", {"id": 3}], {"id": None}]
# one record of each type, with every member that doc/journal.md names
WHOLE = [
    {"type": "begin", "command": "start", "pid": 1, "name": "pgrepup",
     "dry_run": False, "targets": [], "only": ["app"],
     "options": ["--no-refresh"], "refused": False},
    {"type": "cluster", "side": "source", "address": "h:1", "version": "13.4",
     "role": "r", "superuser": True},
    {"type": "mechanism", "name": "native", "reason": "because"},
    {"type": "plan", "steps": [{"id": "copy", "title": "Copy", "leaves": "-",
                                "pauses": True}]},
    {"type": "step", "id": "copy", "title": "Copy", "n": 1, "of": 1,
     "state": "run", "seconds": None},
    {"type": "databases", "step": "copy", "databases": ["app"]},
    {"type": "database", "step": "copy", "database": "app", "state": "run",
     "seconds": 1.5},
    {"type": "tables", "database": "app", "first": 0, "names": ["public.t"],
     "bytes": [8192]},
    {"type": "item", "step": "copy", "database": "app", "object": "public.t",
     "state": "ok", "detail": None, "rows": 3, "bytes": 8192, "seconds": 0.1,
     "behind_bytes": 1, "difference_bytes": 0},
    {"type": "group", "side": "source", "database": "app", "state": "wait",
     "ids": ["encoding"]},
    {"type": "check", "id": "encoding", "title": "Encoding", "side": "source",
     "database": "app", "schema": "public", "object": "t", "target": "t",
     "status": "ignored", "current": "1", "needed": "2", "hint": "h",
     "fixable": True, "remedy": "r", "restart": False, "fix_sql": "SELECT",
     "fixed": False, "was": "ko", "reason": "because", "ignored_by": "x"},
    {"type": "fix", "check": "encoding", "side": "source", "database": "app",
     "schema": "public", "object": "t", "variant": "v", "choices": "v w",
     "target": "t", "sql": "SELECT", "cost": "c", "undo": "u",
     "rewrite_bytes": 1, "restart": False, "heavy": False, "undoing": False,
     "state": "planned", "message": "m", "detail": "d", "hint": "h",
     "sqlstate": "42601"},
    {"type": "progress", "database": "app", "phase": "copy",
     "copied_bytes": 1, "total_bytes": 2, "tables": 1, "tables_ready": 0,
     "rate": 1.0, "eta_seconds": 1, "entries": 1, "entries_ready": 0,
     "running": [{"table": "public.t", "bytes": 2, "copied_bytes": 1}]},
    {"type": "log", "level": "warning", "database": "app", "message": "m"},
    {"type": "error", "database": "app", "kind": "state", "sqlstate": "42601",
     "message": "m", "detail": "d", "hint": "h", "where": "w"},
    {"type": "end", "command": "start", "dry_run": False, "ok": False,
     "exit": 1, "kind": "state", "message": "m", "paused": False},
]


def damaged():
    """Each record without each of its members, and with each that is another
    thing; after it the whole one, which must not lean on what was before."""
    for record in WHOLE:
        for member in record:
            yield {key: record[key] for key in record if key != member}
            for value in DAMAGES:
                yield {**record, member: value}
        yield record


def test_every_type_of_record_is_tried():
    types = re.findall(r"^\| `(\w+)` \| (.*) \|$", DOC.read_text(), re.M)
    assert [name for name, _ in types] and \
        {name for name, _ in types} == {r["type"] for r in WHOLE}
    whole = {r["type"]: r for r in WHOLE}
    for name, members in types:
        said = re.findall(r"`(\w+)(?:\[\])?`", re.sub(r"\([^()]*\)", "",
                                                      members))
        assert [m for m in said if m not in whole[name]] == [], name


def test_no_reader_falls_over_a_damaged_journal(pgrepup):
    write_journal(pgrepup, [*WHOLE[:-1], *damaged(), *WHOLE])
    for command in (["log"], ["log", "--json"], ["report"]):
        done = pgrepup(*command, check=False)
        assert done.rc in (0, 1), done.output[-2000:]
        assert "AddressSanitizer" not in done.output
        assert "runtime error" not in done.output
        assert "\x1b[2J" not in done.output


def test_the_dashboard_opens_on_a_damaged_journal(pgrepup):
    write_journal(pgrepup, [*WHOLE[:-1], *damaged(), *WHOLE])
    with Tmux(pgrepup) as tmux:
        tmux.wait_screen("1 Config")
        for key in "2345L":
            tmux.keys(key)
            tmux.settle()
            assert tmux.screen().strip()
        tmux.keys("Escape", "q")
        assert tmux.wait() == 0
