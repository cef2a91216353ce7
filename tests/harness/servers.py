# SPDX-License-Identifier: PostgreSQL
"""Real servers on loopback, by tests/pgclusters, in a home of their own."""
import concurrent.futures
import itertools
import os
import shutil
import socket
import subprocess
import threading
from functools import lru_cache
from pathlib import Path

import psycopg
import pytest

from .program import Pgrepup
from .wait import wait_for

TESTS = Path(__file__).resolve().parent.parent
PGCLUSTERS = TESTS / "pgclusters"
BINARIES = Path(os.environ.get("PGCLUSTERS_HOME") or
                Path(os.environ.get("TMPDIR", "/var/tmp")) / "pgclusters") / "pg"
USER, PASSWORD = "postgres", "secret"
DEBIAN = (13, 15, 17, 18)   # with pglogical and client programs; the others
BARE = (10, 11, 12, 14, 16)     # are servers only, where npm is there
class Release(float):
    """A minor release that stays as it is, where the major version is a number
    and its newest: "15.20" is no 15.2."""

    def __new__(cls, text):
        made = super().__new__(cls, text)
        made.text = text
        return made

    def __str__(self):
        return self.text

    def __format__(self, spec):
        return format(self.text, spec)


OLD = (9.4, 9.5, 9.6)   # with pglogical, where somebody has built them
OLD_SERVERS = os.environ.get("PGREPUP_OLD_SERVERS")


class Ports:
    """Free ports of one worker's range, handed out in turn."""

    def __init__(self, first, count):
        self.first, self.count, self.turn = first, count, 0
        self.lock = threading.Lock()

    def take(self):
        with self.lock:
            for _ in range(self.count):
                port = self.first + self.turn % self.count
                self.turn += 1
                with socket.socket() as probe:
                    probe.setsockopt(socket.SOL_SOCKET,
                                     socket.SO_REUSEADDR, 1)
                    try:
                        probe.bind(("127.0.0.1", port))
                    except OSError:
                        continue
                return port
        raise RuntimeError(f"no free port in {self.first}.."
                           f"{self.first + self.count - 1}")


class Server:
    """One cluster. Its superuser is postgres with the password "secret"."""

    host, user, password = "127.0.0.1", USER, PASSWORD

    def __init__(self, clusters, version, name, port):
        self.clusters, self.version = clusters, version     # 9.4 or 17
        self.name, self.port = name, port
        self.folder = clusters.home / "data" / name
        self.data = self.folder / "data"
        self.log_path = self.folder / "log"

    # -- life

    def start(self, *options, **settings):
        self.clusters.run("start", self.name, str(self.port), *options,
                          *(f"{k}={v}" for k, v in settings.items()))

    def stop(self):
        self.clusters.run("stop", self.name)

    def restart(self, **settings):
        self.stop()
        self.start(**settings)

    def kill(self):
        """Stops it as a crash would; start() recovers it."""
        self.clusters.pg_ctl(self, "stop", "-m", "immediate", "-w")

    def reload(self):
        """Returns when new connections find the new settings."""
        inside = {"host": str(self.folder / "run")}
        before = self.value("SELECT pg_conf_load_time()", **inside)
        self.query("SELECT pg_reload_conf()", **inside)
        wait_for(lambda: self.is_reloaded(before, inside), 20, "the reload")

    def is_reloaded(self, before, inside):
        try:
            return self.value("SELECT pg_conf_load_time()", **inside) > before
        except psycopg.OperationalError as problem:
            return "pg_hba.conf" in str(problem)

    def destroy(self):
        self.clusters.run("destroy", self.name)

    # -- asking

    def conninfo(self, db="postgres", **more):
        return psycopg.conninfo.make_conninfo(**{
            "host": self.host, "port": self.port, "dbname": db,
            "user": self.user, "password": self.password,
            "connect_timeout": 10, **more})

    def connect(self, db="postgres", autocommit=True, **more):
        """A psycopg connection (a context manager); more are libpq keywords."""
        return psycopg.connect(self.conninfo(db, **more),
                               autocommit=autocommit)

    def query(self, sql, params=None, db="postgres", **more):
        """The rows of one statement, as a list of tuples."""
        with self.connect(db, **more) as conn:
            cursor = conn.execute(sql, params)
            return cursor.fetchall() if cursor.description else []

    def value(self, sql, params=None, db="postgres", **more):
        """The first column of the only row."""
        rows = self.query(sql, params, db, **more)
        assert len(rows) == 1, f"{sql}: {len(rows)} rows"
        return rows[0][0]

    def psql(self, sql, db="postgres", *options):
        """Output of psql -At for a script; the first error fails."""
        done = subprocess.run(
            [str(client_bindir(self.version) / "psql"), "-X", "-A", "-t", "-q",
             "-v", "ON_ERROR_STOP=1", *options, "-d",
             self.conninfo(db, password=None)],
            env={**os.environ, "PGPASSWORD": self.password},
            input=sql, text=True, capture_output=True, timeout=300,
            check=False)
        assert done.returncode == 0, f"psql: {done.stderr}"
        return done.stdout.rstrip("\n")

    def psql_file(self, path, db="postgres"):
        return self.psql(Path(path).read_text(), db)

    def databases(self):
        """Every database that is no template and can be connected to."""
        return [name for (name,) in self.query(
            "SELECT datname FROM pg_database WHERE datallowconn AND NOT "
            "datistemplate ORDER BY datname")]

    def setting(self, name, db="postgres"):
        return self.value("SELECT current_setting(%s)", [name], db)

    @property
    def log(self):
        return self.log_path.read_text(errors="replace")

    # -- pg_hba.conf

    @property
    def hba(self):
        return (self.data / "pg_hba.conf").read_text()

    @hba.setter
    def hba(self, text):
        """Replaces pg_hba.conf and lets the server read it."""
        path = self.data / "pg_hba.conf"
        owner = path.stat()
        path.write_text(text)
        os.chown(path, owner.st_uid, owner.st_gid)
        self.reload()


