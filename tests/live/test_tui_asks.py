# SPDX-License-Identifier: PostgreSQL
"""No key starts an operation whose row says that it asks, without its
question: a walk over all operations, all states of their last run, and all
keys. What was started is told by the journal and by the processes, and never
by the screen alone."""
import contextlib
import fcntl
import json
import os
import re
import termios
import time
from pathlib import Path

import pytest
from harness import Tmux, held_lock, second, wait_for
from harness.servers import TESTS
from test_tui_keys import rows as key_rows

SOURCE = Path(TESTS).parent
ROW = re.compile(r'\{\.name = "(\w+)".*?\.questions = &?(\w+)\}', re.S)
KIND = re.compile(r"OP_ASKS_(\w+)")


def operations():
    """Name and what it asks ("NOTHING", "PLAN", "YES", "NAME") when it is run
    without options, out of the rows of src/operation.c."""
    text = (SOURCE / "src/operation.c").read_text()
    asks = {name: KIND.findall(body)[-1] for name, body in re.findall(
        r"static const struct op_question (\w+)(?:\[\])? = \{(.*?)\};", text,
        re.S)}
    found = {name: asks[question] for name, question in ROW.findall(text)}
    assert len(found) == text.count("{.name = ") >= 7
    return found


OPERATIONS = operations()
# where each is looked at and begun; v shows the steps of start
SCREENS = {"check": ["2"], "fix": ["2"], "setup": ["3"], "start": ["4", "4v"],
           "disable": ["4"], "stop": ["5", "4"], "uninstall": ["6"]}
TITLES = {"1": "Config", "2": "Check", "3": "Setup", "4": "Replicate",
          "5": "Stop", "6": "Uninstall"}


# -- states of a last run, as a runner writes them

TIME = {"time": "2026-01-02T03:04:05.000Z"}
STEPS = [{"id": "one", "title": "The first step", "leaves": "Nothing changed."},
         {"id": "two", "title": "The second step"}]


class State:
    """The state folder of an upgrade, written as a runner would."""

    def __init__(self, pgrepup):
        self.pgrepup = pgrepup
        self.folder = pgrepup.home / "state/pgrepup/pgrepup"
        self.folder.mkdir(parents=True, mode=0o700, exist_ok=True)
        self.runs = 0
        self.mine = set()   # ids of what this test has written
        self.looked = 0     # where in the journal that has begun

    def say(self, *records):
        with open(self.folder / "journal", "a") as file:
            for record in records:
                file.write(json.dumps({**record, **TIME},
                                      separators=(",", ":")) + "\n")

    def begin(self, command, dry_run=False, steps=True, **members):
        self.runs += 1
        run = f"seed{self.runs}"
        self.mine.add(run)
        self.say({"type": "begin", "run": run, "command": command, "pid": 1,
                  "dry_run": dry_run, "targets": [], **members})
        if steps:
            self.say({"type": "plan", "run": run, "steps": STEPS},
                     {"type": "step", "run": run, "n": 1, "of": 2,
                      **STEPS[0], "state": "run"})
        return run

    def end(self, command, run, **members):
        ok = members.get("ok", False)
        self.say({"type": "step", "run": run, "n": 1, "of": 2, **STEPS[0],
                  "state": "ok" if ok else "ko", "seconds": 1.0},
                 {"type": "end", "run": run, "command": command, "ok": ok,
                  "exit": 0 if ok else 6,
                  "message": None if ok else "1 database is still in use",
                  **members})

    def journal(self):
        path = self.folder / "journal"
        lines = path.read_text().split("\n")[:-1] if path.exists() else []
        return [json.loads(line) for line in lines]

    def started(self):
        """Runs that were begun by a key since the last look, and change
        something."""
        path = self.folder / "journal"
        if not path.exists():
            return []
        with open(path, "rb") as file:
            file.seek(self.looked)
            lines = file.read().split(b"\n")[:-1]
        self.looked += sum(len(line) + 1 for line in lines)
        begun = [json.loads(line) for line in lines if b'"begin"' in line]
        return [r for r in begun
                if r["run"] not in self.mine and not r.get("dry_run")
                and OPERATIONS[r["command"]] != "NOTHING"]

    def runners(self):
        """Processes that may not have said their begin yet."""
        found = []
        for pid in self.pgrepup.processes():
            with contextlib.suppress(OSError):
                words = Path(f"/proc/{pid}/cmdline").read_bytes()
                found += [pid] if b"\0--runner\0" in words else []
        return found

    @contextlib.contextmanager
    def held(self, command, run):
        """As by a runner of another terminal, which lives."""
        with held_lock(self.folder, run=run, command=command):
            yield


