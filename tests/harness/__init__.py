# SPDX-License-Identifier: PostgreSQL
"""What the live tests are made of: servers, the program, a writer, and eyes
that compare. See tests/README.md."""
from .compare import (assert_same_catalog, assert_same_rows, catalog_snapshot,
                      sequences, table_hashes)
from .disk import Disk
from .fake import FakeServer
from .lock import held_lock
from .program import Pgrepup, Result, Terminal
from .servers import (BARE, DEBIAN, OLD, Clusters, Pair, Release, Server,
                      second)
from .tmux import Tmux
from .wait import wait_for
from .writer import Writer

__all__ = [
    "BARE", "DEBIAN", "OLD", "Clusters", "Disk", "FakeServer", "Pair",
    "Pgrepup", "Release", "Result", "Server", "Terminal", "Tmux", "Writer",
    "assert_same_catalog", "assert_same_rows", "catalog_snapshot",
    "held_lock", "second", "sequences", "table_hashes", "wait_for",
]
