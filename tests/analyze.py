#!/usr/bin/python3
# SPDX-License-Identifier: PostgreSQL
"""What analyzers find in src and ui, beside what was looked at; speaks TAP.

    tests/analyze.py [SRCDIR [BUILDDIR]]

What was looked at and is no fault stands in tests/analysis.txt, a paragraph
each: tool, check and file; the line of source; why. An entry that matches
nothing is an error. Analyzers of other versions than that list is of are
skipped, since they find other things. CPPFLAGS and CFLAGS are those of the
build.
"""
import concurrent.futures
import os
import re
import shlex
import subprocess
import sys
from collections import namedtuple
from pathlib import Path

TOP = Path(sys.argv[1] if len(sys.argv) > 1 else
           Path(__file__).resolve().parent.parent).resolve()
BUILD = Path(sys.argv[2] if len(sys.argv) > 2 else ".").resolve()
LIST = TOP / "tests/analysis.txt"
JOBS = len(os.sched_getaffinity(0))
PIECE = 12      # files for one process

# all of these but what finds only what is meant here
TIDY = [
    "-*", "bugprone-*", "cert-*", "clang-analyzer-*",
    "-bugprone-easily-swappable-parameters",    # texts are passed as texts
    "-bugprone-implicit-widening-of-multiplication-result",  # constants
    "-bugprone-macro-parentheses",  # names of members, in tables of rows
    "-bugprone-narrowing-conversions",  # the compiler's -Wconversion is finer
    "-bugprone-sizeof-expression",  # arrays of pointers are meant
    "-cert-err33-c",    # nothing follows from a message that was not printed
    "-cert-err34-c",    # versions are read by sscanf, which says how many
    # C11's Annex K, which no C library on Linux has
    "-clang-analyzer-security.insecureAPI.DeprecatedOrUnsafeBufferHandling",
    "-clang-analyzer-optin.performance.Padding",
]
# Paths that the analyzers look at: with all, a run would take six times as
# long, for the same findings.
NODES = 8000
# gcc's analyzer takes half a second a file: those that take apart what others
# wrote, and keep memory by hand
GCC = """
    child conf_file conf_hide conf_ini conf_seal conf_tree conf_value
    endpoint environment err hba_edit hba_parse hba_read internal_option io
    journal limit lock mem pg_answer pg_copy pgpass record restore restore_dump
    rowset runner_start secret server_log sqltext state_dir statement strbuf
    target tools_tmp
""".split()
FINDING = re.compile(r"^([^\s:]+):(\d+):(?:\d+:)? (?:warning|error): (.*?)"
                     r"(?: \[CWE-\d+\])? \[([\w.,-]+)\]$", re.M)

Finding = namedtuple("Finding", "tool check file line message")
Entry = namedtuple("Entry", "tool check file text at")


def sources():
    return sorted(rel(p) for folder in ("src", "ui")
                  for p in (TOP / folder).glob("*.c"))


def rel(path):
    return os.path.relpath(TOP / path, TOP)


def flags():
    """Those of the build that say what a file is, and no others."""
    words = shlex.split(" ".join(os.environ.get(name, "")
                                 for name in ("CPPFLAGS", "CFLAGS")))
    found = [w for w in words if re.match(r"-(I|D|std=)", w)]
    # relative to the build folder
    return [f"-I{BUILD / w[2:]}" if w.startswith("-I") else w for w in found]


def run(argv):
    done = subprocess.run(argv, cwd=TOP, text=True, errors="replace",
                          stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                          stderr=subprocess.STDOUT, timeout=600, check=False)
    return done.stdout


def cppcheck(files):
    includes = [w for w in flags() if w.startswith(("-I", "-D"))]
    return run(["cppcheck", "-q", "--std=c11", "--enable=warning,portability",
                "--inline-suppr", "--suppress=missingIncludeSystem",
                "--template={file}:{line}:{column}: warning: {message} [{id}]",
                *includes, *files])