class Pair:
    """A source, a destination and a pgrepup that is configured for both."""

    def __init__(self, source, destination, program):
        self.source, self.destination = source, destination
        self.pgrepup = program

    def destroy(self):
        self.pgrepup.close()
        for server in (self.source, self.destination):
            server.destroy()


class Clusters:
    """The servers of one worker: a PGCLUSTERS_HOME with shared binaries."""

    def __init__(self, home, first_port, n_ports):
        self.home = Path(home)
        self.ports = Ports(first_port, n_ports)
        self.numbers = itertools.count(1)
        self.programs = []
        (self.home / "data").mkdir(parents=True, exist_ok=True)
        for folder in (self.home, self.home / "data"):
            folder.chmod(0o755)
        if not (self.home / "pg").exists():
            (self.home / "pg").symlink_to(BINARIES)

    def run(self, *args):
        done = subprocess.run(
            [str(PGCLUSTERS), *args], text=True, stdin=subprocess.DEVNULL,
            env={**os.environ, "PGCLUSTERS_HOME": str(self.home),
                 "PGCLUSTERS_PASSWORD": PASSWORD, "PGCLUSTERS_COPIES": "1"},
            capture_output=True, timeout=120, check=False)
        if done.returncode != 0:
            raise RuntimeError(f"pgclusters {' '.join(args)}: {done.stderr}")
        return done.stdout

    def pg_ctl(self, server, *args):
        argv = [str(bindir(server.version) / "pg_ctl"), "-s", "-D",
                str(server.data), *args]
        if os.getuid() == 0:
            owner = server.data.stat()
            argv = ["setpriv", f"--reuid={owner.st_uid}",
                    f"--regid={owner.st_gid}", "--clear-groups",
                    # libpq in it looks for certificates there
                    "env", f"HOME={server.folder}", *argv]
        subprocess.run(argv, check=True, stdin=subprocess.DEVNULL,
                       stdout=subprocess.DEVNULL, timeout=120)

    def server(self, version, side="x", bare=False, options=(), **settings):
        """A new cluster, started. side is only a part of its name."""
        require(version)
        server = Server(self, version,
                        f"{version}-{side}{next(self.numbers)}",
                        self.ports.take())
        if bare:
            options = ("--bare", *options)
        try:
            server.start(*options, **settings)
        except RuntimeError as problem:
            if "Address already in use" not in str(problem):
                raise
            server.port = self.ports.take()
            server.start(*options, **settings)
        return server

    def pair(self, source, destination, bare=False, configure=True,
             source_settings=None, destination_settings=None):
        """Two new clusters of these versions, and pgrepup for them.

        bare leaves the settings of replication as initdb has them (fsync
        is off in every cluster), so that checks fail;
        configure=False leaves the configuration file to the test.
        """
        require(source, destination)
        with concurrent.futures.ThreadPoolExecutor(2) as pool:
            futures = [pool.submit(self.server, version, side, bare,
                                   **(settings or {}))
                       for version, side, settings in (
                           (source, "src", source_settings),
                           (destination, "dst", destination_settings))]
        servers = [future.result() for future in futures]
        pair = Pair(*servers, self.program(client_bindir(destination)))
        if configure:
            pair.pgrepup.configure(pair)
        return pair

    def program(self, bin_dir=None):
        """pgrepup with a new, empty home."""
        program = Pgrepup(self.home / f"home{next(self.numbers)}", bin_dir)
        self.programs.append(program)
        return program

    def sanitizer_reports(self):
        return [text for program in self.programs
                for text in program.sanitizer_reports()]

    def destroy(self):
        for program in self.programs:
            program.close()
        self.run("destroy", "all")
        shutil.rmtree(self.home)


def second(*values):
    """One of parametrize that shows what another of the same test does, on
    another pair of versions: only check-matrix runs it."""
    return pytest.param(*values, marks=pytest.mark.matrix)


def require(*versions):
    """Skips the test when one of these is not there and no package of Debian
    has it."""
    for version in versions:
        if version in DEBIAN or folder_of(version).is_dir():
            continue
        # These come by npm, are built by hand, or are minor releases that no
        # suite keeps for long: whoever has none still runs all that Debian's
        # versions show, and the count says so.
        pytest.skip(f"no PostgreSQL {version} here: " +
                    ("PGREPUP_OLD_SERVERS names no folder that has it"
                     if version in OLD else
                     f"tests/pgclusters install {version} did not bring it"))


def folder_of(version):
    if version in OLD:
        return Path(OLD_SERVERS or "/nonexistent") / str(version) / "bin"
    return (BINARIES / str(version) / "usr/lib/postgresql"
            / str(int(version)) / "bin")


@lru_cache(maxsize=None)
def bindir(version):
    """Folder of that version's programs."""
    found = folder_of(version)
    if not found.is_dir():
        raise RuntimeError(f"PostgreSQL {version} is not installed: "
                           f"{PGCLUSTERS} install {version}")
    return found


@lru_cache(maxsize=None)
def client_bindir(version):
    """Folder of client programs that do for that version: its own, or those
    of the next newer one of Debian where it came without."""
    if (folder_of(version) / "pg_dump").exists():
        return bindir(version)
    return bindir(min(v for v in DEBIAN if v >= version))