@contextlib.contextmanager
def never(state, command):
    del state, command
    yield


def ended(dry_run=False, **members):
    @contextlib.contextmanager
    def seed(state, command):
        state.end(command, state.begin(command, dry_run), **members)
        yield
    return seed


@contextlib.contextmanager
def refused(state, command):
    """It found another at work, and said so among that one's records."""
    state.end(command, state.begin(command), ok=False)
    run = f"refused{state.runs}"
    state.mine.add(run)
    state.say({"type": "begin", "run": run, "command": command,
               "dry_run": False, "refused": True},
              {"type": "end", "run": run, "command": command, "ok": False,
               "exit": 6, "message": '"setup" runs'})
    yield


@contextlib.contextmanager
def died(state, command):
    state.begin(command)
    yield


def at_work(dry_run=False):
    @contextlib.contextmanager
    def seed(state, command):
        run = state.begin(command, dry_run)
        with state.held(command, run):
            yield
        state.end(command, run, ok=True)
    return seed


@contextlib.contextmanager
def behind_a_check(state, command):
    """What failed; and a check runs, behind which an answer would wait."""
    state.end(command, state.begin(command), ok=False)
    run = state.begin("check", steps=False)
    with state.held("check", run):
        yield
    state.say({"type": "end", "run": run, "command": "check", "ok": True,
               "exit": 0})


STATES = {
    "never": never,
    "done": ended(ok=True),
    "failed": ended(),
    "refused": refused,
    "paused": ended(paused=True, exit=7),
    "died": died,
    "dry-run-done": ended(True, ok=True),
    "dry-run-failed": ended(True),
    "at-work": at_work(),
    "dry-run-at-work": at_work(True),
    "behind-a-check": behind_a_check,
}


# -- a dashboard that is walked over

QUESTION = r'capital Y|more to read|Type "'
OVER = re.compile(QUESTION + r"|Enter, Esc|Esc close|Enter goes back|Esc: no|"
                  r"Enter: done|Space tick")


ESCAPES = re.compile("Esc: |Enter: done|Esc leave")


