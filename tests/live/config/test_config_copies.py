# SPDX-License-Identifier: PostgreSQL
"""What pgrepup leaves beside its configuration: no copy holds a password that
the configuration does not, and none holds one in clear."""
import re
import resource
import signal
import subprocess

import pytest
from harness import Tmux
from harness.configs import PASSWORD, write
from harness.program import PROGRAM

OTHER = "an0ther-one"
HAND_WRITTEN = f"""# db1's is {PASSWORD}, the password of us all
jobs = 2; // mine
/* before: source = "postgresql://me:{OTHER}@db0/x" */
source: {{
  host = "db1"; /* not db2 */ port = 5433;
  password = "{PASSWORD[:4]}" # in two parts
             "{PASSWORD[4:]}";
  options = "-c app.password={OTHER}"; # beside it
  # fine
}};
destination: {{ host = "db2"; password : "{OTHER}" }};
"""


def copies(pgrepup):
    """What lies beside the configuration: {name: text}."""
    return {path.name: path.read_text()
            for path in pgrepup.config.parent.iterdir()
            if path.name.startswith(pgrepup.config.name)
            and path != pgrepup.config and path.is_file()}


def former(pgrepup):
    return pgrepup.config.with_name(pgrepup.config.name + "~")


def assert_copies_without(pgrepup, *secrets):
    for name, text in copies(pgrepup).items():
        for secret in secrets:
            assert secret not in text, f"{name}:\n{text}"


def sealed_texts(path):
    return set(re.findall('sealed = "(.*?)"', path.read_text()))


def set_passwords(pgrepup):
    pgrepup("config", "set", "source.host=db1", "source.password=-",
            "destination.password=-", input=f"{PASSWORD}\n{OTHER}\n")


# --- passwords in clear -------------------------------------------------------

@pytest.mark.parametrize("words, typed", [
    (["jobs=5"], ""),
    (["source.password=-"], "new-0ne\n"),
    (["source.password="], ""),
    (["destination.host=db9", "replication.password=-"], "third-0ne\n"),
])
def test_a_copy_holds_no_password_in_clear(pgrepup, words, typed):
    set_passwords(pgrepup)
    pgrepup("config", "set", *words, input=typed)
    assert 'host = "db1"' in former(pgrepup).read_text()
    assert_copies_without(pgrepup, PASSWORD, OTHER)
    pgrepup("config", "set", "jobs=7")
    assert_copies_without(pgrepup, PASSWORD, OTHER, "new-0ne", "third-0ne")


def test_a_file_written_by_hand_is_kept_without_its_secrets(pgrepup):
    write(pgrepup, HAND_WRITTEN)
    pgrepup("config", "set", "jobs=3")
    text = former(pgrepup).read_text()
    assert_copies_without(pgrepup, PASSWORD, PASSWORD[:4], PASSWORD[4:], OTHER)
    for kept in ("jobs = 2; // mine", 'host = "db1"; /* not db2 */',
                 "port = 5433", "\n  # fine", 'host = "db2"'):
        assert kept in text
    # nobody knows of whom it speaks
    assert "# beside it" not in text
    former(pgrepup).rename(pgrepup.config)
    got = pgrepup("config", "get", "source.port", "jobs", "destination.host")
    assert got.stdout.split() == ["source.port=5433", "jobs=2",
                                  "destination.host=db2"]


@pytest.mark.parametrize("text", [
    f'source = "postgresql://me:{PASSWORD}@db1/x";\n',
    f'source = "host=db1 password={PASSWORD}";\n',
    f'source: {{ host = "postgresql://db1/x?password={PASSWORD}"; }};\n',
    f'source: {{ host = "host=db1 password = \'{PASSWORD}\'"; }};\n',
])
def test_the_password_of_a_connection_string_is_not_kept(pgrepup, text):
    write(pgrepup, "jobs = 4;\n" + text)
    pgrepup("config", "set", "jobs=3")
    assert PASSWORD in pgrepup.config.read_text()
    assert "jobs = 4" in former(pgrepup).read_text()
    assert_copies_without(pgrepup, PASSWORD)