def clang_tidy(files):
    nodes = ["-Xclang", "-analyzer-config", "-Xclang", f"max-nodes={NODES}"]
    return run(["clang-tidy", "-quiet", f"-checks={','.join(TIDY)}", *files,
                *(f"-extra-arg={w}" for w in nodes), "--", *flags()])


def gcc(files):
    return "".join(run(["gcc", "-fanalyzer", "-O1", "-c", "-o", "/dev/null",
                        "-fno-diagnostics-show-caret",
                        "-fdiagnostics-plain-output", *flags(), path])
                   for path in files)


TOOLS = {
    "cppcheck": (cppcheck, sources),
    "clang-tidy": (clang_tidy, sources),
    "gcc": (gcc, lambda: [f"src/{name}.c" for name in GCC]),
}


def version_of(tool):
    """Such as "14"; None: it is not there."""
    try:
        text = run([tool, "--version"])
    except OSError:
        return None
    number = re.search(r"\b(\d+)\.(\d+)(\.\d+)?", text)
    # of cppcheck each release finds other things
    return ".".join(number.groups()[:2]) if tool == "cppcheck" else number[1]


def findings_of(tool):
    analyze, files = TOOLS[tool]
    files = files()
    pieces = [files[i:i + PIECE] for i in range(0, len(files), PIECE)]
    with concurrent.futures.ThreadPoolExecutor(JOBS) as pool:
        texts = list(pool.map(analyze, pieces))
    found = {Finding(tool, check, rel(path), int(line), message)
             for text in texts
             for path, line, message, check in FINDING.findall(text)}
    broken = [line for text in texts for line in text.splitlines()
              if "clang-diagnostic-error" in line or "fatal error" in line]
    assert not broken, f"{tool} could not read: {broken[:3]}"
    return sorted(found)


def read_list():
    """Versions by tool, and entries."""
    head, *paragraphs = re.split(r"\n\s*\n", LIST.read_text().strip())
    versions = dict(re.findall(r"^version (\S+) (\S+)$", head, re.M))
    entries, at = [], head.count("\n") + 3
    for paragraph in paragraphs:
        first, text, reason = paragraph.split("\n", 2)
        assert reason.strip(), f"{LIST.name}:{at}: no reason"
        entries.append(Entry(*first.split(), text.strip(), at))
        at += paragraph.count("\n") + 2
    return versions, entries


def text_of(finding):
    return (TOP / finding.file).read_text().split("\n")[
        finding.line - 1].strip()


def fits(entry, finding):
    return (entry.tool, entry.check, entry.file, entry.text) == (
        finding.tool, finding.check, finding.file, text_of(finding))


def wrong_of(tool, entries):
    """What it finds that is not listed, and what is listed and not found."""
    found = findings_of(tool)
    for finding in found:
        if not any(fits(entry, finding) for entry in entries):
            yield (f"{finding.file}:{finding.line}: {finding.message} "
                   f"[{finding.check}]")
    for entry in entries:
        if entry.tool == tool and not any(fits(entry, f) for f in found):
            yield (f"tests/{LIST.name}:{entry.at}: nothing is found there "
                   f"any more: take it out")


def main():
    versions, entries = read_list()
    print(f"1..{len(TOOLS)}")
    bad = 0
    for number, tool in enumerate(TOOLS, 1):
        version = version_of(tool)
        name = f"{number} - {tool} finds nothing that is not listed"
        if version != versions[tool]:
            print(f"ok {name} # SKIP "
                  f"{f'this is {version}' if version else 'it is not there'}, "
                  f"the list is of {versions[tool]}", flush=True)
            continue
        wrong = list(wrong_of(tool, entries))
        bad += bool(wrong)
        print(f"{'not ok' if wrong else 'ok'} {name}")
        for line in wrong:
            print(f"#   {line}")
        sys.stdout.flush()
    return 1 if bad else 0


if __name__ == "__main__":
    sys.exit(main())