class Walker:
    def __init__(self, tmux, control, state):
        self.tmux, self.control, self.state = tmux, control, state
        self.pid = tmux.pid
        self.tty = os.open(tmux.flag("pane_tty"), os.O_RDWR | os.O_NOCTTY)
        self.expected = set()   # (screen, key) that must ask
        self.questions = set()  # and those that have asked

    def unread(self):
        """Bytes of keys that it has not taken yet."""
        return int.from_bytes(fcntl.ioctl(self.tty, termios.FIONREAD,
                                          bytes(4)), "little")

    def sleeps(self):
        stat = Path(f"/proc/{self.pid}/stat").read_text()
        return stat.rsplit(")", 1)[1].split()[0] == "S"

    def handled(self):
        """The screen, once every key that was sent is read and answered, and
        tmux has drawn that."""
        end, same, last = time.monotonic() + 10, 0, None
        while same < 3:
            assert time.monotonic() < end, self.control.screen()
            time.sleep(0.001)
            screen = self.control.screen()
            still = self.unread() == 0 and self.sleeps() and screen == last
            same, last = same + 1 if still else 0, screen
        return last

    @staticmethod
    def is_home(number, screen):
        return (f"[{number} {TITLES[number]}" in screen
                and "? help" in screen.split("\n")[-1]
                and not OVER.search(screen))

    def go_home(self, number):
        """Out of whatever a key has opened, saying yes to nothing: Enter
        leaves a question and what was printed, a number leaves text."""
        for turn in range(30):
            screen = self.handled()
            if self.is_home(number, screen):
                return
            if re.search(QUESTION + "|Enter goes back", screen):
                self.control.key("Enter")
            elif turn % 3 == 2 or ESCAPES.search(screen):
                self.control.key("Escape")
                self.tmux.settle(0.25)
            else:
                self.control.key(number)
        raise AssertionError(f"no way home to {number} from\n{screen}")

    def look(self, what):
        """Nothing was started that should have asked."""
        started = self.state.started()
        assert not started, f"{what} has started {started}"
        assert not (self.state.folder / "pause").exists(), \
            f"{what} has paused what runs"

    def wait_for_question(self, what):
        try:
            self.wait(QUESTION)
        except AssertionError as caught:
            self.look(what)
            raise AssertionError(f"{what} does not ask on\n"
                                 f"{self.control.screen()}") from caught

    def press(self, number, key):
        if key == "Y":
            # which is an answer where a question is left
            self.tmux.settle(0.1)
        self.control.key(key)
        if (number, key) in self.expected:
            self.wait_for_question(f"{key} on screen {number}")
        if key == "w":
            # a process of its own writes it
            self.wait("Report: |report was written")
        screen = self.handled()
        if key == "/":
            self.control.key("Enter")
        # what failed, opened, has r as well
        if "r retry  y copy" in screen:
            self.control.key("r")
            screen = self.handled()
        if re.search(QUESTION, screen):
            self.questions.add((number, key))
        self.go_home(number)

    def wait(self, pattern):
        wait_for(lambda: re.search(pattern, self.control.screen()), 10,
                 pattern, 0.002)

    def says(self, key, words):
        self.control.key(key)
        self.wait(words)

    def click_bar(self):
        """The mouse, on every place of the bar and of the tabs."""
        self.says("m", "Mouse on")
        for row in (24, 2):
            self.control.send(b"".join(
                b"\x1b[<0;%d;%dM\x1b[<0;%d;%dm" % (x, row, x, row)
                for x in range(1, 81, 3)))
        self.handled()
        self.says("m", "Mouse off")

    def turn_view(self, steps):
        """v shows the steps of start, and the live panel again."""
        if ("v panel" in self.handled()) != steps:
            self.says("v", "v panel" if steps else "v steps")

    def walk(self, place, keys):
        """All keys on one screen, also the steps of start ("4v")."""
        number = place[0]
        self.go_home(number)
        # a check or plan that a key has begun is at work
        wait_for(lambda: not self.state.runners(), 60, "the end of all runners")
        for key in keys:
            if number == "4":
                self.turn_view(place.endswith("v"))
            self.press(number, key)
            self.look(f"{key} on screen {number}")
        self.click_bar()
        self.look(f"a click on screen {number}")


# which screen is shown is the walker's; q and ^C are pressed last
ELSEWHERE = {*"123456", *(f"F{n}" for n in range(2, 8)), "m", "v", "q", "C-c"}
KEYS = sorted({key for _, key, where, _ in key_rows() if where != "W"}
              - ELSEWHERE)


def unreachable(pgrepup):
    """Both servers refuse at once: what is started fails, in the journal."""
    pgrepup("config", "set", "security.encrypt=no", *(
        f"{side}.{key}" for side in ("source", "destination")
        for key in ("host=127.0.0.1", "port=1", "user=nobody")))


@contextlib.contextmanager
def dashboard(pgrepup, state):
    with Tmux(pgrepup, env={"EDITOR": "true"}) as tmux, \
            tmux.control() as control:
        tmux.wait_screen("1 Config")
        walker = Walker(tmux, control, state)
        walker.go_home("2")
        # it checks when it first shows the checklist
        wait_for(lambda: any(r["type"] == "end" for r in state.journal()), 30,
                 "the first check")
        tmux.wait_idle()
        yield walker
        os.close(walker.tty)


def quit_by(walker):
    """^C and q start nothing either, and leave."""
    walker.control.key("C-c")
    walker.tmux.wait_screen("Nothing runs")
    walker.control.key("q")
    assert walker.tmux.wait() == 0
    wait_for(lambda: not walker.state.runners(), 30, "the end of all runners")
    walker.look("quitting")


# where ! and r of the operation's own screen ask, and what is asked
def expected(command, name):
    if OPERATIONS[command] not in ("YES", "NAME") or command == "disable":
        return set()
    if name in ("at-work", "dry-run-at-work"):
        return set()
    number = SCREENS[command][0][0]
    again = name in ("failed", "refused", "paused", "died", "behind-a-check")
    return {(number, "!")} | ({(number, "r")} if again else set())


