# SPDX-License-Identifier: PostgreSQL
"""The pages Source and Destination of the wizard: how a server is named, where
a password comes from, and what the live test does meanwhile."""
import pytest
from harness import FakeServer, Tmux

from test_tui_wizard import go, shows, uri


@pytest.fixture
def wizard(pgrepup):
    """wizard(env=..., files...) opens it at its page Source."""
    made = []

    def opened(**more):
        tmux = Tmux(pgrepup, **more)
        made.append(tmux)
        tmux.wait_screen("There is no configuration yet")
        tmux.keys("Enter")
        go(tmux, 2)
        return tmux
    yield opened
    for tmux in made:
        tmux.close()


def type_server(tmux, server):
    """Host and port by keys; the cursor is then at Port."""
    tmux.type(server.host)
    tmux.keys("Tab", "C-u")
    tmux.type(str(server.port))


def save(tmux):
    """Without a passphrase, from the page that it is on."""
    go(tmux, 6)
    if not tmux.row("Seal +< no >"):
        tmux.keys("Space")
    go(tmux, 7)
    tmux.keys("Enter")
    tmux.wait_screen("Saved")


def setting(pgrepup, key):
    return pgrepup("config", "get", key).stdout.strip().partition("=")[2]


# --- the test waits for what is typed -----------------------------------------

def test_no_login_is_tried_while_a_password_is_typed(wizard, server):
    log = server.log_path
    before = log.read_text().count("authentication failed")
    tmux = wizard()
    type_server(tmux, server)
    tmux.wait_screen("KO +login +.*no password")
    tmux.keys("Tab", "Tab", "Tab")
    for part in (server.password[:2], server.password[2:]):
        tmux.type(part)
        tmux.wait_screen("WAIT login +when the field is left")
    assert log.read_text().count("authentication failed") == before
    tmux.keys("Tab")
    tmux.wait_screen("OK +login +postgres, superuser")
    tmux.wait_screen("wal_level")
    assert log.read_text().count("authentication failed") == before


def test_ctrl_t_tries_what_is_typed_at_once(wizard, server):
    tmux = wizard()
    type_server(tmux, server)
    tmux.keys("Tab", "Tab", "Tab")
    tmux.type(server.password)
    tmux.keys("C-t")
    tmux.wait_screen("OK +login")
    tmux.wait_screen(">|Password")


def test_a_server_that_is_too_old_says_what_to_use(wizard):
    with FakeServer("9.3.25") as fake:
        tmux = wizard()
        tmux.paste(f"host=127.0.0.1 port={fake.port} user=postgres")
        tmux.wait_screen("KO +version +PostgreSQL 9.3.25 is too old")
        tmux.wait_screen("pg_upgrade")


def test_the_source_is_no_destination(wizard, server):
    tmux = wizard()
    tmux.paste(uri(server))
    tmux.wait_screen("OK +version")
    go(tmux, 3)
    tmux.paste(uri(server))
    tmux.wait_screen("KO +version")
    tmux.wait_screen("this is the source itself")
    tmux.wait_screen("KO +Destination")


# --- ways to name a server ----------------------------------------------------

def test_a_service_leaves_the_rest_to_its_file(wizard, pgrepup, server):
    (pgrepup.home / ".pg_service.conf").write_text(
        f"[old]\nhost={server.host}\nport={server.port}\nuser=postgres\n"
        f"password={server.password}\n")
    tmux = wizard()
    tmux.keys("BTab", "Space")
    tmux.wait_screen("Connect by +< service >")
    assert not tmux.row("[> ]Host ") and not tmux.row("[> ]Port ")
    tmux.keys("Tab")
    tmux.type("old")
    tmux.keys("Tab")
    tmux.wait_screen("OK +login +postgres")
    save(tmux)
    assert setting(pgrepup, "source.service") == "old"
    assert setting(pgrepup, "source.host") == ""
    assert setting(pgrepup, "source.port") == ""
    assert setting(pgrepup, "source.user") == ""


def test_a_uri_is_taken_apart_and_put_together(wizard, pgrepup, server):
    tmux = wizard()
    tmux.keys("BTab", "Space", "Space")
    tmux.wait_screen("Connect by +< URI >")
    tmux.keys("Tab")
    tmux.type(uri(server) + "/app%20one?keepalives_idle=9")
    tmux.wait_screen("when the field is left")
    tmux.keys("Tab")
    tmux.wait_screen(r"URI +postgresql://postgres@127\.0\.0\.1:\d+/app%20")
    assert server.password + "@" not in tmux.screen()
    tmux.wait_screen('KO +login +database "app one" does not exist')
    tmux.wait_screen("Any database that is there will do")
    tmux.keys("BTab", "BTab", "Left", "Left")
    shows(tmux, "Database", "app one")
    shows(tmux, "Other", "keepalives_idle=9")
    shows(tmux, "Password", "not saved yet")


def test_a_password_is_called_stored_once_it_is(wizard, server):
    tmux = wizard()
    tmux.paste(uri(server))
    shows(tmux, "Password", "not saved yet")
    save(tmux)
    tmux.keys("1", "!")
    tmux.wait_screen("Review")
    go(tmux, 2)
    shows(tmux, "Password", "stored, kept")
    # in the place of the host that stands there
    tmux.paste(uri(server, "another"))
    shows(tmux, "Host", server.host)
    shows(tmux, "Password", "not saved yet")
    tmux.keys("BTab", "Tab")
    tmux.paste(f"host=localhost port={server.port}")
    shows(tmux, "Host", "localhost")


