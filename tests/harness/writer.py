# SPDX-License-Identifier: PostgreSQL
"""An application that writes all the time and knows what was acknowledged."""
import random
import threading
import time

import psycopg

from .wait import wait_for

TABLES = """
CREATE TABLE IF NOT EXISTS public.writer_item (
    id bigserial PRIMARY KEY, n int NOT NULL, t text NOT NULL);
CREATE TABLE IF NOT EXISTS public.writer_log (t text NOT NULL);
"""
INSERT = ("INSERT INTO public.writer_item (n, t) VALUES (%s, %s) "
          "RETURNING id")
UPDATE = "UPDATE public.writer_item SET n = %s WHERE id = %s"
DELETE = "DELETE FROM public.writer_item WHERE id = %s"
LOG = "INSERT INTO public.writer_log (t) VALUES (%s)"
READ = "SELECT id, n FROM public.writer_item"


class Account:
    """What one database must hold: rows by id, and how much was done."""

    def __init__(self):
        self.rows, self.logged, self.acknowledged = {}, 0, 0
        # asked for when the connection broke: nobody knows, the server does
        self.doubtful = 0


class Writer:
    """Writes to tables of its own in several databases of one server.

        with Writer(server, ["app", "sales"]) as writer:
            writer.wait_for_progress(100)
            ...
        writer.verify(destination)

    writer_item has a key and is inserted into, updated and deleted from;
    writer_log has none and is only inserted into. A lost connection is taken
    up again, any other error of a server is kept in errors. options are more
    libpq keywords, such as user and password.
    """

    def __init__(self, server, databases, pause=0.005, **options):
        self.server, self.pause, self.options = server, pause, options
        self.accounts = {db: Account() for db in databases}
        self.errors, self.threads = [], []
        self.stopping = threading.Event()

    def __enter__(self):
        return self.start()

    def __exit__(self, *_):
        self.stop()

    def start(self):
        for db in self.accounts:
            with self.server.connect(db, **self.options) as conn:
                conn.execute(TABLES)
        self.stopping.clear()
        for db, account in self.accounts.items():
            thread = threading.Thread(target=self.work, args=(db, account),
                                      name=f"writer {db}", daemon=True)
            thread.start()
            self.threads.append(thread)
        return self

    def stop(self):
        """Ends every connection; nothing is in flight afterwards."""
        self.stopping.set()
        for thread in self.threads:
            thread.join(60)
            assert not thread.is_alive(), f"{thread.name} does not end"
        self.threads.clear()

    def work(self, db, account):
        chance = random.Random(db)
        while not self.stopping.is_set():
            try:
                with self.server.connect(db, **self.options) as conn:
                    self.settle(conn, account)
                    while not self.stopping.wait(self.pause):
                        self.write_once(conn, account, chance)
            except psycopg.OperationalError as problem:
                # no SQLSTATE: the connection itself; else shut down or full,
                # and not a lock timeout or deadlock that somebody caused
                if not (problem.sqlstate or "08").startswith(
                        ("08", "57P", "53")):
                    self.errors.append(f"{db}: {problem!r}")
                self.stopping.wait(0.1)
            except Exception as problem:    # pylint: disable=broad-except
                self.errors.append(f"{db}: {problem!r}")
                self.stopping.wait(0.1)

    @staticmethod
    def write_once(conn, account, chance):
        """One transaction. doubtful stands until its answer is there."""
        dice, rows = chance.random(), account.rows
        account.doubtful += 1
        n = account.acknowledged
        if dice < 0.6 or not rows:
            (row,) = conn.execute(INSERT, [n, f"text {n}"]).fetchall()
            rows[row[0]] = n
        elif dice < 0.8:
            at = chance.choice(list(rows))
            conn.execute(UPDATE, [n, at])
            rows[at] = n
        elif dice < 0.9:
            at = chance.choice(list(rows))
            conn.execute(DELETE, [at])
            del rows[at]
        else:
            conn.execute(LOG, [f"line {n}"])
            account.logged += 1
        account.acknowledged += 1
        account.doubtful -= 1

    @staticmethod
    def settle(conn, account):
        """After a break: at most the one doubtful transaction may differ."""
        if not account.doubtful:
            return
        there = dict(conn.execute(READ).fetchall())
        logged = conn.execute("SELECT count(*) FROM public.writer_log"
                              ).fetchall()[0][0]
        ids = set(there) ^ set(account.rows)
        ids |= {i for i in set(there) & set(account.rows)
                if there[i] != account.rows[i]}
        if len(ids) + abs(logged - account.logged) > 1:
            raise AssertionError(f"lost after a break: rows {sorted(ids)}, "
                                 f"log {logged}, was {account.logged}")
        account.rows, account.logged, account.doubtful = there, logged, 0

    @property
    def acknowledged(self):
        return {db: a.acknowledged for db, a in self.accounts.items()}

    def wait_for_progress(self, transactions=50, timeout=60):
        """Until every database has acknowledged so many more."""
        before = self.acknowledged
        wait_for(lambda: self.errors or all(
            now >= before[db] + transactions
            for db, now in self.acknowledged.items()), timeout, "progress")
        self.check()

    def check(self):
        assert not self.errors, "the writer met " + "; ".join(self.errors[:3])

    def longest_pause(self, seconds):
        """Longest time without any acknowledged write, over so many seconds."""
        end, worst = time.monotonic() + seconds, 0.0
        count, since = sum(self.acknowledged.values()), time.monotonic()
        while time.monotonic() < end:
            now = sum(self.acknowledged.values())
            if now != count:
                count, since = now, time.monotonic()
            worst = max(worst, time.monotonic() - since)
            time.sleep(0.005)
        return worst

    def verify(self, server):
        """Every acknowledged write, and nothing else, is on that server.
        Call it after stop()."""
        assert not self.threads, "stop the writer first"
        self.check()
        for db, account in self.accounts.items():
            with server.connect(db) as conn:
                self.settle_last(db, conn, account)

    def settle_last(self, db, conn, account):
        there = dict(conn.execute(READ).fetchall())
        logged = conn.execute("SELECT count(*) FROM public.writer_log"
                              ).fetchall()[0][0]
        missing = {i: n for i, n in account.rows.items() if there.get(i) != n}
        extra = set(there) - set(account.rows)
        wrong = len(missing) + len(extra) + abs(logged - account.logged)
        assert wrong <= (1 if account.doubtful else 0), (
            f"{db}: {len(missing)} rows of {len(account.rows)} missing or "
            f"old {sorted(missing)[:5]}, {len(extra)} too many "
            f"{sorted(extra)[:5]}, log {logged} instead of {account.logged}")