@pytest.mark.parametrize("name", STATES)
def test_no_key_starts_what_asks(pgrepup, name):
    unreachable(pgrepup)
    state = State(pgrepup)
    with dashboard(pgrepup, state) as walker:
        for command in OPERATIONS:
            walker.expected = expected(command, name)
            walker.questions.clear()
            with STATES[name](state, command):
                for place in SCREENS[command]:
                    walker.walk(place, KEYS)
                if name == "behind-a-check" and "2" in SCREENS[command]:
                    # the plan of a fix waits for its end
                    walker.says("C-c", "fix will not begin")
            assert walker.expected <= walker.questions, command
            walker.tmux.wait_idle()
        walker.go_home("1")
        walker.walk("1", [key for key in KEYS if key != "!"])
        quit_by(walker)


# -- answers, and what was typed too early

def begun(state, command):
    """Runs of that command that somebody else than this test has begun."""
    return [r for r in state.journal() if r["type"] == "begin"
            and r["command"] == command and r["run"] not in state.mine]


@pytest.fixture
def stop_failed(pgrepup):
    """A dashboard at a stop that has failed."""
    unreachable(pgrepup)
    state = State(pgrepup)
    with dashboard(pgrepup, state) as walker:
        state.end("stop", state.begin("stop"))
        walker.go_home("5")
        walker.tmux.wait_screen("stop +failed")
        yield walker


def answer(tmux):
    tmux.wait_screen('Type "pgrepup"')
    tmux.type("pgrepup")
    tmux.wait_screen("Enter: pgrepup")
    tmux.keys("Enter")


def test_a_name_typed_before_its_question_is_seen_answers_nothing(stop_failed):
    tmux = stop_failed.tmux
    for key in "!r":
        tmux.send(key.encode() + b"pgrepup\r")
        tmux.wait_screen("The last stop failed: 1 database is still in use")
        tmux.wait_screen(r'Type "pgrepup" and Enter: +Esc: no')
        tmux.settle()
        assert tmux.row(r'Type "pgrepup" and Enter: +Esc: no')
        tmux.keys("Escape")
        tmux.wait_gone('Type "pgrepup"')
    stop_failed.look("a name typed too early")
    tmux.keys("r")
    answer(tmux)
    wait_for(lambda: begun(stop_failed.state, "stop"), 30, "stop, once asked")


@pytest.mark.parametrize("at_once", [True, False])
def test_a_name_typed_where_nothing_is_asked_does_nothing(stop_failed,
                                                          at_once):
    """Why it is not asked stands in the place of the question, where letters
    mean nothing."""
    tmux, state = stop_failed.tmux, stop_failed.state
    with at_work()(state, "setup"):
        tmux.wait_screen("3 Setup >")
        if at_once:
            tmux.send(b"!pgrepup\r")
        else:
            tmux.keys("!", *"pgrepup")
        tmux.wait_screen('"setup" runs .*: one operation at a')
        tmux.settle()
        assert tmux.row("Enter, Esc close")
        tmux.keys("Enter")
        tmux.wait_gone("one operation at a")
        stop_failed.look("a name")
        # and where there is no such place, each letter asks at most
        tmux.keys(*"pgrepup", "Enter")
        tmux.settle()
        stop_failed.look("a name")
        tmux.keys("3", "p")
        tmux.wait_screen(r"Pause it\?")
        assert tmux.row("setup ends after the step that it is at")
        tmux.send(b"Y")
        wait_for((state.folder / "pause").exists, 10, "the wish to pause")
        tmux.keys("p")
        tmux.wait_screen(r"Let it go on instead\?")
        tmux.keys("Y")
        wait_for(lambda: not (state.folder / "pause").exists(), 10, "no wish")
    assert not state.started()


