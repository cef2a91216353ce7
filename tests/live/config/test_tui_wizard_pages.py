# SPDX-License-Identifier: PostgreSQL
"""The pages Databases, Files, Secrets and Review of the wizard, and how it uses
small and large terminals."""
import pytest
from harness import Tmux, wait_for
from harness.configs import PASSPHRASE

from test_tui_wizard import configure, go, open_wizard


@pytest.fixture(scope="module")
def server(clusters):
    one = clusters.server(17)
    one.query("CREATE DATABASE app")
    one.query('CREATE DATABASE "b,c"')
    yield one
    one.destroy()


@pytest.fixture
def wizard(pgrepup, server):
    """wizard(width=...) opens that of a file with the server as its source."""
    made = []

    def opened(**more):
        configure(pgrepup, server, "destination.port=1",
                  "security.encrypt=no")
        tmux = Tmux(pgrepup, **more)
        made.append(tmux)
        open_wizard(tmux)
        return tmux
    yield opened
    for tmux in made:
        tmux.close()


def save(tmux):
    go(tmux, 7)
    tmux.keys("Enter")
    tmux.wait_screen("Saved")


# --- databases ----------------------------------------------------------------

def without_clock(screen):
    return screen.split("\n", 1)[1]


def press(tmux, key):
    """Until it has done something."""
    before = without_clock(tmux.screen())
    tmux.keys(key)
    wait_for(lambda: without_clock(tmux.screen()) != before, 15,
             f"a change by {key} of\n{before}\n")


def move_to(tmux, name):
    """The cursor onto a database of the list, whichever field it is at."""
    tmux.wait_screen(rf"\[.\] {name} ")
    for _ in range(12):
        if tmux.row(rf">\[.\] {name} "):
            return
        press(tmux, "Up")
    raise AssertionError(tmux.screen())


def test_databases_are_listed_with_sizes_and_taken_out_by_space(
        wizard, pgrepup):
    tmux = wizard()
    go(tmux, 4)
    tmux.wait_screen(r"\[x\] app +\d+ kB")
    tmux.wait_screen(r"\[ \] template1 .*\(template\)")
    tmux.wait_screen("databases of the source: 3 of 4")
    move_to(tmux, "b,c")
    tmux.keys("Space")
    tmux.wait_screen(r"\[ \] b,c")
    tmux.wait_screen('Leave out +"b,c"')
    tmux.wait_screen("2 of 4")
    tmux.keys("Space")
    tmux.wait_screen(r"\[x\] b,c")
    tmux.wait_screen("Leave out$")
    tmux.keys("Space")
    save(tmux)
    assert pgrepup("config", "get", "databases.exclude").stdout == \
        'databases.exclude="b,c"\n'


def test_a_list_of_databases_to_take_is_changed_by_space(wizard, pgrepup):
    tmux = wizard()
    go(tmux, 4)
    tmux.wait_screen(r"\[x\] app")
    tmux.type("app")
    tmux.keys("Tab")
    tmux.wait_screen(r"\[ \] postgres")
    move_to(tmux, "app")
    tmux.keys("Space")
    tmux.wait_screen('"app" is the only database')
    move_to(tmux, "postgres")
    tmux.keys("Space")
    tmux.wait_screen("Only +app,postgres")
    save(tmux)
    assert pgrepup("config", "get", "databases.include").stdout == \
        "databases.include=app,postgres\n"


def test_a_template_says_how_to_take_it(wizard):
    tmux = wizard()
    go(tmux, 4)
    move_to(tmux, "template1")
    tmux.keys("Space")
    tmux.wait_screen("is a template; Templates: yes")


def test_without_a_source_there_is_no_list(pgrepup):
    with Tmux(pgrepup) as tmux:
        tmux.wait_screen("There is no configuration yet")
        tmux.keys("Enter")
        go(tmux, 4)
        tmux.wait_screen("the source is not named yet")


