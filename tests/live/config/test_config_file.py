# SPDX-License-Identifier: PostgreSQL
"""`pgrepup config set`, `get` and `import`: the file."""
import os
import re
import shlex
import stat

import pytest
from harness.configs import PASSWORD, write


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
    assert f"chmod 600 {pgrepup.config}" in result.stderr


def test_missing_file_says_how_to_make_one(pgrepup):
    for args in (["config", "get"], ["config", "test"]):
        result = pgrepup(*args, check=3)
        assert str(pgrepup.config) in result.stderr
        assert "pgrepup config" in result.stderr
    error = pgrepup("config", "get", "--json", check=3).json["errors"][0]
    assert error["id"] == "config"
    assert not pgrepup.config.exists()


def test_what_is_no_file_is_not_said_to_be_missing(pgrepup, tmp_path):
    os.mkfifo(tmp_path / "fifo")
    for path in (tmp_path, tmp_path / "fifo", "/dev/null"):
        failed = pgrepup("--config", path, "check", check=3).stderr
        assert "not a configuration file" in failed
        assert "create it" not in failed


def test_the_hint_makes_the_file_that_was_named(pgrepup, tmp_path):
    missing = tmp_path / "an $other's.conf"
    hint = pgrepup("--config", missing, "check", check=3).stderr
    command = re.search(r"or `pgrepup (.* config set)` to create it", hint)[1]
    pgrepup(*shlex.split(command), "source.host=db1")
    assert "db1" in missing.read_text()
    assert not pgrepup.config.exists()


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
    assert (pgrepup.home / ".pgrepup~").read_text() == text.replace(
        "password = 100%%sure", "password =")
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
