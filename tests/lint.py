#!/usr/bin/python3
# SPDX-License-Identifier: PostgreSQL
"""Rules of the source tree that no compiler checks; speaks TAP.

    tests/lint.py [SRCDIR [BUILDDIR]]

Each rule is one function: it yields what is wrong, and its docstring is the
name of the test. CC, CPPFLAGS and CFLAGS are those of the build.
"""
import concurrent.futures
import fnmatch
import os
import re
import shlex
import subprocess
import sys
from pathlib import Path

import hints

TOP = Path(sys.argv[1] if len(sys.argv) > 1 else
           Path(__file__).resolve().parent.parent).resolve()
BUILD = Path(sys.argv[2] if len(sys.argv) > 2 else ".").resolve()

# one library, one place: header -> files that may include it
LIBRARIES = {
    r"libpq-fe\.h|libpq-events\.h|libpq/.*|postgres_ext\.h|pg_config.*":
        r"src/pg[a-z_]*\.[ch]",
    r"libconfig\.h": r"src/conf[a-z_]*\.[ch]",
    r"sodium(/.*|\.h)": r"src/secret[a-z_]*\.[ch]",
    r"event2/.*|event\.h": r"src/loop[a-z_]*\.c",
    r"jansson\.h": r"src/record\.c",
    r"(ncurses\w*/)?(ncurses|curses|panel|form|menu)\.h": r"ui/term[a-z_]*\.[ch]",
    r"cmocka\.h": r"tests/unit/.*\.[ch]",
}
# the engine neither prints nor exits
ENGINE_NEVER = re.compile(
    r"(?<![\w.>])(printf|vprintf|puts|putchar|perror|exit|err|errx|warn|warnx)"
    r"\s*\(|\b(stdout|stderr)\b")
LINES_MAX, FUNCTION_MAX, COLUMNS_MAX = 500, 60, 80
VERSION_MIN, VERSION_MAX = 90400, 10**9
NEWEST = 189999     # of the servers that tests/sql_names.txt knows
SQL_NAME = re.compile(r"([a-z][a-z0-9_]*)(?:\.(\d*)-(\d*))?\.sql")


def files(*patterns):
    return sorted(p for pattern in patterns for p in TOP.glob(pattern)
                  if p.is_file())


def rel(path):
    return str(path.relative_to(TOP))


def code_of(path):
    """The text without comments and string contents, lines kept."""
    def blank(match):
        text = match.group(0)
        if text[0] == '"':
            return '""'
        if text[0] == "'":
            return "' '"
        return "\n" * text.count("\n")
    return re.sub(r'/\*.*?\*/|//[^\n]*|"(?:\\.|[^"\\\n])*"'
                  r"|'(?:\\.|[^'\\\n])+'", blank,
                  path.read_text(), flags=re.S)


def includes(path):
    return re.findall(r'^\s*#\s*include\s*[<"]([^>"]+)[>"]',
                      path.read_text(), re.M)


def sources():
    return files("src/*.[ch]", "ui/*.[ch]", "tests/unit/*.[ch]",
                 "tests/fuzz/*.[ch]")


def library_headers_are_included_in_one_place():
    """one library, one place"""
    for path in sources():
        for header in includes(path):
            for library, place in LIBRARIES.items():
                if (re.fullmatch(library, header)
                        and not re.fullmatch(place, rel(path))):
                    yield f"{rel(path)}: includes <{header}>"


def engine_includes_no_face():
    """src never includes ui"""
    faces = {p.name for p in files("ui/*.h")}
    for path in files("src/*.[ch]"):
        own = {p.name for p in files("src/*.h")}
        for header in includes(path):
            if "ui/" in header or (header in faces and header not in own):
                yield f"{rel(path)}: includes \"{header}\""


def header_names_are_unique():
    """no header of ui has the name of one of src"""
    both = {p.name for p in files("ui/*.h")} & {
        p.name for p in files("src/*.h")}
    for name in sorted(both):
        yield f"ui/{name} and src/{name}"


def engine_never_prints_or_exits():
    """src never prints or exits"""
    for path in files("src/*.[ch]"):
        for at, line in enumerate(code_of(path).split("\n"), 1):
            if ENGINE_NEVER.search(line):
                yield f"{rel(path)}:{at}: {line.strip()}"


def files_are_short():
    """no C file is longer than 500 lines"""
    for path in sources():
        n = len(path.read_text().split("\n")) - 1
        if n > LINES_MAX:
            yield f"{rel(path)}: {n} lines"


