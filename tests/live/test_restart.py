# SPDX-License-Identifier: PostgreSQL
"""No fix and no undo leaves a server that does not start again, and check says
whether one would: limits that settings set each other, by server version."""
import re
import subprocess

import pytest
from harness import wait_for
from test_check import check

# Five databases want 6 senders, and get 10.
FEW = {"max_connections": 13, "max_wal_senders": 2}
SHARED = pytest.mark.xdist_group("restart")


def fix(p, *words, check=True):
    return p.pgrepup.json("fix", "--yes", *words, check=check)


def done(answer, state="done"):
    return [f["variant"] or f["check"] for f in answer["fixes"]
            if f["state"] == state and f["side"] == "source"]


def undo(p, *words, check=True):
    return p.pgrepup.json("fix", "--undo", "--yes", *words, check=check)


def altered(server):
    """What ALTER SYSTEM has written."""
    return dict(re.findall(r"^(\w+) = '(.*)'$", (
        server.data / "postgresql.auto.conf").read_text(), re.M))


def append(server, text):
    """To postgresql.conf, as somebody else would."""
    with open(server.data / "postgresql.conf", "a",
              encoding="utf-8") as conf:
        conf.write(text)


def would_start(server):
    """By a real restart."""
    server.restart()
    return server.value("SELECT 1") == 1


def pending(p, side="source"):
    return check(p.pgrepup, "pending_restart").one("pending_restart",
                                                   side=side)


@pytest.fixture
def crowded(pair):
    """A function: a source of that version, with more databases than its
    connections have room for."""
    def make(version, databases=4, **settings):
        p = pair(version, 18, bare=True, source_settings=settings or FEW)
        for n in range(databases):
            p.source.query(f"CREATE DATABASE d{n} TEMPLATE template0")
        return p
    return make


# --- walsenders that count as connections -------------------------------------

@pytest.mark.parametrize("version, connections, status", [
    (10, 20, "ok"),     # 18 must be less
    (10, 18, "ko"),
    (11, 20, "ko"),     # 3 + 18 must be
])
def test_connections_are_raised_with_the_senders_that_count_in(
        crowded, version, connections, status):
    p = crowded(version, 12, max_connections=connections)
    found = check(p.pgrepup, "max_connections").one("max_connections")
    least = {10: 19, 11: 22}[version]
    assert found["status"] == status
    assert status == "ok" or found["needed"] == f"at least {least}"
    answer = fix(p)
    names = done(answer)
    assert "max_wal_senders" in names
    assert ("max_connections" in names) == (status == "ko")
    if status == "ko":
        assert names.index("max_connections") < names.index("max_wal_senders")
    assert altered(p.source)["max_wal_senders"] == "18"
    assert pending(p)["status"] == "ok"
    assert "max_wal_senders" in pending(p)["current"]
    assert would_start(p.source)
    assert int(p.source.setting("max_wal_senders")) == 18
    for name in ("max_wal_senders", "max_connections"):
        assert check(p.pgrepup, name).one(name)["status"] == "ok"
    assert pending(p)["current"] == "none"
    # and back, of which every state starts
    before = altered(p.source)
    answer = undo(p, "all")
    assert not altered(p.source).keys() & before.keys()
    assert would_start(p.source)
    assert p.source.setting("max_connections") == str(connections)


def test_from_12_on_senders_are_apart(crowded):
    p = crowded(12)
    assert check(p.pgrepup, "max_connections", "wal_level").all(
        "max_connections") == []
    assert "max_connections" not in done(fix(p))
    assert altered(p.source)["max_wal_senders"] == "10"
    assert pending(p)["status"] == "ok"
    assert would_start(p.source)


def test_senders_alone_are_refused(crowded):
    p = crowded(11)
    before = altered(p.source)
    hint = check(p.pgrepup, "max_wal_senders").one("max_wal_senders")["hint"]
    assert re.findall(r"pgrepup fix (\w+)", hint) == [
        "max_connections", "max_wal_senders"]
    answer = fix(p, "max_wal_senders", check=6)
    failed = [f for f in answer["fixes"] if f["state"] == "failed"]
    assert "max_connections (13)" in failed[0]["message"]
    assert "pgrepup fix max_connections" in failed[0]["hint"]
    assert altered(p.source) == before
    preview = p.pgrepup.json("fix", "--dry-run", "max_wal_senders")["fixes"]
    assert [(f["state"], f["sql"]) for f in preview] == [("skipped", None)]
    # the hint, to the letter
    assert done(fix(p, "max_connections")) == ["max_connections"]
    assert would_start(p.source)
    assert done(fix(p, "max_wal_senders")) == ["max_wal_senders"]
    assert would_start(p.source)
    # one of the two cannot go back alone
    answer = undo(p, "max_connections", check=6)
    assert "would not start" in str(answer)
    assert would_start(p.source)
    undo(p, "max_wal_senders")
    assert would_start(p.source)
    undo(p, "max_connections")
    assert would_start(p.source)


