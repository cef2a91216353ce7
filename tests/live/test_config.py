# SPDX-License-Identifier: PostgreSQL
"""`pgrepup config`: the dialogue, set, get and test, and the passphrase."""
import os
import re
import signal
import socket
import stat
import termios
import time
from pathlib import Path

import pytest
from harness import FakeServer, Terminal, wait_for
from harness.program import PROGRAM

PASSPHRASE = "correct horse"
PASSWORD = "s3cret-pässword"


@pytest.fixture(scope="module")
def server(clusters):
    one = clusters.server(17)
    yield one
    one.destroy()


@pytest.fixture(scope="module")
def other(clusters):
    one = clusters.server(18)
    yield one
    one.destroy()


@pytest.fixture
def passphrase_file(pgrepup):
    path = pgrepup.home / "passphrase"
    path.write_text(PASSPHRASE + "\n")
    path.chmod(0o600)
    return path


@pytest.fixture
def sealed(pgrepup, server, other, passphrase_file):
    """From the one server to the other; the passwords are sealed."""
    pgrepup("config", "set", *side("source", server),
            *side("destination", other), "source.password=-",
            "destination.password=-", "security.encrypt=yes",
            f"--passphrase-file={passphrase_file}",
            input=f"{server.password}\n{other.password}\n")
    return pgrepup


def side(name, server):
    return [f"{name}.host={server.host}", f"{name}.port={server.port}",
            f"{name}.user={server.user}"]


def write(pgrepup, text, mode=0o600):
    pgrepup.config.write_text(text)
    pgrepup.config.chmod(mode)


def echo_is_on(term):
    return bool(termios.tcgetattr(term.fd)[3] & termios.ECHO)


# --- set and get --------------------------------------------------------------

def test_set_creates_a_private_file_that_get_reads(pgrepup):
    pgrepup("config", "set", "source.host=db1", "source.port=5433",
            'databases.exclude=a,"b,c"', "jobs=4")
    assert stat.S_IMODE(pgrepup.config.stat().st_mode) == 0o600
    got = pgrepup("config", "get", "source.host", "source.port", "jobs",
                  "databases.exclude", "mechanism").stdout.splitlines()
    assert got == ["source.host=db1", "source.port=5433", "jobs=4",
                   'databases.exclude=a,"b,c"', "mechanism=auto"]
    settings = {s["key"]: s for s in
                pgrepup.json("config", "get")["settings"]}
    assert settings["jobs"]["value"] == "4" and settings["jobs"]["set"]
    assert settings["name"]["value"] == "pgrepup"
    assert not settings["name"]["set"]


@pytest.mark.parametrize("encrypt", ["yes", "no"])
def test_password_round_trip(pgrepup, passphrase_file, encrypt):
    option = f"--passphrase-file={passphrase_file}"
    pgrepup("config", "set", f"security.encrypt={encrypt}",
            "source.password=-", option, input=PASSWORD + "\n")
    text = pgrepup.config.read_text()
    assert (PASSWORD in text) == (encrypt == "no")
    assert pgrepup("config", "get", "source.password").stdout == \
        "source.password=***\n"
    pgrepup("config", "set", "security.encrypt=no", option)
    assert f'password = "{PASSWORD}"' in pgrepup.config.read_text()


@pytest.mark.parametrize("word", [
    f"source.password={PASSWORD}",
    f"source=postgresql://u:{PASSWORD}@h/",
    f"source.host=host=h password={PASSWORD}",
    f"replication.password={PASSWORD}",
])
def test_password_on_the_command_line_is_refused(pgrepup, word):
    result = pgrepup("config", "set", "jobs=3", word, check=2)
    assert "password=-" in result.stderr
    assert PASSWORD not in result.output
    assert not pgrepup.config.exists()


def test_connection_string_is_split(pgrepup):
    pgrepup("config", "set",
            "source=postgresql://me@db1:5433/app?sslmode=require")
    got = pgrepup("config", "get", "source.host", "source.port",
                  "source.user", "source.dbname", "source.sslmode").stdout
    assert got.split() == ["source.host=db1", "source.port=5433",
                           "source.user=me", "source.dbname=app",
                           "source.sslmode=require"]


