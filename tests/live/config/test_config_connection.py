# SPDX-License-Identifier: PostgreSQL
"""`pgrepup config test`: the connections, stage by stage."""
import re
import socket
import time

import pytest
from harness import FakeServer
from harness.configs import PASSWORD, side


# --- test ---------------------------------------------------------------------

def test_connection_shows_every_stage_of_both_sides(
        sealed, server, other, passphrase_file):
    result = sealed("config", "test", f"--passphrase-file={passphrase_file}")
    for one in (server, other):
        assert re.search(rf"connection to {one.host}:{one.port} as postgres "
                         r"\.+ *OK", result.stdout)
        version = one.setting("server_version").split()[0]
        assert f"version: {version}, can be the " in result.stdout
    for line in (r"name resolves: 127\.0\.0\.1 \.+ *OK", r"port answers: .* ms",
                 r"SSL: connection not encrypted \.+ *WARN",
                 r"login: postgres, superuser, password used",
                 r"wal_level: \w+ \.+ *(OK|WARN)", r"databases: "):
        assert re.search(line, result.stdout), line
    report = sealed.json("config", "test", "destination",
                         f"--passphrase-file={passphrase_file}")
    assert [t["side"] for t in report["tests"]] == ["destination"]
    assert report["tests"][0]["superuser"] is True
    assert [s["id"] for s in report["tests"][0]["stages"]] == [
        "resolve", "port", "ssl", "login", "version", "empty"]
    assert report["ok"] is True and report["exit"] == 0


def test_the_same_server_on_both_sides_is_no_destination(pgrepup, server):
    pgrepup("config", "set", *side("source", server),
            *side("destination", server), "source.password=-",
            "destination.password=-",
            input=f"{server.password}\n{server.password}\n")
    result = pgrepup("config", "test", check=1)
    assert "this is the source itself" in result.stdout
    assert "Name the new cluster" in result.stdout


def test_a_destination_older_than_the_source_is_told(pgrepup, server, other):
    pgrepup("config", "set", *side("source", other),
            *side("destination", server), "source.password=-",
            "destination.password=-",
            input=f"{server.password}\n{server.password}\n")
    result = pgrepup("config", "test", check=1)
    assert "older than the source" in result.stdout
    assert "the right way round" in result.stdout


@pytest.mark.parametrize("version, status, says", [
    ("9.3.25", 4, ["9.3.25 is too old", "pg_upgrade"]),
    ("19.1", 1, ["newer than this pgrepup knows", "newer pgrepup"]),
])
def test_a_version_that_is_not_known_is_told(pgrepup, version, status, says):
    with FakeServer(version) as fake:
        pgrepup("config", "set", *side("source", fake))
        result = pgrepup("config", "test", "source", check=status)
    for words in says:
        assert words in result.stdout
    assert re.search(r"version \.+ *KO", result.stdout)


def test_a_server_that_tells_nothing_is_not_called_ok(pgrepup):
    with FakeServer("16.4") as fake:
        pgrepup("config", "set", *side("source", fake))
        result = pgrepup("config", "test", "source", check=5)
    assert re.search(r"wal_level \.+ *KO", result.stdout)
    assert "does not tell wal_level" in result.stdout


def test_an_unknown_host_says_what_to_look_at(pgrepup):
    pgrepup("config", "set", "source.host=nowhere.invalid")
    result = pgrepup("config", "test", "source", check=4)
    assert re.search(r"name resolves \.+ *KO", result.stdout)
    assert "spelled right" in result.stdout


def test_wrong_password_is_told_in_the_servers_words(pgrepup, server):
    pgrepup("config", "set", *side("source", server), "source.password=-",
            input=PASSWORD + "\n")
    result = pgrepup("config", "test", "source", check=4)
    assert "password authentication failed" in result.stdout
    assert PASSWORD not in result.output
    report = pgrepup("config", "test", "source", "--json", check=4)
    assert report.json["errors"][0]["id"] == "connect"
    assert PASSWORD not in report.output


def test_dead_port_fails_and_the_other_side_is_tested_too(pgrepup, server):
    with socket.socket() as closed:
        closed.bind(("127.0.0.1", 0))
        port = closed.getsockname()[1]
        pgrepup("config", "set", *side("destination", server),
                "source.host=127.0.0.1", f"source.port={port}",
                "destination.password=-", input=server.password + "\n")
        result = pgrepup("config", "test", check=4)
    assert re.search(r"KO\n\s+.*refused", result.stdout)
    assert re.search(r"as postgres \.+\s*OK", result.stdout)


def test_silent_listener_ends_by_its_deadline(pgrepup):
    with socket.create_server(("127.0.0.1", 0)) as silent:
        pgrepup("config", "set", "source.host=127.0.0.1",
                f"source.port={silent.getsockname()[1]}",
                "source.connect_timeout=2")
        before = time.monotonic()
        result = pgrepup("config", "test", "source", check=4, timeout=30)
    assert 1.5 < time.monotonic() - before < 20
    assert "KO" in result.stdout


@pytest.mark.parametrize("name", [
    'a"b\'c\\d; DROP DATABASE postgres; --', " Upper Case ", "line\nfeed",
    "ä" * 31, "$$(reboot)`x`%s", "host=elsewhere dbname=x",
    "postgresql://elsewhere/x",
])
def test_hostile_database_name_is_reached_as_it_is(pgrepup, server, name):
    quoted = '"' + name.replace('"', '""') + '"'
    server.query(f"CREATE DATABASE {quoted}")
    pgrepup("config", "set", *side("source", server),
            f"source.dbname={name}", "source.password=-",
            input=server.password + "\n")
    report = pgrepup.json("config", "test", "source")
    assert report["tests"][0]["database"] == name