def test_a_question_is_void_when_something_was_done_meanwhile(stop_failed):
    tmux, state = stop_failed.tmux, stop_failed.state
    tmux.keys("!")
    tmux.wait_screen('Type "pgrepup"')
    tmux.type("pgrep")
    state.end("uninstall", state.begin("uninstall"), ok=True)
    tmux.wait_screen("Something else was run meanwhile")
    assert not tmux.row('Type "')
    tmux.type("up")
    tmux.keys("Enter")
    tmux.settle()
    stop_failed.look("an answer to what is out of date")
    # a check and a dry run have done nothing
    tmux.keys("5", "!")
    tmux.wait_screen('Type "pgrepup"')
    state.end("start", state.begin("start", True), ok=True)
    state.end("check", state.begin("check", steps=False), ok=True)
    tmux.wait_screen("2 Check")
    answer(tmux)
    wait_for(lambda: begun(state, "stop"), 30, "stop")


@pytest.mark.parametrize("meanwhile", [True, False])
def test_what_waits_behind_a_check_begins_if_nothing_else_did(stop_failed,
                                                             meanwhile):
    tmux, state = stop_failed.tmux, stop_failed.state
    with behind_a_check(state, "stop"):
        tmux.wait_screen("2 Check >")
        tmux.keys("r")
        answer(tmux)
        tmux.wait_screen("stop begins when the check has ended")
        if meanwhile:
            state.end("setup", state.begin("setup"), ok=True)
            tmux.wait_screen("3 Setup ok")
    if meanwhile:
        tmux.wait_screen("Something else was run meanwhile")
        tmux.settle()
        stop_failed.look("what has waited")
    else:
        wait_for(lambda: begun(state, "stop"), 30, "stop")


@pytest.mark.parametrize("setting", ["name=other", "destination.port=2"])
def test_an_answer_is_to_the_upgrade_that_was_shown(stop_failed, setting):
    """The file is of another one by the time that the name is typed, or that
    a key is pressed."""
    tmux, state = stop_failed.tmux, stop_failed.state
    tmux.keys("!")
    tmux.wait_screen('Type "pgrepup"')
    state.pgrepup("config", "set", setting)
    answer(tmux)
    tmux.wait_screen("Nothing was started: the configuration has changed")
    state.pgrepup("config", "set", "name=third")
    tmux.keys("!")
    tmux.wait_screen('that of\\s+"third"\\s+now')
    tmux.keys("!")
    tmux.wait_screen('Type "third"')
    tmux.keys("Escape")
    tmux.settle()
    begins = [json.loads(line) for path in
              state.folder.parent.glob("*/journal")
              for line in path.read_text().splitlines() if '"begin"' in line]
    assert not [r for r in begins if r["command"] == "stop"
                and r["run"] not in state.mine]


def test_a_runner_refuses_what_was_asked_of_another_upgrade(pgrepup):
    """The last moment, at which the file may be another one."""
    unreachable(pgrepup)
    request = {"type": "request", "command": "stop", "run": "x", "yes": True,
               "config": str(pgrepup.config), "upgrade": "pgrepup of old"}
    refused = pgrepup("--runner", input=json.dumps(request) + "\n\n\n\n",
                      check=3)
    assert "of another upgrade" in refused.stderr
    assert not (pgrepup.home / "state/pgrepup/pgrepup/journal").exists()


# -- of what

def test_what_is_taken_up_is_of_the_same_databases(stop_failed):
    tmux, state = stop_failed.tmux, stop_failed.state
    state.end("stop", state.begin("stop", only=["d1", "d 2"],
                                  options=["--no-refresh"]))
    tmux.wait_screen("stop +failed")
    tmux.wait_idle()
    tmux.keys("!")
    tmux.wait_screen('The last stop, of "d1", "d 2" only, failed')
    tmux.wait_screen("This one is of everything")
    tmux.keys("Escape")
    tmux.wait_gone("This one is of everything")
    tmux.keys("r")
    tmux.wait_screen('The last stop, of "d1", "d 2" only, failed')
    tmux.wait_screen("This takes it up again")
    tmux.wait_screen('Databases "d1", "d 2"')
    answer(tmux)
    wait_for(lambda: begun(state, "stop"), 30, "stop, once asked")
    assert begun(state, "stop")[0]["only"] == ["d1", "d 2"]
    assert begun(state, "stop")[0]["options"] == ["--no-refresh"]


def test_a_part_that_went_well_is_not_all(stop_failed):
    tmux, state = stop_failed.tmux, stop_failed.state
    state.end("stop", state.begin("stop", only=["d1"]), ok=True)
    tmux.wait_screen(r"\[5 Stop\]")
    state.end("stop", state.begin("stop"), ok=True)
    tmux.wait_screen(r"\[5 Stop ok\]")