def test_a_source_that_does_not_answer_says_why(wizard, server):
    tmux = wizard()
    server.stop()
    try:
        go(tmux, 4)
        tmux.wait_screen("KO +.*refused")
    finally:
        server.start()
    tmux.keys("C-t")
    tmux.wait_screen(r"\[x\] app")


# --- files --------------------------------------------------------------------

def test_files_show_free_space_and_client_programs(wizard):
    tmux = wizard()
    go(tmux, 5)
    tmux.wait_screen(r"OK +tmp_dir +\d+ .B free in /tmp")
    for program in ("pg_dump", "pg_dumpall", "pg_restore", "psql"):
        tmux.wait_screen(rf"OK +{program} +\d+\.\d+, /")
    tmux.keys("C-u")
    tmux.type("/nowhere")
    tmux.wait_screen("KO +tmp_dir +No such file")
    tmux.wait_screen("Name a folder that you may write in")


def test_programs_that_are_missing_are_named(wizard, pgrepup):
    tmux = wizard()
    go(tmux, 5)
    tmux.keys("Tab")
    tmux.type(str(pgrepup.home))
    tmux.wait_screen("KO +pg_dump +no pg_dump of version")
    tmux.wait_screen("Install the client programs")


# --- secrets and review -------------------------------------------------------

def test_the_passphrase_is_changed_and_taken_away(wizard, pgrepup, server):
    tmux = wizard()
    for seal in (True, False):
        go(tmux, 6)
        tmux.keys("Space")
        if seal:
            for _ in range(2):
                tmux.keys("Tab")
                tmux.type(PASSPHRASE)
        go(tmux, 7)
        tmux.wait_screen('sealed = "' if seal else r'password = "\*\*\*"')
        assert server.password + '"' not in tmux.screen()
        tmux.keys("Enter")
        tmux.wait_screen("Saved")
        assert ("sealed" in pgrepup.config.read_text()) == seal
        if seal:
            tmux.keys("!")
            tmux.wait_screen("Name of this upgrade")
    pgrepup("config", "test", "source")


def test_a_file_with_comments_warns_before_it_is_rewritten(pgrepup):
    pgrepup.config.write_text("# mine\njobs = 2;\n")
    pgrepup.config.chmod(0o600)
    with Tmux(pgrepup) as tmux:
        open_wizard(tmux)
        go(tmux, 7)
        tmux.wait_screen("comments are lost, FILE~ has them")
        assert "# mine" in pgrepup.config.read_text()
        tmux.keys("Enter")
        tmux.wait_screen("Saved")
    former = pgrepup.config.with_name(pgrepup.config.name + "~")
    assert "# mine" in former.read_text()


def test_review_scrolls_and_shows_the_file_as_it_will_be(wizard, pgrepup):
    tmux = wizard()
    go(tmux, 5)
    tmux.keys("Tab", "Tab", "C-u")
    tmux.type("7")
    go(tmux, 7)
    tmux.wait_screen("^ *Review|source : ")
    for _ in range(40):
        if tmux.row("jobs = 7;"):
            break
        press(tmux, "Down")
    tmux.wait_screen("jobs = 7;")
    assert "jobs" not in pgrepup.config.read_text()


# --- sizes --------------------------------------------------------------------

def test_a_large_terminal_shows_test_and_file_beside_the_fields(wizard):
    tmux = wizard(width=200, height=60)
    go(tmux, 2)
    tmux.wait_screen("OK +version +17")
    tmux.wait_screen("Source cluster.*│── live test")
    tmux.wait_screen("> *Host .*│ +OK +port answers|Host .*│ +OK +port")
    tmux.wait_screen('host = "127.0.0.1";')
    tmux.keys("C-u")
    tmux.type("localhost")
    tmux.keys("Tab")
    tmux.wait_screen('host = "localhost";')


def test_a_small_terminal_lists_databases_below_a_field(wizard):
    tmux = wizard(width=40, height=12)
    go(tmux, 4)
    tmux.wait_screen(r"\[x\] app")
    tmux.wait_screen("Only")