@pytest.mark.parametrize("word", ["jobs=3", "jobs=4"])
def test_the_copy_of_an_earlier_pgrepup_is_cleaned(pgrepup, word):
    """Also when nothing is changed."""
    set_passwords(pgrepup)
    pgrepup("config", "set", "jobs=3")
    former(pgrepup).write_text(HAND_WRITTEN)
    pgrepup("config", "set", word)
    assert former(pgrepup).exists()
    assert_copies_without(pgrepup, PASSWORD, OTHER)


def test_the_copy_of_a_configuration_that_is_gone_is_cleaned(pgrepup):
    former(pgrepup).write_text(HAND_WRITTEN)
    pgrepup("config", "set", "jobs=3")
    assert "jobs = 2; // mine" in former(pgrepup).read_text()
    assert_copies_without(pgrepup, PASSWORD, OTHER)


def test_what_a_kill_leaves_while_writing_is_swept(pgrepup):
    tables = ",".join(f"public.table_{n}" for n in range(800))
    pgrepup("config", "set", "source.host=db1", f"tables.exclude={tables}")
    before = pgrepup.config.read_text()
    former(pgrepup).write_text(before)      # has not to be written any more
    with subprocess.Popen(
            [PROGRAM, "config", "set", "source.password=-"],
            env=pgrepup.env, cwd=pgrepup.home, stdin=subprocess.PIPE,
            stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
            preexec_fn=lambda: resource.setrlimit(
                resource.RLIMIT_FSIZE, (8192, 8192))) as one:
        one.communicate(PASSWORD.encode() + b"\n")
    assert one.returncode == -signal.SIGXFSZ
    assert pgrepup.config.read_text() == before
    assert any(PASSWORD in text for text in copies(pgrepup).values())
    mine = pgrepup.config.with_name(pgrepup.config.name + ".backup")
    mine.write_text("mine")
    pgrepup("config", "set", "jobs=3")
    assert_copies_without(pgrepup, PASSWORD)
    assert set(copies(pgrepup)) == {former(pgrepup).name, mine.name}


# --- sealed passwords ---------------------------------------------------------

def test_a_copy_holds_only_the_sealed_passwords_of_the_configuration(
        sealed, passphrase_file):
    sealed("config", "set", "jobs=3")
    now = sealed_texts(sealed.config)
    assert sealed_texts(former(sealed)) == now and len(now) == 2
    sealed("config", "set", "source.password=-",
           f"--passphrase-file={passphrase_file}", input="other\n")
    assert len(sealed_texts(former(sealed))) == 1
    assert sealed_texts(former(sealed)) < sealed_texts(sealed.config)
    sealed("config", "set", "destination.password=")
    assert sealed_texts(former(sealed)) <= sealed_texts(sealed.config)


def test_nothing_stays_sealed_by_a_former_passphrase(sealed, passphrase_file):
    new = sealed.home / "new"
    new.write_text("battery staple\n")
    new.chmod(0o600)
    sealed("config", "passphrase", f"--passphrase-file={passphrase_file}",
           f"--new-passphrase-file={new}")
    assert former(sealed).exists() and not sealed_texts(former(sealed))


def test_sealing_leaves_nothing_in_clear(pgrepup, passphrase_file):
    option = f"--passphrase-file={passphrase_file}"
    set_passwords(pgrepup)
    pgrepup("config", "set", "security.encrypt=yes", option)
    assert_copies_without(pgrepup, PASSWORD, OTHER)
    pgrepup("config", "passphrase", "remove", option)
    assert PASSWORD in pgrepup.config.read_text()
    assert_copies_without(pgrepup, PASSWORD, OTHER, "sealed =")


@pytest.mark.parametrize("damage", [
    lambda text: re.sub(r"salt = .*\n", "", text),
    lambda text: re.sub(r"check = .*\n", "", text),
    lambda text: re.sub(r"(sealed = \".{8}).", r"\1_", text, count=1),
    lambda text: re.sub(r"(check = \".{8}).", r"\1_", text),
    lambda text: re.sub(r"(salt|check) = .*\n", "", text),
], ids=["no salt", "no check", "a password", "the check", "neither"])
def test_the_copy_serves_where_the_hint_names_it(sealed, passphrase_file,
                                                 damage):
    option = f"--passphrase-file={passphrase_file}"
    sealed("config", "set", "jobs=3")
    right = sealed.config.read_text()
    write(sealed, damage(right))
    assert sealed.config.read_text() != right
    told = sealed("config", "test", option, check=3).stderr
    assert f'Take the file back from "{former(sealed)}"' in told
    kept = former(sealed).read_text()
    former(sealed).rename(sealed.config)
    sealed("config", "test", option)
    # the same without a copy that could help
    write(sealed, damage(right))
    told = sealed("config", "test", option, check=3).stderr
    assert "backup" in told and "~" not in told
    former(sealed).write_text(re.sub(r"(salt|check|sealed) = \".", r"\1 = \"_",
                                     kept))
    told = sealed("config", "test", option, check=3).stderr
    assert "backup" in told and "~" not in told


