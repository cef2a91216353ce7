# SPDX-License-Identifier: PostgreSQL
"""A server that answers what no server answers: whoever asked it says so and
ends, in bounded time and memory."""
import resource
import signal
from concurrent.futures import ThreadPoolExecutor

import pytest
from harness import FakeServer, wait_for
from harness.fake import ODD


def against(pgrepup, fake):
    pgrepup("config", "set", "security.encrypt=no",
            f"source=postgresql://postgres@127.0.0.1:{fake.port}/db",
            f"destination=postgresql://postgres@127.0.0.1:{fake.port}/db")


COMMANDS = [("config", "test", "source"), ("check",), ("status",)]


@pytest.mark.parametrize("odd", ODD)
def test_an_odd_answer_ends_the_command(pgrepup, odd):
    with FakeServer("17.1", odd) as fake, ThreadPoolExecutor() as pool:
        against(pgrepup, fake)
        for done in pool.map(lambda command: pgrepup(
                *command, check=False, timeout=60), COMMANDS):
            assert done.rc > 0, done
            assert "Sanitizer" not in done.output, done.output
            assert "runtime error" not in done.output, done.output
            if odd == "nulls":
                assert 'gave no value for "name"' in done.output, done.output
    # with all that sanitizers keep of what was freed
    assert resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss < 2 << 20


@pytest.mark.parametrize("odd", [o for o in ODD if "for ever" in o])
def test_a_flood_does_not_keep_a_runner_from_ending(pgrepup, odd):
    with FakeServer("17.1", odd) as fake:
        against(pgrepup, fake)
        face = pgrepup.spawn("check")
        wait_for(lambda: face.poll() is not None or list(
            pgrepup.home.glob("state/pgrepup/*/lock")), 30)
        face.send_signal(signal.SIGINT)
        wait_for(lambda: face.poll() is not None, 15, "its end")