@pytest.mark.parametrize("word, says", [
    ("source.port=70000", "from 1 to 65535"),
    ("source.port=", None),
    ("sauce.port=1", "unknown setting"),
    ("jobs=0", "from 1 to"),
    ("mechanism=magic", "auto, pglogical, native"),
    ("source.sslpassword=x", "service file"),
])
def test_bad_value_changes_nothing(pgrepup, word, says):
    pgrepup("config", "set", "jobs=3")
    before = pgrepup.config.read_text()
    result = pgrepup("config", "set", "jobs=5", word,
                     check=3 if says else 0)
    if says:
        assert says in result.stderr
        assert pgrepup.config.read_text() == before


@pytest.mark.parametrize("args", [
    ["config", "set"], ["config", "set", "jobs"], ["config", "set", "=1"],
    ["config", "shred"], ["config", "test", "moon"], ["config", "get", "x"],
])
def test_wrong_words_are_a_usage_error(pgrepup, args):
    write(pgrepup, "jobs = 2;\n")
    pgrepup(*args, check=2)


def test_comments_are_not_lost_silently(pgrepup):
    write(pgrepup, "# mine\njobs = 2;\n")
    result = pgrepup("config", "set", "jobs=3")
    assert "comments" in result.stderr
    assert (pgrepup.home / ".pgrepup~").read_text() == "# mine\njobs = 2;\n"


# --- files that are not right -------------------------------------------------

@pytest.mark.parametrize("text, says", [
    ("jobs = 2;\nsource: {\n  host = ;\n};\n", ["line 3", "syntax error"]),
    ("jobs = 2;\nbanana = 1;\n", ["line 2", '"banana"']),
    ("source: { port = 70000; };\n", ["line 1", "70000", "65535"]),
    ("jobs = \"many\";\n", ["line 1", "many"]),
    ("\nsource: { host = 5; };\n", ["line 2", "double quotes"]),
    ("[Security]\nencrypted_credentials = y\n", ["Python pgrepup", "config import", "mv "]),
])
@pytest.mark.parametrize("args", [
    ["config", "get"], ["config", "set", "jobs=3"], ["config", "test"],
])
def test_bad_file_is_named_and_left_alone(pgrepup, text, says, args):
    write(pgrepup, text)
    result = pgrepup(*args, check=3)
    for part in [str(pgrepup.config), "Hint:", *says]:
        assert part in result.stderr
    assert pgrepup.config.read_text() == text


def test_file_that_others_can_read_is_refused(pgrepup):
    write(pgrepup, "jobs = 2;\n", 0o644)
    result = pgrepup("config", "get", check=3)
    assert f'chmod 600 "{pgrepup.config}"' in result.stderr


def test_missing_file_says_how_to_make_one(pgrepup):
    for args in (["config", "get"], ["config", "test"]):
        result = pgrepup(*args, check=3)
        assert str(pgrepup.config) in result.stderr
        assert "pgrepup config" in result.stderr
    error = pgrepup("config", "get", "--json", check=3).json["errors"][0]
    assert error["id"] == "config"
    assert not pgrepup.config.exists()


# --- the passphrase -----------------------------------------------------------

def test_wrong_passphrase_changes_nothing(sealed, passphrase_file):
    before = sealed.config.read_bytes()
    passphrase_file.write_text("wrong\n")
    for args in (["config", "test"], ["config", "set", "source.password=-"],
                 ["config", "set", "security.encrypt=no"]):
        result = sealed(*args, f"--passphrase-file={passphrase_file}",
                        input="x\n", check=3)
        assert "wrong passphrase" in result.stderr
        assert sealed.config.read_bytes() == before


def test_locked_without_a_terminal_says_what_to_give(sealed):
    result = sealed("config", "test", check=3)
    assert "--passphrase-file" in result.stderr


def test_tampered_value_is_recognised(sealed, passphrase_file):
    text = sealed.config.read_text()
    match = re.search(r'sealed = "(.{8})(.)', text)
    other = "B" if match[2] == "A" else "A"
    write(sealed, text[:match.start(2)] + other + text[match.end(2):])
    result = sealed("config", "test", f"--passphrase-file={passphrase_file}",
                    check=3)
    assert "tampered" in result.stderr
    assert "source.password" in result.stderr