def lines_are_short():
    """no line is longer than 80 columns, unless by a string"""
    for path in files("src/*.[ch]", "ui/*.[ch]"):
        for at, line in enumerate(path.read_text().split("\n"), 1):
            if len(line.expandtabs(8)) > COLUMNS_MAX and '"' not in line:
                yield f"{rel(path)}:{at}: {len(line.expandtabs(8))} columns"


def functions_are_short():
    """no function is longer than 60 lines"""
    for path in sources():
        began = None
        for at, line in enumerate(path.read_text().split("\n"), 1):
            if line == "{":
                began = at
            elif line == "}" and began:
                if at - began - 1 > FUNCTION_MAX:
                    yield f"{rel(path)}:{began}: {at - began - 1} lines"
                began = None


def files_say_what_they_are():
    """every source file begins with its licence and a comment"""
    for path in sources():
        lines = path.read_text().split("\n")
        if lines[0] != "/* SPDX-License-Identifier: PostgreSQL */":
            yield f"{rel(path)}: no SPDX line"
        elif not lines[1].startswith("/*"):
            yield f"{rel(path)}: no comment that says its purpose"


def flags_of_libraries():
    """What the preprocessor needs outside of a build, which configure would
    ask pkg-config."""
    names = re.findall(r"PKG_CHECK_MODULES\(\[\w+\], \[([^]]+)\]",
                       (TOP / "configure.ac").read_text())
    asked = ["pkg-config", "--cflags",
             *(word for name in names if name != "cmocka"
               for word in name.split())]
    try:
        return "-D_GNU_SOURCE " + subprocess.run(
            asked, text=True, capture_output=True, check=True).stdout
    except (OSError, subprocess.CalledProcessError) as error:
        raise LookupError(
            "no flags of the libraries: install pkg-config and what it "
            "misses, or let make run this (make check-fast)\n"
            f"{getattr(error, 'stderr', None) or error}") from error


def headers_compile_alone():
    """every header compiles alone"""
    try:
        flags = os.environ.get("CPPFLAGS") or flags_of_libraries()
    except LookupError as error:
        yield str(error)
        return
    command = (shlex.split(os.environ.get("CC", "cc")) + shlex.split(flags) +
               shlex.split(os.environ.get("CFLAGS", "-std=c11 -Wall")) +
               [f"-I{TOP}/src", f"-I{TOP}/ui",
                "-fsyntax-only", "-x", "c", "-"])

    def compile_one(path):
        text = f'#include "{path}"\n#include "{path}"\n'
        done = subprocess.run(command, input=text, text=True, cwd=BUILD,
                              capture_output=True, check=False)
        return rel(path), done.returncode, done.stderr

    with concurrent.futures.ThreadPoolExecutor(2) as pool:
        for name, status, errors in pool.map(
                compile_one, files("src/*.h", "ui/*.h")):
            if status != 0:
                yield f"{name}: {errors.strip()}"


def sources_are_listed():
    """every source file is listed in Makefile.am, and exists"""
    text = (TOP / "Makefile.am").read_text()
    lines = re.findall(r"^\t((?:src|ui)/\w+\.[ch]) \\$", text, re.M)
    lines += [f"{p}.c" for p in
              re.findall(r"^\t(tests/(?:unit/test|fuzz/fuzz)_\w+) \\$",
                         text, re.M)]
    listed = set(lines)
    for name in sorted(n for n in listed if lines.count(n) > 1):
        yield f"{name}: listed twice"
    there = {rel(p) for p in files("src/*.[ch]", "ui/*.[ch]",
                                   "tests/unit/test_*.c",
                                   "tests/fuzz/fuzz_*.c")}
    for name in sorted(there - listed):
        yield f"{name}: not listed"
    for name in sorted(listed - there):
        yield f"{name}: listed, does not exist"


def files_have_a_place_in_the_architecture():
    """every C file matches a name in the tables of doc/architecture.md"""
    text = (TOP / "doc/architecture.md").read_text()
    engine, faces = text.split("\n## The dashboard\n")
    for part, pattern in ((engine, "src/*.c"), (faces, "ui/*.c")):
        known = [name for row in re.findall(r"^\| (`.*?) \|", part, re.M)
                 for name in re.findall(r"`([\w*]+\.c)`", row)]
        for path in files(pattern):
            if not any(fnmatch.fnmatch(path.name, name) for name in known):
                yield f"{rel(path)}: has no row"
        for name in known:
            if not files(pattern.replace("*.c", name)):
                yield f"doc/architecture.md: no file is {name}"


