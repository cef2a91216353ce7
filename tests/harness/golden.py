# SPDX-License-Identifier: PostgreSQL
"""Golden screens: what a terminal shows, as text beside the tests.

    golden = Golden(tmux)
    golden.take("check")            # at every size of SIZES
    golden.problem("check", SIZES[0])       # None, or how it differs

PGREPUP_GOLDEN=write accepts what is shown, by writing the files; look at the
difference with git before you commit it. What varies from run to run is
replaced in one place, normal().
"""
import difflib
import os
import re
import time
from pathlib import Path

from .servers import TESTS

FOLDER = Path(TESTS) / "live" / "golden"
SIZES = [(80, 24), (40, 12), (200, 60)]
PATIENCE = 20   # seconds until a screen must be as accepted
# after so many that differ it is no delay, and the rest waits a moment each
DIFFERENT, MOMENT = 3, 2

# pattern, and what stands in its place; the first that matches wins
VARIES = [
    (r",? ?((falls|grows) [\d.]+ ?\w+/s|\bsteady\b)", ""),
    (r"(?<=Last minute  )-", ""),
    (r"\d{4}-\d\d-\d\d[T ]\d\d:\d\d(:\d\d)?(\.\d+)?Z?", "<time>"),
    (r"\b\d\d:\d\d:\d\d\b", "<time>"),
    (r"\b\d\d:\d\d(?=\s*$)", "<clock>"),
    (r"\b[0-9A-F]{1,8}/[0-9A-F]{5,8}\b", "<lsn>"),
    (r"\b5[0-9]{4}\b", "<port>"),
    (r"\b\d+(\.\d+)? ?([kMGT]B|bytes|B)(/s)?\b", "<bytes>"),
    (r">(\d+s|\d+m|\d+(d\d\dh|h\d\d|m\d\d))\b", "><took>"),
    (r"\b(\d+ ?(h|m|min) ?)?\d+(\.\d+)? ?(ms|s|min|h)\b", "<took>"),
    (r"\b\d+(d\d\dh|h\d\d|m\d\d)\b", "<took>"),
    (r"\b1[0-9]\.[\dx]+, /\S+", "<program>"),
    (r"\bprocess \d+\b", "process <pid>"),
    (r"(?<=apply )\d+(:\d+)?\b|(?<=manager )\d+\b", "<id>"),
    (r"\bhome\d\b", "homeN"),
]
# what may stand anywhere, and is always as wide: versions, whose minor parts
# have two digits for long, numbers in names, the end of a covered clock
PLAIN = [
    (r"\b(9\.[456]|1[0-8])\.\d+\b", r"\1.x"),
    (r"-(src|dst)\d\b", r"-\1N"),
    (r"(?<=[┐│─]):\d\d$", ":mm"),
]
# what the edge has cut: a number, with or without its unit; and all behind
# something that is not always as wide
CUT = [
    (r"(?<![\w/.])\d+([.:/]\d*)? ?([kMGT]B?|B|by?t?e?s?|ms?|min?|s|h)?\.\.$",
     ".."),
    (r"(<(?:took|bytes|lsn|id|pid)>)[^<>]*[^<>. ][^<>]*\.\.$", r"\1 .."),
]
# bars of a trend: more of them, and higher ones, the longer it is watched
TREND = re.compile("[▁▂▃▄▅▆▇█]")


def blur(line, width, pattern, token):
    """What stands in a column keeps the column's width, so that what follows
    it stays in place; in a sentence there is none to keep."""
    def replace(match):
        before, thing, after = match["before"], match["thing"], match["after"]
        goes_on = after == " " and line[match.end():][:1].islower()
        in_column = not goes_on and (len(before) > 1 or len(after) > 1)
        if in_column and len(after) > 2:            # to the left of it
            return before + token.ljust(len(thing + after) - 1) + " "
        at_end = not after and (len(line) >= width - 2 or
                                line[match.end():][:1] == "│")
        if in_column and (after or at_end):         # to the right of it
            return token.rjust(len(before + thing)) + after
        return before + token + after
    return re.sub(f"(?P<before> *)(?P<thing>{pattern})(?P<after> *)",
                  replace, line)


def cut(line, widths):
    """Each piece between pillars, where it was cut; pillars stay in place."""
    pieces = line.split("│")
    for n, piece in enumerate(pieces):
        text = piece.rstrip()
        if not text.endswith(".."):
            continue
        short = text
        for pattern, token in CUT:
            short = re.sub(pattern, token, short)
        if short != text:
            pieces[n] = short.ljust(widths[n] if n < len(pieces) - 1 else 0)
    return "│".join(pieces)


def normal(screen, width):
    lines = []
    for line in TREND.sub(" ", screen).split("\n"):
        widths = [len(piece) for piece in line.split("│")]
        for pattern, token in VARIES:
            line = blur(line, width, pattern, token)
        line = cut(line, widths)
        for pattern, token in PLAIN:
            line = re.sub(pattern, token, line)
        # the upper end of a plot's axis, which a flat one does not have
        lines.append("" if line.strip() == "<bytes>" else line.rstrip())
    return "\n".join(lines).rstrip() + "\n"


def path_of(name, size):
    return FOLDER / f"{name}.{size[0]}x{size[1]}.txt"


class Golden:
    """The screens of one terminal, compared as they are taken."""

    def __init__(self, tmux):
        self.tmux, self.problems, self.different = tmux, {}, 0
        self.write = os.environ.get("PGREPUP_GOLDEN") == "write"

    def take(self, name):
        for size in SIZES:
            self.tmux.resize(*size)
            take = self.accept if self.write else self.compare
            self.problems[name, size] = take(path_of(name, size), size)
        self.tmux.resize(*SIZES[0])
        self.tmux.settle()

    def accept(self, path, size):
        """What is as accepted stays; the rest is written once it has had its
        time, since it may still be drawn."""
        if self.compare(path, size):
            self.tmux.settle(quiet=1)
            assert self.size() == size
            FOLDER.mkdir(exist_ok=True)
            path.write_text(normal(self.tmux.screen(), size[0]))

    def compare(self, path, size):
        """It may still be on its way."""
        wanted = path.read_text() if path.exists() else ""
        patience = PATIENCE if self.different < DIFFERENT else MOMENT
        deadline = time.monotonic() + patience
        while True:
            shown = normal(self.tmux.screen(), size[0])
            if shown == wanted:
                return None
            if time.monotonic() > deadline:
                self.different += 1
                return "".join(difflib.unified_diff(
                    wanted.splitlines(True), shown.splitlines(True),
                    path.name, "shown"))
            time.sleep(0.05)

    def size(self):
        return tuple(int(self.tmux.flag(flag))
                     for flag in ("pane_width", "pane_height"))
