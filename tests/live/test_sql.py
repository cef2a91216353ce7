# SPDX-License-Identifier: PostgreSQL
"""Every statement of data/sql is one that the servers of its range accept."""
import re
from pathlib import Path

import pytest

SQL = Path(__file__).resolve().parents[2] / "data" / "sql"
NAME = re.compile(r"([a-z][a-z0-9_]*)(?:\.(\d*)-(\d*))?\.sql")


def statements(version):
    """{name: text} of what the catalog has for that server_version_num."""
    found = {}
    for path in sorted(SQL.glob("*.sql")):
        name, low, high = NAME.fullmatch(path.name).groups()
        if int(low or 0) <= version <= int(high or 10**9):
            found[name] = path.read_text()
    return found


def prepare(conn, text):
    """What the server says against a statement; None when it accepts it.
    By the protocol: PREPARE takes no utility statements."""
    result = conn.pgconn.prepare(b"", text.encode())
    message = result.error_message.decode()
    return message or None


@pytest.mark.parametrize("version", [13, 15, 17, 18])
def test_every_statement_is_accepted(server, version):
    one = server(version)
    one.psql("CREATE EXTENSION pglogical")
    one.psql((SQL / "registry_create.sql").read_text())
    number = int(one.setting("server_version_num"))
    with one.connect(options="-c search_path=") as conn:
        assert "no_such_column" in prepare(conn, "SELECT no_such_column")
        wrong = {name: said for name, text in statements(number).items()
                 if (said := prepare(conn, text))}
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
