# SPDX-License-Identifier: PostgreSQL
"""The report file: written from the journal alone, whatever is in it."""
import json
import re
import stat

import pytest

NASTY = ["a|b", "`tick`", "<b>x</b>", "*star* _x_", "line\nfeed", "\x1b[31m",
         "``", "[l](http://x)", "ends\\"]


def write_journal(pgrepup, records):
    pgrepup("config", "set", "security.encrypt=no", "source.host=127.0.0.1",
            "destination.host=127.0.0.2")
    folder = pgrepup.home / "state/pgrepup/pgrepup"
    folder.mkdir(parents=True, mode=0o700, exist_ok=True)
    lines = [json.dumps({"time": f"2026-01-02T03:04:{n % 60:02}.000Z",
                         "run": "r1", **r}) for n, r in enumerate(records)]
    (folder / "journal").write_text("\n".join(lines) + "\n")


def section(text, title):
    """From a heading to the next of the same level."""
    return re.split(r"^## ", text.split(f"## {title}", 1)[1], 1, re.M)[0]


@pytest.mark.parametrize("name", NASTY)
def test_a_name_never_becomes_markup(pgrepup, name):
    write_journal(pgrepup, [
        {"type": "begin", "command": "start"},
        {"type": "check", "id": "x", "side": "source", "database": name,
         "object": name, "status": "ko", "title": name, "current": name,
         "needed": name},
        {"type": "item", "step": "copy", "database": name, "object": name,
         "state": "ok", "rows": 3, "bytes": 8192, "seconds": 1},
        {"type": "item", "step": "copy", "database": name, "object": name,
         "state": "ko", "detail": name},
        {"type": "error", "database": name, "message": name, "detail": name},
        {"type": "end", "command": "start", "ok": False, "exit": 5,
         "message": name}])
    text = pgrepup("report").stdout
    assert "\x1b" not in text
    columns = 0
    for line in text.split("\n"):
        # code spans hide nothing but a pipe, of which there must be none
        cells = len(re.findall(r"(?<!\\)\|", line))
        if line.startswith("| ---"):
            columns = cells
        if line.startswith("| ") and columns:
            assert cells == columns, line
        columns = columns if line.startswith("|") else 0
        prose = re.sub(r"(`+) ?.*?(?<!`)\1(?!`)", "", line)
        prose = re.sub(r"</?code>|\\[^\w\s]", "", prose)
        prose = prose.replace("**KO**", "")
        assert not re.search(r"[<>*\[\]`]", prose), line


def test_a_report_sums_up_what_was_copied(pgrepup):
    write_journal(pgrepup, [
        {"type": "begin", "command": "start"},
        *({"type": "item", "step": "copy", "database": "app",
           "object": f"t{n}", "state": "ok", "rows": 10, "bytes": 1048576,
           "seconds": 1} for n in range(3)),
        {"type": "item", "step": "replicate", "database": "app",
         "object": "replicating", "state": "ok"},
        {"type": "end", "command": "start", "ok": True, "exit": 0}])
    # copied from 0 s on (one second before the first end) to 3 s
    assert "| `app` | 3 | 30 | 3072 kB | 3.0 s | 1024 kB/s | 4.0 s |" in \
        pgrepup("report").stdout


def test_a_killed_run_is_told_as_one(pgrepup):
    write_journal(pgrepup, [
        {"type": "begin", "command": "setup"},
        {"type": "step", "id": "a", "n": 1, "of": 2, "title": "First",
         "state": "run"}])
    text = pgrepup("report").stdout
    assert "no end was written: it runs, or was killed" in text
    assert "| 1. First | run |  |" in text


def test_an_attempt_that_was_refused_is_no_run(pgrepup):
    """It writes between the records of the run that it found at work."""
    check = {"type": "check", "id": "wal_level", "title": "wal_level",
             "side": "source", "status": "ko"}
    write_journal(pgrepup, [
        {"type": "begin", "command": "check"},
        {**check, "database": "app"},
        {"type": "begin", "command": "setup", "run": "r2", "refused": True},
        {"type": "error", "run": "r2", "message": "another is at work"},
        {"type": "end", "command": "setup", "run": "r2", "ok": False},
        {**check, "database": "app", "status": "ok"},
        {**check, "database": "dwh", "status": "ok"},
        {"type": "end", "command": "check", "ok": True}])
    text = pgrepup("report").stdout
    assert "setup" not in text
    assert "another is at work" not in text
    assert "found 2 in order" in text