def test_the_way_back_from_a_service_keeps_the_fields(wizard, server):
    tmux = wizard()
    type_server(tmux, server)
    tmux.keys("BTab", "BTab", "Space", "Left")
    shows(tmux, "Host", server.host)
    shows(tmux, "Port", str(server.port))
    tmux.keys("Tab", "Tab", "C-t")
    tmux.wait_screen("OK +port answers")


def test_other_takes_every_keyword_of_libpq_and_nothing_else(wizard, pgrepup):
    tmux = wizard()
    tmux.keys("Up", "Up", "Up", "Up")
    tmux.wait_screen(">Other")
    tmux.type("keepalives_idle=7 options='-c jit=off'")
    tmux.keys("Tab")
    save(tmux)
    assert setting(pgrepup, "source.keepalives_idle") == "7"
    assert setting(pgrepup, "source.options") == "-c jit=off"


@pytest.mark.parametrize("text, says", [
    ("keepalive=7", 'invalid connection option "keepa'),
    ("keepalives_idle", 'missing "="'),
    ("port=7", '"port" has a field of its own'),
    ("password=hush", "a password goes into its own field"),
])
def test_a_wrong_keyword_is_told(wizard, pgrepup, text, says):
    tmux = wizard()
    tmux.keys("Up", "Up", "Up", "Up")
    tmux.wait_screen(">Other")
    tmux.type(text)
    tmux.keys("Tab")
    tmux.wait_screen(f"Other: .*{says}")
    tmux.wait_screen("Other +KO ")
    go(tmux, 7)
    tmux.keys("Enter")
    tmux.wait_screen(">Other")
    assert not pgrepup.config.exists()


def test_blank_fields_are_filled_from_the_environment_once(wizard):
    tmux = wizard(env={"PGHOST": "127.0.0.9", "PGPORT": "5999",
                       "PGUSER": "jo", "PGDATABASE": "app"})
    for label, text in (("Host", "127.0.0.9"), ("Port", "5999"),
                        ("User", "jo"), ("Database", "app")):
        shows(tmux, label, text)
    tmux.wait_screen("Host from PGHOST, Port from PGPORT")
    tmux.keys("C-u")
    tmux.wait_gone("Host from PGHOST")
    go(tmux, 3)
    shows(tmux, "User", "jo")
    shows(tmux, "Port", "5432")
    tmux.wait_screen(r"[> ]Host$")


def test_ssl_is_proposed_for_another_machine(wizard):
    tmux = wizard()
    tmux.type("db.invalid")
    tmux.keys("Tab")
    tmux.wait_screen("SSL mode +< verify-full >")
    tmux.keys("BTab", "C-u")
    tmux.type("localhost")
    tmux.keys("Tab")
    tmux.wait_screen("SSL mode +< default >")


# --- where the password comes from --------------------------------------------

def pgpass(pgrepup, server, mode=0o600):
    path = pgrepup.home / ".pgpass"
    path.write_text(f"# mine\n{server.host}:{server.port}:*:postgres:"
                    f"{server.password}\n")
    path.chmod(mode)


def test_a_password_in_pgpass_is_found_and_used(wizard, pgrepup, server):
    pgpass(pgrepup, server)
    tmux = wizard()
    type_server(tmux, server)
    tmux.keys("Tab")
    tmux.wait_screen(f"Password for 127.0.0.1:{server.port} found in ~/.pgpass")
    tmux.wait_screen("OK +login +postgres, superuser, password used")
    save(tmux)
    assert setting(pgrepup, "source.password") == ""
    assert pgrepup.json("config", "test", "source")["tests"][0]["ok"]


def test_a_pgpass_that_others_can_read_is_told(wizard, pgrepup, server):
    pgpass(pgrepup, server, 0o644)
    tmux = wizard()
    type_server(tmux, server)
    tmux.keys("Tab")
    tmux.wait_screen("is ignored, others can read it: chmod 600")
    tmux.wait_screen("KO +login +.*no password")


def test_an_asked_password_is_kept_nowhere(wizard, pgrepup, server):
    tmux = wizard()
    type_server(tmux, server)
    tmux.keys("Tab", "Tab", "Tab", "Space")
    tmux.wait_screen("Password +< ask >")
    go(tmux, 7)
    tmux.keys("Enter")
    tmux.wait_screen("Type the password for this session")
    tmux.wait_screen(" 2/7$")
    tmux.type(server.password)
    tmux.wait_screen("6 characters")
    tmux.keys("Tab")
    tmux.wait_screen("OK +login")
    save(tmux)
    assert server.password not in pgrepup.config.read_text()
    assert setting(pgrepup, "source.ask_password") == "yes"
    term = pgrepup.terminal("config", "test", "source")
    term.expect("Password of the source, postgres at 127.0.0.1:.*: ")
    term.line(server.password)
    term.expect(r"as postgres \.+\s*\S*OK")
    assert term.wait() == 0
    result = pgrepup("config", "test", "source", check=3)
    assert "ask_password=no" in result.stderr


def test_an_asked_password_reaches_the_operation(pgrepup, server):
    """check runs in a process of its own, to which the password goes."""
    pgrepup("config", "set", f"source.host={server.host}",
            f"source.port={server.port}", "source.user=postgres",
            "source.ask_password=yes", f"destination.host={server.host}",
            "destination.port=1")
    term = pgrepup.terminal("check", "--only=postgres")
    term.expect("Password of the source.*: ")
    term.line(server.password)
    term.expect(r"connection to 127\.0\.0\.1:\d+ as postgres \.+\S*OK")
    term.wait()
    assert server.password not in term.text
    assert f'"{server.password}"' not in pgrepup.config.read_text()