def no_place_of_one_machine():
    """nothing names a path or an address of one machine"""
    bad = re.compile(r"(?<![\w.])/(?:work|home/\w+|root)/|"
                     r"/tmp/(?:w|wt|build-\w+)/")
    every = files("*", "src/*", "ui/*", "data/**/*", "doc/**/*", "tests/**/*",
                  ".ci/*")
    for path in every:
        if (path.suffix in (".o", ".pyc") or "__pycache__" in rel(path)
                or not path.name.endswith((".c", ".h", ".py", ".sh", ".sql",
                                           ".md", ".am", ".ac", ".awk", "run",
                                           "bootstrap", "pgclusters"))
                or path.name in ("lint.py", "Makefile.in")):
            continue
        for at, line in enumerate(path.read_text().split("\n"), 1):
            if bad.search(line):
                yield f"{rel(path)}:{at}: {line.strip()}"


# what frees memory with passwords in it, and the file that wipes it before
WIPED = {"config_destroy": "conf_tree.c", "PQconninfoFree": "pg_session.c"}


def passwords_are_wiped_before_they_are_freed():
    """what holds passwords is freed in the one place that wipes them"""
    for path in files("src/*.c"):
        for name, place in WIPED.items():
            if path.name != place and f"{name}(" in path.read_text():
                yield f"{rel(path)}: {name} is for {place}"


def sql_files_have_good_names():
    """every SQL file is NAME.sql or NAME.MIN-MAX.sql"""
    for path in files("data/sql/*.sql"):
        if not SQL_NAME.fullmatch(path.name):
            yield rel(path)


def only_of(path):
    """A first line "-- only: MIN-MAX" narrows what must be covered."""
    first = path.read_text().split("\n", 1)[0]
    match = re.fullmatch(r"--\s*only:\s*(\d*)-(\d*)\s*", first)
    if not match:
        return None
    return (int(match.group(1) or VERSION_MIN),
            int(match.group(2) or VERSION_MAX))


def sql_ranges_cover_every_version():
    """versions of each SQL statement have no gap and no overlap"""
    ranges, needed = {}, {}
    for path in files("data/sql/*.sql"):
        match = SQL_NAME.fullmatch(path.name)
        if not match:
            continue
        name, low, high = match.groups()
        ranges.setdefault(name, []).append(
            (int(low or VERSION_MIN), int(high or VERSION_MAX)))
        if only_of(path):
            needed[name] = only_of(path)
    for name, have in sorted(ranges.items()):
        at, end = needed.get(name, (VERSION_MIN, VERSION_MAX))
        for low, high in sorted(have):
            if low > high:
                yield f"{name}: {low}-{high} is no range"
            elif low > at and not same_gap(at, low):
                yield f"{name}: nothing from {at} to {low - 1}"
            elif low < at:
                yield f"{name}: more than one from {low} to {at - 1}"
            at = max(at, high + 1)
        if at <= end:
            yield f"{name}: nothing from {at} to {end}"


def same_gap(at, low):
    """No server has a version between, e.g. 90700 and 100000."""
    return at % 100 == 0 and at in range(90700, 100000) and low == 100000


def sql_text(path):
    """A statement without its comments, and with what it includes."""
    text = re.sub(r'^#include "(\w+)"$', lambda match:
                  (path.parent / f"{match.group(1)}.inc").read_text(),
                  path.read_text(), flags=re.M)
    return re.sub(r"--[^\n]*", "", text)


def sql_is_schema_qualified():
    """SQL names the catalogs with their schema"""
    bad = re.compile(r"\b(?:from|join)\s+(?:only\s+)?(pg_\w+)(?!\s*\.)\b(?!\.)",
                     re.I)
    for path in files("data/sql/*.sql"):
        text = re.sub(r"'(?:[^']|'')*'", "", sql_text(path))
        for match in bad.finditer(text):
            yield f"{rel(path)}: {match.group(0)}"


def sql_reads_no_view_of_an_extension():
    """SQL reads no view that is not the system's: sessions refuse those"""
    for path in files("data/sql/*.sql", "data/sql/*.inc"):
        for line in re.findall(r"^.*\bpglogical\.tables\b.*$", sql_text(path),
                               re.M):
            yield f"{rel(path)}: {line.strip()}"


