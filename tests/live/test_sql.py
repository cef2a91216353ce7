# SPDX-License-Identifier: PostgreSQL
"""Every statement of data/sql is one that the servers of its range accept."""
import re
from pathlib import Path

import psycopg
import pytest
from harness import BARE, DEBIAN, OLD

SQL = Path(__file__).resolve().parents[2] / "data" / "sql"
NAME = re.compile(r"([a-z][a-z0-9_]*)(?:\.(\d*)-(\d*))?\.sql")


def read_sql(path):
    """A statement as the program has it: with what it includes."""
    return re.sub(r'^#include "(\w+)"$', lambda match:
                  (SQL / f"{match.group(1)}.inc").read_text(),
                  path.read_text(), flags=re.M)


def statements(version):
    """{name: text} of what the catalog has for that server_version_num."""
    found = {}
    for path in sorted(SQL.glob("*.sql")):
        name, low, high = NAME.fullmatch(path.name).groups()
        if int(low or 0) <= version <= int(high or 10**9):
            found[name] = read_sql(path)
    return found


def ask(conn, name, *values):
    """The rows of the only statement of that name, whatever its range."""
    path, = [one for one in SQL.glob(f"{name}.*")
             if NAME.fullmatch(one.name)]
    done = conn.pgconn.exec_params(read_sql(path).encode(),
                                   [value.encode() for value in values])
    assert done.status == psycopg.pq.ExecStatus.TUPLES_OK, done.error_message
    rows = [[done.get_value(i, k) for k in range(done.nfields)]
            for i in range(done.ntuples)]
    return [tuple(None if value is None else value.decode() for value in row)
            for row in rows]


# a value of each type of parameter, of things that are there
SAMPLES = {"text": "public", "name": "postgres", "oid": "1259", "bigint": "1",
           "boolean": "true", "text[]": "{postgres,public}", "integer": "0",
           "character varying": "public", "double precision": "1",
           "pg_lsn": "0/1", "regclass": "pg_catalog.pg_class",
           "bytea": "\\x00"}
# what says that the statement itself is wrong, whatever the values
WRONG = ("42601", "42703", "42883", "42725", "42804", "42846", "42P18",
         "42P08", "42P10", "42803", "42P20", "0A000", "22P02")


def run(conn, text):
    """What the server says against a statement when it is run, as far as it
    is the statement's fault: objects named by samples may be missing."""
    conn.execute("BEGIN")
    try:
        return run_now(conn, text)
    finally:
        conn.execute("ROLLBACK")


def run_now(conn, text):
    prepared = conn.pgconn.prepare(b"", text.encode())
    if prepared.error_message:
        return prepared.error_message.decode()
    described = conn.pgconn.describe_prepared(b"")
    types = [conn.execute("SELECT pg_catalog.format_type(%s, NULL)",
                          [described.param_type(i)]).fetchall()[0][0]
             for i in range(described.nparams)]
    conn.pgconn.prepare(b"", text.encode())
    values = [SAMPLES[type].encode() for type in types]
    result = conn.pgconn.exec_prepared(b"", values)
    state = (result.error_field(psycopg.pq.DiagnosticField.SQLSTATE)
             or b"").decode()
    return result.error_message.decode() if state in WRONG else None


def prepare(conn, text):
    """What the server says against a statement; None when it accepts it.
    By the protocol: PREPARE takes no utility statements."""
    result = conn.pgconn.prepare(b"", text.encode())
    message = result.error_message.decode()
    return message or None


def ready(server, version):
    """A server with all that statements speak of; returns also those of its
    version. Those of pglogical are left out where it cannot be had."""
    one = server(version)
    has_pglogical = version in DEBIAN + OLD
    if version < 9.5:
        one.psql("CREATE EXTENSION pglogical_origin")
    if has_pglogical:
        one.psql("CREATE EXTENSION pglogical")
    one.psql((SQL / "registry_create.sql").read_text())
    number = int(one.setting("server_version_num"))
    return one, {name: text for name, text in statements(number).items()
                 if has_pglogical or "pglogical." not in text}


def said_of(text):
    """The columns that a statement's file says it answers; see its README."""
    said = re.findall(r"^-- rows?: (.*)$", text, flags=re.M)
    return [name.rstrip("?") for name in ", ".join(said).split(", ") if name]


def differs(conn, text):
    """When what was prepared last has other columns: which they are."""
    found = conn.pgconn.describe_prepared(b"")
    names = [found.fname(i).decode() for i in range(found.nfields)]
    return names != said_of(text) and f"answers {names}"


@pytest.mark.parametrize("version", sorted(DEBIAN + BARE))
def test_every_statement_is_accepted(server, version):
    prepare_every_statement(server, version)


def prepare_every_statement(server, version):
    one, found = ready(server, version)
    with one.connect(options="-c search_path=") as conn:
        assert "no_such_column" in prepare(conn, "SELECT no_such_column")
        wrong = {name: said for name, text in found.items()
                 if (said := prepare(conn, text) or differs(conn, text))}
    assert not wrong, "\n".join(f"{n}: {said}" for n, said in wrong.items())


@pytest.mark.parametrize("version", sorted(DEBIAN + BARE))
def test_every_statement_runs(server, version):
    """Preparing does not see what a function says to its arguments."""
    run_every_statement(server, version)


def run_every_statement(server, version):
    one, found = ready(server, version)
    wrong = {}
    with one.connect(options="-c search_path=") as conn:
        assert "integer" in run(conn, "SELECT 'x'::text::integer")
        for name, text in found.items():
            if said := run(conn, text):
                wrong[name] = said
    assert not wrong, "\n".join(f"{n}: {said}" for n, said in wrong.items())


def test_each_range_has_a_statement():
    """Of names with ranges, exactly one text holds for each version."""
    for number in (90400, 90524, 90624, 100023, 110022, 120022, 130016,
                   140023, 150018, 160014, 170011, 180006):
        names = [NAME.fullmatch(path.name).group(1)
                 for path in SQL.glob("*.sql")
                 for _, low, high in [NAME.fullmatch(path.name).groups()]
                 if int(low or 0) <= number <= int(high or 10**9)]
        assert len(names) == len(set(names)), number
