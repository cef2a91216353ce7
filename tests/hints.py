#!/usr/bin/python3
# SPDX-License-Identifier: PostgreSQL
"""The commands that messages of the program name; run alone it lists them:

    tests/hints.py [SRCDIR]

What stands in `...` or "..." is a command to its end; elsewhere it goes as far
as words can be its own. lint.py holds each against the program's command line.
"""
import os
import re
import shlex
import subprocess
import sys
import tempfile
from functools import lru_cache
from pathlib import Path

TOKEN = re.compile(r"""/\*.*?\*/|//[^\n]*|'(?:\\.|[^'\\\n])+'"""
                   r'''|"((?:\\.|[^"\\\n])*)"|\\\n|\s+|.''', re.S)
ESCAPED = {"n": "\n", "t": "\t"}
# what a message lets its reader fill in, and what it is filled with here
SAMPLES = (("KEY=VALUE", "source.host=db1"), ("DATABASE", "app"),
           ("ADDRESS", "192.0.2.1"), ("FOLDER", "/folder"), ("FILE", "file"),
           ("NAME", "name"), ("...", ""))
# the same of what the program fills in, by what stands before it
FILLED = (("pgrepup %s%s", "pgrepup start"), ("pgrepup %s", "pgrepup start"),
          ("config set %s=", "config set source.host="),
          ("config set %s.", "config set source."),
          ("config test %s", "config test source"), ("ignore %s", "ignore all"),
          ("import %s", "import file"), ("fix %s", "fix wal_level"),
          ("--again %s", "--again --only=app"),
          ("start %s", "start --only=app"))
# what follows a command; of those that are not here: nothing
TARGET = r"(?:all|source|destination|local|{ids})(?:[@:]\S+)?"
ARGUMENTS = {
    "config": r"(?: set(?: [\w.]+=\S*)*| get(?: [\w.]+)*| import(?: \S+)?"
              r"| test(?: source| destination)?| passphrase(?: remove)?"
              r"| confirm)?",
    "check": rf"(?: {TARGET})*", "fix": rf"(?: {TARGET})*",
    "ignore": rf"(?: {TARGET})*", "status": r"(?: app)?",
    "pause": r"(?: off)?", "log": r"(?: \S+)?", "help": r"(?: [a-z]+)?",
}
OPTION = r"--[a-z][a-z-]+(?:=(?:'[^']*'|[^\s`,;:)\"]+))?"


def strings(path):
    """(line, text) of the string literals of a C file, joined as cc does."""
    text = path.read_text()
    parts, began = [], 0
    for match in TOKEN.finditer(text):
        token = match.group(0)
        if match.group(1) is not None:
            began = began or match.start() + 1
            parts.append(re.sub(r"\\(.)", lambda m: ESCAPED.get(
                m[1], m[1]), match.group(1), flags=re.S))
        elif parts and not token.isspace() and token[0] not in "/\\":
            yield text.count("\n", 0, began) + 1, "".join(parts)
            parts, began = [], 0


class Messages:
    """What the sources say, and what the program takes."""

    def __init__(self, top):
        self.top = Path(top)
        main = (self.top / "ui/main.c").read_text()
        self.commands = re.findall(r'\.name = "(\w+)",\n\t\t\.usage', main)
        self.ids = sorted({name for path in self.top.glob("src/check_rows*.c")
                           for name in re.findall(r'\.id = "(\w+)"',
                                                  path.read_text())})
        self.options = dict(self.read_options())

    def read_options(self):
        """(name, the commands that it is of; none: of all)."""
        texts = [text for _, text in strings(self.top / "ui/options.c")]
        rows = re.findall(r'\{\.name = "([a-z-]+)"', (
            self.top / "ui/options.c").read_text())
        for name in rows:
            help_ = next(text for text in texts[texts.index(name) + 1:]
                         if " " in text)
            of = re.findall(r"(?:^|; )([a-z]+(?:, [a-z]+)*)"
                            r"(?: --again| passphrase)?: ", help_)
            yield name, {word for part in of for word in part.split(", ")}

    def bare(self):
        """A command in the middle of a sentence."""
        words = "|".join((*self.ids, "set", "get", "test", "import", "confirm",
                          "off", "source", "destination", "%s"))
        return re.compile(rf"pgrepup (?:{'|'.join(self.commands)})\b(?:"
                          rf" (?:{OPTION}|[\w.%]+=[^\s,;)]*|(?:{words})\b))*")

    def named(self):
        """(place, command) of every command in a message."""
        bare = self.bare()
        for path in sorted((*self.top.glob("src/*.[ch]"),
                            *self.top.glob("ui/*.[ch]"),
                            *self.top.glob("data/*.def"))):
            for line, text in strings(path):
                place = f"{path.relative_to(self.top)}:{line}"
                for command in commands_in(text, bare):
                    yield place, command

    def loose_options(self):
        """(place, option) of every option in a sentence, of no program else."""
        for path in sorted((*self.top.glob("src/*.c"),
                            *self.top.glob("ui/*.c"))):
            for line, text in strings(path):
                text = re.sub(r"\bpg_\w+( --[\w=-]+)+", "", text)
                for option in re.findall(r"(?<![\w-])--([a-z][a-z-]*)", text):
                    if " " in text.strip():
                        yield f"{path.relative_to(self.top)}:{line}", option

    # -- what is wrong with one

    def wrong(self, command, program):
        """None, or why the command does not do what its reader wants."""
        words = shlex.split(filled(command))[1:]
        if words[:1] == ["-c"]:
            del words[:2]
        options = [word for word in words if word.startswith("--")]
        rest = [word for word in words if not word.startswith("--")]
        if not rest or rest[0] not in self.commands:
            return "no such command"
        pattern = ARGUMENTS.get(rest[0], "").replace(
            "{ids}", "|".join(self.ids))
        if not re.fullmatch(pattern, "".join(" " + w for w in rest[1:])):
            return f"{rest[0]} takes no such argument"
        for option in options:
            of = self.options.get(option[2:].split("=")[0])
            if of and rest[0] not in of:
                return f"{option} is not of {rest[0]}"
        if not program:
            return None
        return refused(program, *(words if words[:2] == ["config", "set"]
                                  else rest[:1] + options))


def commands_in(text, bare=None):
    """The commands that a text names, as they are to be typed."""
    quoted = re.compile(r'`(pgrepup\b[^`]*)(?:`|$)|"(pgrepup [^"]*)"')
    for match in quoted.finditer(text):
        yield match[1] or match[2]
    if bare:
        for match in bare.finditer(quoted.sub("", text)):
            yield match[0]


def filled(command):
    for what, sample in FILLED + SAMPLES:
        command = command.replace(what, sample)
    return command.replace("%s", "")    # options that may be none


@lru_cache(maxsize=None)
def refused(program, *words):
    """What the program's own command line says to it, None when it is taken.
    What changes a file alone is tried in a home of its own."""
    more = ["--help"]
    if words[:2] == ("config", "set") and len(words) > 2:
        more = ["--dry-run", "--passphrase-file=-"]
    with tempfile.TemporaryDirectory() as home:
        done = subprocess.run(
            [program, *words, *more], text=True, input="a new passphrase\n",
            env={**os.environ, "HOME": home, "PGREPUP_CONFIG": ""},
            capture_output=True, check=False)
    return done.stderr.strip() if done.returncode else None


def main():
    messages = Messages(sys.argv[1] if len(sys.argv) > 1 else
                        Path(__file__).resolve().parent.parent)
    for place, command in messages.named():
        print(f"{place:32} {command}")


if __name__ == "__main__":
    main()