def sql_sorts_downwards_by_name():
    """a column that is sorted downwards is named, as a number can slip"""
    bad = re.compile(r"\border\s+by\b[^()]*?\b\d+\s+desc\b", re.I)
    for path in files("data/sql/*.sql", "src/*.c"):
        for match in bad.finditer(re.sub(r"--[^\n]*", "", path.read_text())):
            yield f"{rel(path)}: {' '.join(match.group(0).split())}"


def sql_answers(path):
    """The columns that a statement says it answers, "name" or "owner?"."""
    lines = re.findall(r"^-- rows?: (.*)$", path.read_text(), re.M)
    return [name for name in ", ".join(lines).split(", ") if name]


def sql_tells_what_it_answers():
    """a statement names the columns that it answers, and what may be null"""
    for path in files("data/sql/*.sql"):
        said, text = sql_answers(path), sql_text(path)
        if not said and re.match(r"\s*(SELECT|WITH.*\nSELECT)\b", text, re.S):
            yield f"{rel(path)}: no line -- rows: NAME, NAME?"
        for name in said:
            if not re.search(rf"\b{re.escape(name.rstrip('?'))}\b", text, re.I):
                yield f"{rel(path)}: has no {name}"


# columns that an answer has or has not
NO_SUCH = ("what",)


def null_is_read_where_it_may_be():
    """only columns that may be null are read by what gives NULL"""
    null = {name[:-1] for path in files("data/sql/*.sql")
            for name in sql_answers(path) if name.endswith("?")}
    for path in files("src/*.c"):
        for name in re.findall(r'\browset_get\([^;"]*,\s*"([^"]+)"\)',
                               path.read_text()):
            if name not in null and name not in NO_SUCH:
                yield f"{rel(path)}: {name} is never null: rowset_text"


def sql_names():
    """{name: (first, last)} of what not every version has, and the same of
    syntax, which stands in quotes."""
    names, syntax = {}, {}
    text = re.sub(r"^#.*\n", "", (TOP / "tests/sql_names.txt").read_text(),
                  flags=re.M)
    for low, high, items in re.findall(
            r"^(\d*)-(\d*):((?:.*\n)(?:[ ].*\n)*)", text, re.M):
        versions = int(low or VERSION_MIN), int(high or VERSION_MAX)
        for quoted, word in re.findall(r'"([^"]+)"|(\S+)', items):
            (syntax if quoted else names)[quoted or word] = versions
    return names, syntax


def sql_is_known_to_its_versions():
    """SQL uses only what every version of its range has"""
    names, syntax = sql_names()
    for path in files("data/sql/*.sql"):
        low, high = SQL_NAME.fullmatch(path.name).groups()[1:]
        low, high = int(low or VERSION_MIN), int(high or VERSION_MAX)
        text = sql_text(path)
        found = {word: names[word] for word in
                 re.findall(r"\.(\w+)", re.sub(r"'(?:[^']|'')*'", "", text))
                 if word in names}
        found.update({phrase: versions for phrase, versions in syntax.items()
                      if phrase in " ".join(text.split())})
        for name, (first, last) in sorted(found.items()):
            if low < first or min(high, NEWEST) > last:
                end = last if last < VERSION_MAX else ""
                yield f"{rel(path)}: {name} is only in {first}-{end}"


def sql_of_the_engine_is_known_to_every_version():
    """the engine's own SQL uses no syntax that some version lacks"""
    syntax = sql_names()[1]
    for path in files("src/*.c"):
        text = re.sub(r'"\s*"', "", path.read_text())
        for string in re.findall(r'"((?:\\.|[^"\\\n])*)"', text):
            for phrase, (first, _) in syntax.items():
                if phrase in string:
                    yield f'{rel(path)}: "{phrase}" is not before {first}'


def statements_exist():
    """every statement that is asked for has its file, and is asked for"""
    names = {path.name.split(".")[0] for path in files("data/sql/*.sql")}
    asked = re.compile(r'\bpg_ask(?:_value)?\(\s*[^,;"]+,\s*"(\w+)"')
    said = set()
    for path in sources():
        text = path.read_text()
        said |= set(re.findall(r'"(\w+)"', text))
        for name in asked.findall(text):
            if name not in names:
                yield f"{rel(path)}: no data/sql/{name}.sql"
    for name in sorted(names - said):
        yield f"data/sql/{name}: nobody asks for it"


# what no server at hand can show: its rule is tested without one
NOT_LIVE = {"snapshots": "tests/unit/test_advisory.c"}