def test_a_kill_between_two_settings_leaves_a_server_that_starts(crowded):
    """After each of them, in a process that is killed there and then."""
    p = crowded(11)
    seen = set()
    while True:
        child = p.pgrepup.spawn("fix", "--yes")
        n = len(altered(p.source))
        wait_for(lambda: len(altered(p.source)) > n or
                 child.poll() is not None, 60, "a setting")
        if child.poll() is not None:
            break
        for pid in p.pgrepup.processes():
            subprocess.run(["kill", "-9", str(pid)], check=False)
        child.wait()
        seen.add(tuple(sorted(altered(p.source).items())))
        assert would_start(p.source)
    assert len(seen) >= 2
    assert altered(p.source)["max_wal_senders"] == "10"
    assert would_start(p.source)
    p.pgrepup("uninstall", "--yes")
    assert "max_connections" not in altered(p.source)
    assert would_start(p.source)


# --- what somebody else has changed -------------------------------------------

def test_lowered_connections_of_somebody_else_are_seen(crowded):
    p = crowded(11, max_connections=100, max_wal_senders=2)
    assert check(p.pgrepup, "max_connections").one(
        "max_connections")["status"] == "ok"
    append(p.source, "max_connections = 5\n")
    found = pending(p)
    assert found["status"] == "ko"
    assert "max_wal_senders (2)" in found["current"]
    assert "max_connections (5)" in found["current"]
    assert "pgrepup fix max_connections" in found["hint"]
    assert check(p.pgrepup, "max_connections").one(
        "max_connections")["status"] == "ko"
    fix(p, "max_connections")
    assert pending(p)["status"] == "ok"
    assert would_start(p.source)
    fix(p)
    assert would_start(p.source)
    # without ours it is theirs again, with which the server does not start
    answer = undo(p, "max_connections", check=6)
    assert "would not start" in str(answer)
    assert would_start(p.source)


@pytest.fixture
def bare(pair):
    return pair(13, 18, bare=True)


@pytest.fixture(scope="module")
def shared(clusters):
    """For tests that leave it as it was."""
    made = clusters.pair(13, 18, bare=True)
    yield made
    made.destroy()


def test_reserved_connections_are_counted_from_16_on(pair):
    p = pair(16, 18, bare=True)
    p.source.query("ALTER SYSTEM SET reserved_connections = 98")
    found = pending(p)
    assert found["status"] == "ko"
    assert "reserved_connections (98)" in found["current"]
    before = altered(p.source)
    answer = fix(p, "wal_level", check=6)
    assert "would not start again" in str(answer["fixes"])
    assert altered(p.source) == before
    # the hint, to the letter
    p.source.query(re.search("ALTER SYSTEM.*", found["hint"])[0])
    assert pending(p)["status"] == "ok"
    assert would_start(p.source)
    fix(p, "wal_level")
    assert would_start(p.source)


@SHARED
@pytest.mark.parametrize("line, says", [
    ("max_locks_per_transaction = 5\n", "max_locks_per_transaction"),
    ("work_mem = 99zB\n", "work_mem"),
    ("no such line\n", "syntax error"),
    ("include 'no_such_file'\n", "no_such_file"),
    ("no_such_setting = 1\n", "no_such_setting"),
])
def test_a_line_with_which_no_server_starts_is_named(shared, line, says):
    append(shared.source, line)
    found = pending(shared)
    assert found["status"] == "ko" and says in found["current"]
    assert "postgresql.conf" in found["current"]
    before = altered(shared.source)
    answer = fix(shared, "wal_level", check=6)
    assert says in str(answer["fixes"])
    assert altered(shared.source) == before
    with pytest.raises(RuntimeError):
        shared.source.restart()
    conf = shared.source.data / "postgresql.conf"
    conf.write_text(conf.read_text().replace(line, ""))
    shared.source.start()
    assert pending(shared)["status"] == "ok"


@SHARED
def test_libraries_of_others_are_tried(shared):
    assert pending(shared)["status"] == "ok"
    shared.source.query("ALTER SYSTEM SET shared_preload_libraries = "
                      "'no_such_library'")
    found = pending(shared)
    assert found["status"] == "ko"
    assert "no_such_library" in found["current"]
    shared.source.query("ALTER SYSTEM RESET shared_preload_libraries")
    assert pending(shared)["status"] == "ok"