def test_a_source_that_was_left_out_stays_out(stop_failed):
    tmux, state = stop_failed.tmux, stop_failed.state
    state.end("uninstall", state.begin("uninstall",
                                       options=["--without-source"]))
    tmux.keys("6")
    tmux.wait_screen("uninstall +failed")
    tmux.wait_idle()
    tmux.keys("r")
    tmux.wait_screen("The last uninstall without the source failed")
    tmux.wait_screen("or that it is not to ask")
    answer(tmux)
    wait_for(lambda: begun(state, "uninstall"), 30, "uninstall")
    assert begun(state, "uninstall")[0]["options"] == ["--without-source"]


# -- dry runs

def test_a_dry_run_is_named_as_one_and_taken_up_by_nothing(stop_failed):
    tmux, state = stop_failed.tmux, stop_failed.state
    state.end("stop", state.begin("stop"), ok=True)
    tmux.wait_screen(r"\[5 Stop ok\]")
    with at_work(True)(state, "stop"):
        tmux.wait_screen(r"\[5 Stop dry\]")
        tmux.wait_screen(r"stop \(dry run\) +step 1 of 2")
    tmux.wait_screen(r"stop \(dry run\) +done")
    run = state.begin("stop", True)
    state.end("stop", run, dry_run=True)
    tmux.wait_screen(r"stop \(dry run\) +failed")
    # the mark is that of the last one that was meant
    tmux.wait_screen(r"\[5 Stop ok\]")
    tmux.wait_screen("It was a dry run: nothing was changed")
    tmux.keys("r")
    tmux.wait_screen("Nothing has failed here: a dry run changes nothing")
    assert not tmux.row('Type "')
    tmux.keys("g", "Enter")
    tmux.wait_screen("What failed in a dry run")
    assert not tmux.row("r retry")
    tmux.keys("Escape", "L")
    tmux.wait_screen(r"stop \(dry run\) begins")
    tmux.wait_screen(r"stop \(dry run\): 1 database is still in use")
    assert f"stop (dry run)  ({run})" in state.pgrepup("log").stdout
    assert "dry run: 1 database is still" in state.pgrepup("report").stdout
    # a new dashboard opens at nothing, as nothing is to be taken up
    with Tmux(state.pgrepup) as other:
        other.wait_screen(r"\[2 Check")
    stop_failed.look("a dry run")


@pytest.mark.parametrize("asked, runs", [("", True), ("--dry-run", False)])
def test_a_command_follows_no_dry_run_for_the_real_one(pgrepup, asked, runs):
    """Nor the other way round: its "done" would be believed."""
    unreachable(pgrepup)
    state = State(pgrepup)
    with at_work(runs)(state, "stop"):
        refused = pgrepup("stop", "--yes", *filter(None, [asked]), check=6)
        assert "following" not in refused.stderr
        assert "runs" in refused.stderr
        same = pgrepup.spawn("stop", "--yes", *["--dry-run"] * runs)
        wait_for(lambda: "following it" in same.stderr.readline(), 20,
                 "who follows")
        same.kill()
        same.communicate()


# -- on servers

TABLES = """
CREATE TABLE t (id int PRIMARY KEY, x text);
INSERT INTO t SELECT g, 'row ' || g FROM generate_series(1, 100) g;
"""


class Journey:
    """Two servers that replicate, and what a terminal starts on them."""

    def __init__(self, made):
        self.made, self.pgrepup = made, made.pgrepup
        self.state = State(made.pgrepup)
        for name in ("app", "dwh"):
            made.source.psql(f"CREATE DATABASE {name}")
            made.source.psql(TABLES, name)
        self.pgrepup("config", "set", "databases_at_once=1")
        self.pgrepup("setup")
        self.pgrepup("start")

    def states(self):
        return {one["database"]: one["state"] for one in
                self.pgrepup.json("status", check=False)["databases"]}

    def is_replicating(self):
        return set(self.states().values()) == {"replicating"}

    def ends(self, command):
        return [r for r in self.state.journal() if r["type"] == "end"
                and r["command"] == command and not r.get("dry_run")]

    def no(self, tmux, key, pattern):
        """A key that asks what the pattern says; the answer is no."""
        n = len(self.state.journal())
        tmux.keys(key)
        tmux.wait_screen(pattern)
        tmux.wait_screen('Type "pgrepup"')
        tmux.settle()
        tmux.keys("Escape")
        tmux.wait_gone('Type "pgrepup"')
        assert not [r for r in self.state.journal()[n:]
                    if r["type"] == "begin"]