def live_tests():
    """The texts of the live tests, one a function with its decorators."""
    for path in files("tests/live/test_*.py"):
        yield from re.findall(r"^(?:@.*\n(?:[ )\]].*\n)*)*def test_\w+(?:.*\n)"
                              r"(?:(?:[ )].*)?\n)*", path.read_text(), re.M)


def checks_are_tested():
    """each check has a live test where it speaks and one where it does not"""
    tests = list(live_tests())
    ids = [name for path in files("src/check_rows*.c")
           for name in re.findall(r'\.id = "(\w+)"', path.read_text())]
    for name in sorted(set(ids) - NOT_LIVE.keys()):
        its = [text for text in tests if re.search(rf"\b{name}\b", text)]
        if not any(re.search(r'"(ko|warn)"|\bbad\b|== \[(?!\])', text)
                   for text in its):
            yield f"{name}: no live test in which it is KO or WARN"
        if not any(re.search(r'"ok"|== \[\]', text) for text in its):
            yield f"{name}: no live test in which it is OK or says nothing"
    for name in NOT_LIVE.keys() - set(ids):
        yield f"{name}: no check has that id"


def commands_that_are_named_work():
    """commands and options that a message names are those of the program"""
    messages = hints.Messages(TOP)
    program = BUILD / "pgrepup"
    program = program if program.exists() else None
    for place, command in messages.named():
        why = messages.wrong(command, program)
        if why:
            yield f"{place}: `{command}`: {why}"
    for place, option in messages.loose_options():
        if option not in messages.options:
            yield f"{place}: there is no --{option}"


def operations_have_their_places():
    """each operation has a sub-command, a heading and a test of its guard"""
    rows = re.findall(r"\{\.name = \"(\w+)\"(.*?)\}",
                      (TOP / "src/operation.c").read_text(), re.S)
    places = [("ui/main.c", r'\.name = "%s"'),
              ("ui/plain_records.c", r'\{"%s", '),
              ("tests/live/test_one_upgrade.py", r'\["%s"[],]')]
    for name, rest in rows:
        # what is not guarded changes nothing, and any upgrade may do it
        for path, pattern in places if "guarded" in rest else places[:1]:
            if not re.search(pattern % name, (TOP / path).read_text()):
                yield f"{name}: nothing of it in {path}"


def changes_are_undone():
    """each kind of change in src/registry.h has a row in src/undo.c"""
    kinds = re.findall(r"#define (CHANGE_\w+) ",
                       (TOP / "src/registry.h").read_text())
    rows = re.findall(r"\.kind = (CHANGE_\w+)",
                      (TOP / "src/undo.c").read_text())
    for kind in kinds:
        if kind not in rows:
            yield f"{kind}: no row"


def no_promises():
    """no comment promises later work"""
    bad = re.compile(r"\b(TO" r"DO|FIX" r"ME|XX" r"X)\b")
    for path in sources() + files("data/sql/*", "tests/**/*.py", "tests/*.sh"):
        for at, line in enumerate(path.read_text().split("\n"), 1):
            if bad.search(line):
                yield f"{rel(path)}:{at}: {line.strip()}"


RULES = (
    library_headers_are_included_in_one_place,
    engine_includes_no_face,
    header_names_are_unique,
    engine_never_prints_or_exits,
    files_are_short,
    lines_are_short,
    functions_are_short,
    files_say_what_they_are,
    headers_compile_alone,
    sources_are_listed,
    files_have_a_place_in_the_architecture,
    no_place_of_one_machine,
    passwords_are_wiped_before_they_are_freed,
    sql_files_have_good_names,
    sql_ranges_cover_every_version,
    sql_is_schema_qualified,
    sql_reads_no_view_of_an_extension,
    sql_sorts_downwards_by_name,
    sql_tells_what_it_answers,
    null_is_read_where_it_may_be,
    sql_is_known_to_its_versions,
    sql_of_the_engine_is_known_to_every_version,
    statements_exist,
    checks_are_tested,
    commands_that_are_named_work,
    operations_have_their_places,
    changes_are_undone,
    no_promises,
)


def main():
    print(f"1..{len(RULES)}")
    failed = False
    for number, rule in enumerate(RULES, 1):
        wrong = list(rule())
        failed = failed or bool(wrong)
        print(f"{'not ok' if wrong else 'ok'} {number} - {rule.__doc__}")
        for line in wrong:
            print("\n".join("#   " + part for part in line.split("\n")))
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