def test_passphrase_file_that_others_can_read_is_refused(
        sealed, passphrase_file):
    passphrase_file.chmod(0o644)
    result = sealed("config", "test", f"--passphrase-file={passphrase_file}",
                    check=3)
    assert "chmod 600" in result.stderr


def test_passphrase_is_asked_three_times(sealed):
    term = sealed.terminal("config", "test", "source")
    for answer in ("wrong", "wrong again", PASSPHRASE):
        term.expect("Passphrase of .*: ")
        assert not echo_is_on(term)
        term.line(answer)
    term.expect(r"as postgres \.+\s*\S*OK")
    assert term.wait() == 0
    assert PASSPHRASE not in term.text

    term = sealed.terminal("config", "test", "source")
    for _ in range(3):
        term.expect("Passphrase of .*: ")
        term.line("wrong")
    term.expect("wrong passphrase")
    assert term.wait() == 3


def shell(pgrepup, script, *shell_args):
    """A shell on a terminal of its own, with the program as $PGREPUP."""
    term = Terminal(["/bin/bash", *shell_args, *(["-c", script] if script
                                                 else [])],
                    {**pgrepup.env, "PGREPUP": PROGRAM, "PS1": "$ "},
                    pgrepup.home)
    pgrepup.children.append(term)
    return term


def pid_of_config(pgrepup):
    for pid in pgrepup.processes():
        words = Path(f"/proc/{pid}/cmdline").read_bytes().split(b"\0")
        if words[0] == PROGRAM.encode():
            return pid, words
    raise AssertionError("the program does not run")


@pytest.mark.parametrize("sig", [signal.SIGINT, signal.SIGTERM])
def test_signal_in_a_hidden_prompt_restores_the_terminal(sealed, sig):
    before = sealed.config.read_bytes()
    term = shell(sealed, "trap : INT; $PGREPUP config set source.password=-;"
                         " echo status=$?; stty -a; read line")
    term.expect("Passphrase of .*: ")
    assert not echo_is_on(term)
    term.send("half a pass")
    if sig == signal.SIGINT:
        term.send("\x03")
    else:
        os.kill(pid_of_config(sealed)[0], sig)
    term.expect(f"status={128 + sig}")
    term.expect(r"(?<!-)\becho\b")
    assert echo_is_on(term)
    term.line("")
    term.wait()
    assert "half a pass" not in term.text
    assert sealed.config.read_bytes() == before


def test_suspended_prompt_asks_again(sealed):
    term = shell(sealed, None, "--norc", "--noediting", "-i")
    term.line("$PGREPUP config test source")
    term.expect("Passphrase of .*: ")
    term.send("\x1a")
    term.expect("Stopped")
    wait_for(lambda: echo_is_on(term), 10, "the echo")
    term.line("fg")
    term.expect("Passphrase of .*: ")
    wait_for(lambda: not echo_is_on(term), 10, "the echo to be off")
    term.line(PASSPHRASE)
    term.expect(r"as postgres \.+\s*\S*OK")
    term.line("exit")
    term.wait()


def test_typed_password_is_nowhere_to_be_seen(pgrepup):
    term = pgrepup.terminal("config", "set", "source.password=-",
                            "destination.password=-")
    term.expect("source.password: ")
    term.line(PASSWORD)
    term.expect("destination.password: ")
    pid, words = pid_of_config(pgrepup)
    environ = Path(f"/proc/{pid}/environ").read_bytes()
    assert PASSWORD.encode() not in b" ".join(words) + environ
    term.line("other")
    assert term.wait() == 0
    assert PASSWORD not in term.text
    assert PASSWORD in pgrepup.config.read_text()


def test_password_is_never_read_with_echo(pgrepup):
    term = pgrepup.terminal("--no-input", "config", "set", "source.password=-")
    assert term.wait() == 2
    assert "standard input" in term.text
    assert not pgrepup.config.exists()


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


# --- the file of the Python pgrepup -------------------------------------------