@pytest.fixture(params=[(13, 15), second((15, 17))], ids=lambda p: "%d-%d" % p)
def journey(request, pair):
    made = Journey(pair(*request.param))
    wait_for(made.is_replicating, 60, "replicating")
    yield made


def test_what_cannot_be_taken_back_is_asked_each_time(journey):
    made, pgrepup = journey.made, journey.pgrepup
    blocker = made.source.connect("app")
    with Tmux(pgrepup) as tmux:
        tmux.wait_screen(r"check: ", 60)
        tmux.wait_idle()
        dry_run_fails(journey, tmux)
        pgrepup("stop", "--yes", check=1)
        tmux.keys("5")
        tmux.wait_screen("stop +failed", 30)
        blocker.close()
        journey.no(tmux, "r", "The last stop failed: ")
        journey.no(tmux, "!", "The last stop failed: ")
        assert journey.is_replicating()
        pause_stop(journey, tmux)
        tmux.keys("q")
        assert tmux.wait() == 0
    paused = journey.states()
    assert "replicating" in paused.values()
    with Tmux(pgrepup) as tmux:
        tmux.wait_screen(r"\[5 Stop \|\|\]")
        tmux.wait_screen("stop +paused: r goes on")
        for key in "!r":
            journey.no(tmux, key, "The last stop was paused: this goes on")
        assert journey.states() == paused
        tmux.keys("!")
        answer(tmux)
        tmux.wait_screen("stop +done", 60)
        uninstall_fails(journey, tmux)
    assert journey.ends("uninstall")[-1]["ok"]


def dry_run_fails(journey, tmux):
    """From a shell; nothing of it is to be taken up."""
    journey.pgrepup("stop", "--dry-run", check=1)
    tmux.keys("5")
    tmux.wait_screen(r"stop \(dry run\) +failed")
    tmux.keys("r")
    tmux.wait_screen("a dry run changes nothing")
    journey.no(tmux, "!", r"^\W*Waits until the destination")
    assert not journey.ends("stop")


def pause_stop(journey, tmux):
    """In the middle of the hand-over."""
    made = journey.made
    lock = made.destination.connect("dwh", autocommit=False)
    lock.execute("LOCK TABLE t IN ACCESS EXCLUSIVE MODE")
    made.source.psql("INSERT INTO t VALUES (-1, 'late')", "dwh")
    tmux.keys("r")
    answer(tmux)
    tmux.wait_screen(r"RUN +dwh", 60)
    # typed by whom thinks that it asks still: nothing of it pauses
    tmux.keys(*"pgrepup")
    tmux.settle()
    assert not (journey.state.folder / "pause").exists()
    tmux.keys("5")
    tmux.wait_gone("capital Y")
    tmux.keys("p")
    tmux.wait_screen(r"Pause it\?")
    tmux.keys("Y")
    tmux.wait_screen("then it pauses")
    lock.commit()
    lock.close()
    tmux.wait_screen("stop +paused", 60)
    wait_for(lambda: not journey.state.runners(), 30, "its end")


def uninstall_fails(journey, tmux):
    """As a dry run, and as itself; then it is taken up."""
    made = journey.made
    made.destination.stop()
    journey.pgrepup("uninstall", "--dry-run", check=4)
    tmux.keys("6")
    tmux.wait_screen(r"uninstall \(dry run\) +failed", 30)
    tmux.keys("r")
    tmux.wait_screen("a dry run changes nothing")
    journey.pgrepup("uninstall", "--yes", check=4)
    tmux.wait_screen("uninstall +failed", 30)
    made.destination.start()
    for key in "r!":
        journey.no(tmux, key, "The last uninstall failed: ")
    tmux.keys("r")
    answer(tmux)
    tmux.wait_screen("uninstall +done", 60)