def test_what_would_be_less_after_a_restart_is_told(bare):
    fix(bare)
    would_start(bare.source)
    would_start(bare.destination)
    assert pending(bare)["status"] == "ok"
    bare.source.query("ALTER SYSTEM SET max_replication_slots = 0")
    found = check(bare.pgrepup, "pending_restart").all("pending_restart",
                                                       status="warn")
    assert [(f["object"], f["current"]) for f in found] == [
        ("max_replication_slots", "0")]
    assert "pgrepup fix max_replication_slots" in found[0]["hint"]
    assert done(fix(bare, "max_replication_slots")) == [
        "max_replication_slots"]
    assert pending(bare)["current"] == "none"
    assert pending(bare)["status"] == "ok"


def test_slots_need_their_room_and_their_level(bare):
    fix(bare)
    would_start(bare.source)
    bare.source.query("SELECT pg_create_logical_replication_slot('mine', "
                      "'test_decoding')")
    bare.source.query("ALTER SYSTEM SET wal_level = 'replica'")
    found = check(bare.pgrepup, "pending_restart").one(
        "pending_restart", side="source", status="ko")
    assert "logical replication slots (1)" in found["current"]
    assert "pgrepup fix wal_level" in found["hint"]
    assert done(fix(bare, "wal_level")) == ["wal_level"]
    assert would_start(bare.source)


def test_what_cannot_be_seen_is_not_called_fine(bare):
    bare.source.query("CREATE ROLE dba LOGIN CREATEROLE REPLICATION "
                      "PASSWORD 'secret'")
    bare.pgrepup("config", "set", "source.user=dba")
    assert pending(bare)["status"] == "skip", pending(bare)
    bare.source.query("ALTER SYSTEM SET max_connections = 50")
    bare.source.reload()
    found = pending(bare)
    assert found["status"] == "warn"
    assert "1 (max_connections)" in found["current"]
    assert "may not read" in found["current"]


def test_levels_of_the_log_go_with_what_needs_them(pair):
    """Also what undo would put back."""
    p = pair(17, 18, bare=True, source_settings={
        "wal_level": "minimal", "max_wal_senders": 0})
    fix(p)
    would_start(p.source)
    p.source.query("ALTER SYSTEM SET summarize_wal = on")
    answer = undo(p, "all", check=6)
    assert "summarize_wal (on)" in str(answer)
    assert would_start(p.source)
    p.source.query("ALTER SYSTEM RESET summarize_wal")
    undo(p, "all")
    assert would_start(p.source)
    assert p.source.setting("wal_level") == "minimal"


# --- what cannot be changed, or not be asked ----------------------------------

def start_with(server, *options):
    """With options on the command line, which ALTER SYSTEM cannot change."""
    server.stop()
    server.clusters.pg_ctl(
        server, "start", "-w", "-l", str(server.log_path), "-o",
        f"-p {server.port} -k {server.folder}/run "
        "-c listen_addresses=127.0.0.1 " + " ".join(options))


def test_a_limit_on_the_command_line_is_named_there(crowded):
    p = crowded(11)
    start_with(p.source, "-c max_connections=13")
    found = check(p.pgrepup, "max_connections").one("max_connections")
    assert found["status"] == "ko" and "command line" in found["hint"]
    before = altered(p.source)
    answer = fix(p, "max_connections", "max_wal_senders", check=6)
    assert done(answer) == []
    failed = [f for f in answer["fixes"] if f["state"] == "failed"]
    assert "make it 14 or more there" in failed[0]["hint"]
    assert altered(p.source) == before
    start_with(p.source, "-c max_connections=14")
    fix(p, "max_wal_senders")
    start_with(p.source, "-c max_connections=14")
    assert p.source.setting("max_wal_senders") == "10"


@SHARED
def test_huge_pages_cannot_be_asked(shared):
    shared.source.query("ALTER SYSTEM SET huge_pages = 'on'")
    found = pending(shared)
    shared.source.query("ALTER SYSTEM RESET huge_pages")
    assert found["status"] == "warn" and "huge_pages" in found["current"]
    assert found["hint"]


@SHARED
def test_a_broken_pg_hba_keeps_a_server_from_starting(shared):
    assert pending(shared)["status"] == "ok"
    right = shared.source.hba
    shared.source.hba = right + "host nonsense\n"
    found = pending(shared)
    assert found["status"] == "ko" and "pg_hba.conf line" in found["current"]
    with pytest.raises(RuntimeError):
        shared.source.restart()
    (shared.source.data / "pg_hba.conf").write_text(right)
    shared.source.start()


def test_undo_puts_no_library_back_that_is_gone(bare):
    bare.source.query("ALTER SYSTEM SET shared_preload_libraries = "
                      "'auto_explain'")
    would_start(bare.source)
    fix(bare, "pglogical@source")
    would_start(bare.source)
    bare.source.query("UPDATE pgrepup.change SET old_value = 'gone_since' "
                      "WHERE name = 'shared_preload_libraries'")
    answer = undo(bare, "pglogical@source", check=6)
    assert "gone_since" in str(answer)
    assert would_start(bare.source)