def ini(server, password, encrypted="n"):
    return ("[Security]\n"
            f"encrypted_credentials = {encrypted}\ntmp_folder = /tmp\n"
            f"\n[Source]\nhost = {server.host}\nport = {server.port}\n"
            "connect_database = template1\nuser = postgres\n"
            f"password = {password}\n"
            "\n[Destination]\nhost = db2\nport = 5433\n"
            "connect_database = template1\nuser = admin\n"
            f"password = {password}\n")


def test_an_ini_file_is_taken_over_and_kept(pgrepup, server):
    text = ini(server, "100%%sure")
    write(pgrepup, text, 0o644)
    result = pgrepup("config", "import")
    assert f"source.host={server.host}" in result.stdout
    assert "destination.user=admin" in result.stdout
    assert "100%sure" not in result.output
    assert pgrepup.config.stat().st_mode & 0o777 == 0o600
    assert 'password = "100%sure"' in pgrepup.config.read_text()
    assert (pgrepup.home / ".pgrepup~").read_text() == text
    got = pgrepup("config", "get", "source.dbname", "destination.port",
                  "tmp_dir").stdout
    assert got == "source.dbname=template1\ndestination.port=5433\n" \
        "tmp_dir=/tmp\n"


def test_encrypted_passwords_of_an_ini_file_are_named(pgrepup, server):
    write(pgrepup, ini(server, "gAAAAABXn==", "y"))
    report = pgrepup.json("config", "import")
    assert [note.split()[0] for note in report["notes"]] == [
        "source.password", "destination.password"]
    assert all("cannot be taken over" in note for note in report["notes"])
    assert "gAAAA" not in pgrepup.config.read_text()


def test_another_ini_file_replaces_no_configuration(pgrepup, server):
    old = pgrepup.home / "old.ini"
    old.write_text(ini(server, "x"))
    write(pgrepup, "jobs = 2;\n")
    result = pgrepup("config", "import", old, check=3)
    assert "already" in result.stderr and "-c FILE" in result.stderr
    pgrepup.config.unlink()
    pgrepup("config", "import", old, "--dry-run")
    assert not pgrepup.config.exists()
    pgrepup("config", "import", old)
    assert pgrepup("config", "get", "destination.host").stdout == \
        "destination.host=db2\n"
    assert old.exists()


def test_what_is_no_ini_file_is_not_imported(pgrepup):
    write(pgrepup, "jobs = 2;\n")
    assert "not an INI" in pgrepup("config", "import", check=3).stderr
    assert "not exist" in pgrepup("config", "import", "/nowhere",
                                  "-c", "x", check=3).stderr


# --- another passphrase -------------------------------------------------------

def test_the_passphrase_is_changed(sealed, passphrase_file):
    new = sealed.home / "new"
    new.write_text("battery staple\n")
    new.chmod(0o600)
    before = re.findall('sealed = "(.*)"', sealed.config.read_text())
    sealed("config", "passphrase", f"--passphrase-file={passphrase_file}",
           f"--new-passphrase-file={new}")
    after = re.findall('sealed = "(.*)"', sealed.config.read_text())
    assert len(after) == 2 and not set(before) & set(after)
    sealed("config", "test", "source", f"--passphrase-file={passphrase_file}",
           check=3)
    sealed("config", "test", "source", f"--passphrase-file={new}")


def test_the_passphrase_is_changed_on_a_terminal(sealed):
    term = sealed.terminal("config", "passphrase")
    for question, answer in (("Passphrase of .*: ", PASSPHRASE),
                             ("New passphrase: ", "battery staple"),
                             ("same again: ", "battery staple")):
        term.expect(question)
        term.line(answer)
    term.expect("sealed with the new passphrase")
    assert term.wait() == 0
    sealed("config", "test", "source", "--passphrase-file=-",
           input="battery staple\n")


def test_the_passphrase_is_removed(sealed, server, passphrase_file):
    result = sealed("config", "passphrase", "remove",
                    f"--passphrase-file={passphrase_file}")
    assert "in clear" in result.stdout
    assert sealed.config.read_text().count(
        f'password = "{server.password}"') == 2
    sealed("config", "test", "source")