# --- the file of the Python pgrepup -------------------------------------------

def test_an_ini_file_is_kept_without_its_passwords(pgrepup):
    write(pgrepup, "[Security]\nencrypted_credentials = n\n"
          f"; the password is {OTHER}\n[Source]\nhost = db1\n"
          f"user = me\npassword = {PASSWORD}\n  more of it\n# mine\n"
          f"[Destination]\nhost = db2\nPassword: {OTHER}\n", 0o644)
    pgrepup("config", "import")
    text = former(pgrepup).read_text()
    assert_copies_without(pgrepup, PASSWORD, OTHER, "more of it")
    assert "host = db1\nuser = me\n" in text and "# mine\n[Dest" in text


def test_an_ini_file_elsewhere_is_said_to_hold_passwords(pgrepup):
    old = pgrepup.home / "old.ini"
    old.write_text("[Security]\nencrypted_credentials = n\n[Source]\n"
                   f"host = db1\npassword = {PASSWORD}\n")
    notes = pgrepup.json("config", "import", old)["notes"]
    assert len(notes) == 1
    assert str(old) in notes[0] and "in clear" in notes[0]


# --- the editor ---------------------------------------------------------------

def edit(tmux, pattern):
    tmux.keys("2")
    tmux.wait_screen("checked")
    tmux.wait_idle()        # the runner ends a moment later
    tmux.keys("e")
    tmux.wait_screen(pattern)


def test_an_editor_is_shown_no_password(pgrepup):
    script = pgrepup.home / "edit"
    seen = pgrepup.home / "seen"
    broken = pgrepup.config.with_name(pgrepup.config.name + ".edit")
    write(pgrepup, HAND_WRITTEN.replace("jobs = 2;", "jobs = 2; # pens"))
    with Tmux(pgrepup, env={"EDITOR": "sh edit"}) as tmux:
        tmux.wait_screen("1 Config")
        script.write_text(f'cp "$1" {seen}; sed -i "s/jobs = 2;/jobs = ;/; '
                          's/port = 5433;/port = 5434; user = \\"jo\\";/" "$1"\n'
                          f'echo \'destination: {{ password = "{OTHER}x" }};\''
                          ' >> "$1"')
        edit(tmux, "Kept as it was")
        assert 'password = ""' in seen.read_text()
        assert OTHER not in re.sub("before.*", "", broken.read_text())
        assert pgrepup("config", "get", "jobs").stdout == "jobs=2\n"
        script.write_text("sed -i 's/jobs = ;/jobs = 6;/; $d' \"$1\"")
        edit(tmux, "Saved")
    assert not broken.exists()
    text = pgrepup.config.read_text()
    assert "# pens" in text and "port = 5434" in text
    assert f'"{PASSWORD[:4]}"' in text and f'password : "{OTHER}"' in text
    assert pgrepup("config", "get", "jobs", "source.user").stdout.split() == \
        ["jobs=6", "source.user=jo"]


def test_a_password_typed_in_the_editor_is_taken(pgrepup):
    script = pgrepup.home / "edit"
    set_passwords(pgrepup)
    pgrepup("config", "set", "jobs=3")
    with Tmux(pgrepup, env={"EDITOR": "sh edit"}) as tmux:
        tmux.wait_screen("1 Config")
        script.write_text("sed -i '0,/password = \"\"/"
                          "s//password = \"typed-0ne\"/' \"$1\"")
        edit(tmux, "Saved")
    text = pgrepup.config.read_text()
    assert 'password = "typed-0ne"' in text and PASSWORD not in text
    assert f'password = "{OTHER}"' in text
    assert_copies_without(pgrepup, "typed-0ne", OTHER, PASSWORD)
