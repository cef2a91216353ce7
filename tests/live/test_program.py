# SPDX-License-Identifier: PostgreSQL
"""The program by itself: no server is needed."""


def test_help_names_the_commands(pgrepup):
    assert "help" in pgrepup("help").stdout
