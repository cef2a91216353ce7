# SPDX-License-Identifier: PostgreSQL
"""The client programs: scripts around them, how they are stopped, and what of
the environment reaches them and our own sessions alike."""
import signal

from harness import wait_for
from harness.servers import client_bindir


def wrap_pg_dump(p, script):
    """A folder of client programs in which that stands for pg_dump."""
    real, folder = client_bindir(p.destination.version), p.pgrepup.home / "bin"
    folder.mkdir(exist_ok=True)
    for name in ("pg_dumpall", "pg_restore", "psql"):
        if not (folder / name).exists():
            (folder / name).symlink_to(real / name)
    (folder / "pg_dump").write_text(
        f'#!/bin/sh\ncase "$*" in *--version*) exec {real}/pg_dump "$@";; '
        f"esac\n{script}\n".replace("PG_DUMP", f'{real}/pg_dump "$@"'))
    (folder / "pg_dump").chmod(0o755)
    p.pgrepup("config", "set", f"bin_dir={folder}")


def test_a_script_around_pg_dump_ends_with_what_it_runs(pair):
    """A shell dies of the signal, and what it waited for has our pipe."""
    p = pair(13, 15)
    mark = p.pgrepup.home / "runs"
    wrap_pg_dump(p, f"touch {mark}; sleep 600; true")
    child = p.pgrepup.spawn("setup")
    wait_for(mark.exists, what="the script")
    child.send_signal(signal.SIGINT)
    child.communicate(timeout=60)
    assert child.returncode == 7
    wait_for(lambda: not p.pgrepup.processes(), 20, "the end of all of it")
    # what it says goes into the journal, of very much the ends
    wrap_pg_dump(p, "echo begun >&2; head -c 20000000 /dev/zero | "
                    "tr '\\0' x >&2; echo >&2; echo 'x: error: no' >&2; exit 1")
    failed = p.pgrepup("setup", check=False)
    assert "x: error: no" in failed.output
    assert "begun" in failed.output
    assert len(failed.output) < 100_000
    journals = [path for path in p.pgrepup.home.rglob("journal*")
                if path.is_file()]
    assert journals and all(path.stat().st_size < 1_000_000
                            for path in journals)


# each of them would lead our sessions elsewhere, or pg_dump, or both
ASTRAY = {
    "PGHOST": "127.0.0.9", "PGHOSTADDR": "127.0.0.9", "PGPORT": "1",
    "PGSERVICE": "nosuch", "PGDATABASE": "nosuch", "PGUSER": "nobody",
    "PGOPTIONS": "-c statement_timeout=1", "PGPASSWORD": "wrong",
    "PGTARGETSESSIONATTRS": "standby", "PGCLIENTENCODING": "LATIN1",
    "PGLOADBALANCEHOSTS": "random", "PGREPLICATION": "true", "PGTZ": "nowhere",
}


def test_where_connections_go_says_the_configuration_alone(pair):
    p = pair(13, 15)
    p.pgrepup("config", "set", "mechanism=native")
    p.source.psql("CREATE DATABASE app")
    p.source.psql("CREATE TABLE t (id int PRIMARY KEY);"
                  "INSERT INTO t VALUES (1)", "app")
    env = {**ASTRAY, "PGSSLMODE": "disable"}
    for words in (("config", "test"), ("check",), ("setup",), ("start",),
                  ("status",)):
        p.pgrepup(*words, env=env)
    # what asks for more or less protection holds on the other server too
    for (conninfo,) in p.destination.query(
            "SELECT subconninfo FROM pg_subscription"):
        assert "sslmode='disable'" in conninfo
    # and is not weakened: these servers have no SSL
    refused = p.pgrepup("check", env={"PGSSLMODE": "verify-full",
                                      "PGSSLROOTCERT": "/nonexistent"},
                        check=False)
    assert refused.rc != 0 and "SSL" in refused.output, refused
    p.pgrepup("stop", "--yes", env=env)
    assert p.destination.value("SELECT count(*) FROM t", db="app") == 1
    p.pgrepup("uninstall", "--yes", env=env)


def test_check_shows_the_address_that_it_talks_to(pair):
    p = pair(13, 15)
    said = p.pgrepup("check", "source", "--json", check=False).stdout
    # the title has it already
    assert "no SSL" in said and " at 127.0.0.1" not in said
    p.pgrepup("config", "set", "source.host=localhost")
    said = p.pgrepup("check", "source", "--json", check=False).stdout
    assert " at 127.0.0.1, no SSL" in said
