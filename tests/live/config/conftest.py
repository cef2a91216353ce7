# SPDX-License-Identifier: PostgreSQL
"""Servers and files of the tests of `pgrepup config`."""
import pytest
from harness.configs import PASSPHRASE, side


@pytest.fixture(scope="module")
def server(clusters):
    one = clusters.server(17)
    yield one
    one.destroy()


@pytest.fixture(scope="module")
def other(clusters):
    one = clusters.server(18)
    yield one
    one.destroy()


@pytest.fixture
def passphrase_file(pgrepup):
    path = pgrepup.home / "passphrase"
    path.write_text(PASSPHRASE + "\n")
    path.chmod(0o600)
    return path


@pytest.fixture
def sealed(pgrepup, server, other, passphrase_file):
    """From the one server to the other; the passwords are sealed."""
    pgrepup("config", "set", *side("source", server),
            *side("destination", other), "source.password=-",
            "destination.password=-", "security.encrypt=yes",
            f"--passphrase-file={passphrase_file}",
            input=f"{server.password}\n{other.password}\n")
    return pgrepup