def test_what_is_said_again_stands_there_once(pgrepup):
    item = {"type": "item", "step": "copy", "database": "app"}
    write_journal(pgrepup, [
        {"type": "begin", "command": "start"},
        {**item, "object": "public.a", "state": "run"},
        {**item, "object": "public.b", "state": "run"},
        {**item, "object": "public.a", "state": "ko", "detail": "no room"},
        {**item, "object": "public.a", "state": "ko", "detail": "no room"},
        {**item, "object": "public.a", "state": "ko", "detail": "no rights"}])
    text = pgrepup("report").stdout
    assert text.count("no room") == 1
    assert text.count("no rights") == 1
    assert text.count("not ended: ") == 1 and "public.b" in text


def test_a_finding_is_in_order_only_when_it_was_asked_again(pgrepup):
    check = {"type": "check", "id": "wal_level", "title": "wal_level",
             "side": "source"}
    begin = {"type": "begin", "command": "check"}
    other = {"type": "check", "id": "version", "side": "source",
             "status": "ok"}
    write_journal(pgrepup, [begin, {**check, "status": "ko"},
                            {**begin, "run": "r2"}, {**other, "run": "r2"}])
    assert "| **KO** | wal_level | source |" in pgrepup("report").stdout
    write_journal(pgrepup, [begin, {**check, "status": "ko"},
                            {**begin, "run": "r2"},
                            {**check, "run": "r2", "status": "skip"}])
    assert "| not asked | wal_level | source |" in pgrepup("report").stdout
    write_journal(pgrepup, [begin, {**check, "status": "ko"},
                            {**begin, "run": "r2"},
                            {**check, "run": "r2", "status": "ok"}])
    assert "| OK now | wal_level | source |" in pgrepup("report").stdout


def test_what_is_ignored_is_said_with_its_reason(pgrepup):
    write_journal(pgrepup, [
        {"type": "begin", "command": "check"},
        {"type": "check", "id": "fish", "title": "Fish", "side": "source",
         "database": "app", "schema": "public", "object": "public.fish",
         "status": "ignored", "was": "ko", "reason": "it is *old*"}])
    text = pgrepup("report").stdout
    assert "| ignored KO | Fish | source `app` `public.fish` |" in text
    assert r"ignored, for: it is \*old\* |" in text
    assert "0 KO, 0 WARN, 1 ignored" in text


def test_no_file_is_overwritten(pgrepup):
    write_journal(pgrepup, [{"type": "begin", "command": "check"}])
    path = pgrepup.home / "r.md"
    assert pgrepup("report", f"--output={path}").stdout == ""
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    path.write_text("mine")
    assert "exists" in pgrepup("report", f"--output={path}", check=2).stderr
    assert path.read_text() == "mine"
    # a link that leads nowhere is somebody's as well
    link = pgrepup.home / "link"
    link.symlink_to("nowhere")
    pgrepup("report", f"--output={link}", check=2)
    assert not (pgrepup.home / "nowhere").exists()


def test_without_a_journal_it_says_so(pgrepup):
    pgrepup("config", "set", "security.encrypt=no", "source.host=127.0.0.1",
            "destination.host=127.0.0.2")
    assert "journal" in pgrepup("report", check=6).stderr


def test_report_of_a_whole_upgrade_needs_no_server(pair):
    made = pair(13, 17)
    made.source.psql("CREATE DATABASE app")
    made.source.psql("""
        CREATE ROLE clerk LOGIN PASSWORD 'till-secret';
        CREATE TABLE "a|b" (id int PRIMARY KEY, x text);
        INSERT INTO "a|b" SELECT g, 'x' FROM generate_series(1, 1000) g;
        CREATE TABLE fish (name text); INSERT INTO fish VALUES ('saba');
        """, "app")
    p = made.pgrepup
    p("check", check=1)
    p("fix", "--yes")
    p("setup")
    p("start")
    p("stop", "--yes")
    p("uninstall", "--yes")
    made.source.stop()
    made.destination.stop()
    answer = p.json("report")
    text = answer["text"]
    assert answer["command"] == "report" and answer["file"] is None
    assert re.search(r"\| PostgreSQL \| `13\.\d+` \| `17\.\d+` \|", text)
    assert "Replication by `pglogical`" in text
    assert re.search(r"\| OK now \| Replica identity \| source `app` "
                     r"`public.fish` \|", text)
    assert "ADD COLUMN __pgrepup_id" in section(text, "2. fix")
    assert re.search(r"\| `app` \| 2 \| 1001 \| \S+ kB \|",
                     section(text, "4. start"))
    assert re.search(r"\| `app` \| \S+ \S+ \| 0 bytes \|",
                     section(text, "5. stop"))
    gone = section(text, "6. uninstall")
    assert "schema pgrepup" in gone and "column public.fish" in gone
    for secret in (made.source.password, "till-secret", "SCRAM-SHA-256$",
                   "PASSWORD"):
        assert secret not in text
    assert str(p.home / "state/pgrepup/pgrepup/journal") in text