@pytest.mark.parametrize("words", [[], ["remove"]])
def test_a_passphrase_is_not_changed_with_a_wrong_one(sealed, words):
    before = sealed.config.read_bytes()
    result = sealed("config", "passphrase", *words, "--passphrase-file=-",
                    input="wrong\nnew\n", check=3)
    assert "wrong passphrase" in result.stderr
    assert sealed.config.read_bytes() == before


# --- the dialogue -------------------------------------------------------------

def test_dialogue_needs_a_terminal(pgrepup):
    result = pgrepup("config", check=2)
    assert "terminal" in result.stderr and "config set" in result.stderr
    assert not pgrepup.config.exists()


def answer_side(term, host, port, password):
    for question, answer in (("Host", host), ("Port", str(port)),
                             ("Database", ""), ("User", ""),
                             ("Password", password), ("SSL mode", "")):
        term.expect(question + r".*: ")
        assert echo_is_on(term) == (question != "Password")
        term.line(answer)


def answer_rest(term, *answers):
    for question, answer in zip(("Databases to upgrade", "leave out",
                                 "temporary", "same time"), answers):
        term.expect(question + r".*: ")
        term.line(answer)


def test_dialogue_tests_corrects_seals_and_saves(pgrepup, server, other):
    term = pgrepup.terminal("config")
    answer_side(term, server.host, server.port, "wrong password")
    term.expect("password authentication failed")
    term.expect(r"Correct these answers\? \[yes\]: ")
    term.line("")
    answer_side(term, "", "", server.password)
    term.expect(r"as postgres \.+\s*\S*OK")
    answer_side(term, f"postgresql://{other.host}:{other.port}", "",
                other.password)
    term.expect(r"as postgres \.+\s*\S*OK")
    answer_rest(term, "", "app", "relative")
    term.expect("absolute path")
    term.expect("temporary.*: ")
    term.line("")
    term.expect("same time.*: ")
    term.line("3")
    term.expect(r"Seal the passwords\? \[yes\]: ")
    term.line("")
    term.expect("New passphrase: ")
    term.line(PASSPHRASE)
    term.expect("same again: ")
    term.line(PASSPHRASE)
    assert not pgrepup.config.exists()
    term.expect(r"Save to .*\? \[yes\]: ")
    term.line("")
    term.expect("pgrepup check")
    assert term.wait() == 0
    text = pgrepup.config.read_text()
    assert stat.S_IMODE(pgrepup.config.stat().st_mode) == 0o600
    assert text.count("sealed = ") == 2
    assert f'"{server.password}"' not in text
    pgrepup("config", "test", "--passphrase-file=-", input=PASSPHRASE + "\n")
    got = pgrepup("config", "get", "jobs", "databases.exclude").stdout
    assert got == "jobs=3\ndatabases.exclude=app\n"


def test_dialogue_proposes_what_is_set(sealed, server, other):
    before = sealed.config.read_text()
    term = sealed.terminal("config")
    term.expect("Passphrase of .*: ")
    term.line(PASSPHRASE)
    for one in (server, other):
        term.expect(rf"Host.*\[{re.escape(one.host)}\]: ")
        term.line("")
        term.expect(rf"Port \[{one.port}\]: ")
        term.line("")
        for question in ("Database", "User", "Password.*keep", "SSL mode"):
            term.expect(question + r".*: ")
            term.line("")
        term.expect(r"as postgres \.+\s*\S*OK")
    answer_rest(term, "", "", "", "")
    term.expect(r"Seal the passwords\? \[yes\]: ")
    term.line("")
    term.expect(r"Save to .*\? \[yes\]: ")
    term.line("no")
    term.expect("Nothing was saved")
    assert term.wait() == 0
    assert sealed.config.read_text() == before


@pytest.mark.parametrize("keys, status", [("\x03", -signal.SIGINT),
                                          ("\x04", 7)])
def test_dialogue_given_up_leaves_no_file(pgrepup, keys, status):
    term = pgrepup.terminal("config")
    term.expect("Host.*: ")
    term.send(keys)
    assert term.wait() == status
    assert not pgrepup.config.exists()
