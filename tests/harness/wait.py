# SPDX-License-Identifier: PostgreSQL
"""Waiting for a fact instead of sleeping."""
import time


def wait_for(fact, timeout=60, what=None, interval=0.05):
    """Calls fact until it returns something true, which is returned.

    An exception of fact counts as "not yet". After timeout seconds the test
    fails, with the last answer or exception.
    """
    deadline = time.monotonic() + timeout
    while True:
        last, problem = None, None
        try:
            last = fact()
            if last:
                return last
        except Exception as caught:     # pylint: disable=broad-except
            problem = caught
        if time.monotonic() >= deadline:
            name = what or getattr(fact, "__name__", "the fact")
            raise AssertionError(
                f"{name} did not come true in {timeout} s; last: "
                f"{problem if problem is not None else last!r}") from problem
        time.sleep(interval)
