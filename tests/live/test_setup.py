# SPDX-License-Identifier: PostgreSQL
"""setup: what it carries to the destination, what it refuses, and how it goes
on after a kill."""
import json
import os
import re
import signal
import stat
import time

import psycopg
import pytest
from harness import wait_for

# Everything of the cluster and its databases that setup must carry; without
# the role that is connected and the one that is pgrepup's own.
ROLES = """
SELECT rolname, rolsuper, rolinherit, rolcreaterole, rolcreatedb, rolcanlogin,
       rolreplication, rolbypassrls, rolconnlimit, rolpassword,
       rolvaliduntil::text, shobj_description(oid, 'pg_authid')
  FROM pg_authid
 WHERE rolname !~ '^pg_' AND rolname NOT IN ('postgres', 'pgrepup_replication')
"""
SETTINGS = """
SELECT d.datname, r.rolname, x
  FROM pg_db_role_setting s
  LEFT JOIN pg_database d ON d.oid = s.setdatabase
  LEFT JOIN pg_roles r ON r.oid = s.setrole,
       unnest(s.setconfig) x
 WHERE s.setdatabase <> 0 OR r.rolname <> 'postgres'
"""
DATABASES = """
SELECT datname, pg_get_userbyid(datdba), encoding, datcollate, datctype,
       datistemplate, datconnlimit,
       shobj_description(oid, 'pg_database')
  FROM pg_database
 WHERE datallowconn AND datname <> 'template1'
"""
GRANTS = """
SELECT datname, a.grantee::regrole::text, a.privilege_type, a.is_grantable
  FROM pg_database d,
       aclexplode(coalesce(datacl, acldefault('d', datdba))) a
 WHERE a.grantee <> datdba AND datname <> 'template1'
   AND a.grantee::regrole::text <> 'pgrepup_replication'
"""
MEMBERSHIPS = """
SELECT r.rolname, m.rolname, a.admin_option
  FROM pg_auth_members a
  JOIN pg_roles r ON r.oid = a.roleid
  JOIN pg_roles m ON m.oid = a.member
 WHERE m.rolname !~ '^pg_'
"""
COLUMNS = """
SELECT n.nspname, c.relname, c.relkind::text, pg_get_userbyid(c.relowner),
       a.attname, format_type(a.atttypid, a.atttypmod), a.attnotnull,
       pg_get_expr(d.adbin, d.adrelid)
  FROM pg_class c
  JOIN pg_namespace n ON n.oid = c.relnamespace
  LEFT JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0
       AND NOT a.attisdropped
  LEFT JOIN pg_attrdef d ON d.adrelid = a.attrelid AND d.adnum = a.attnum
 WHERE c.relkind IN ('r', 'p', 'v', 'm', 'f', 'S')
   AND n.nspname !~ '^pg_'
   AND n.nspname NOT IN ('information_schema', 'pgrepup', 'pglogical')
"""


def rows(server, sql, db="postgres"):
    return sorted(server.query(sql, db=db, options="-c timezone=UTC "
                               "-c search_path=pg_catalog"), key=repr)


def same(pair, sql, db="postgres"):
    ours, theirs = rows(pair.source, sql, db), rows(pair.destination, sql, db)
    assert ours == theirs
    assert ours, "nothing was compared"


def journal(pgrepup):
    path = pgrepup.home / "state/pgrepup/pgrepup/journal"
    lines = path.read_text().splitlines(True) if path.exists() else []
    return [json.loads(line) for line in lines if line.endswith("\n")]


def runner_pid(pgrepup):
    lock = pgrepup.home / "state/pgrepup/pgrepup/lock"
    return json.loads(lock.read_text())["pid"]


def saved_password(pgrepup):
    """The replication role's, from a configuration in clear."""
    text = pgrepup.config.read_text()
    return re.search(r'replication\s*[:=]\s*{[^}]*password = "(\w{32})"',
                     text)[1]


def fill(pair, fixtures):
    for name, db in (("globals.sql", "postgres"), ("testdb.sql", "testdb"),
                     ("weird.sql", "Weird-DB name")):
        pair.source.psql_file(fixtures / name, db)
    # no pglogical carries it (see check)
    pair.source.psql("DROP TABLE gen", "testdb")
    pair.source.psql_file(fixtures / "setup.sql")


@pytest.fixture(scope="module")
def done(clusters):
    """A hard source, set up."""
    from harness.servers import TESTS
    pair = clusters.pair(13, 17)
    fill(pair, TESTS / "fixtures")
    pair.pgrepup("fix", "--yes")
    pair.result = pair.pgrepup("setup", "--yes")
    yield pair
    pair.destroy()


group = pytest.mark.xdist_group("setup")


@group
@pytest.mark.parametrize("sql", [ROLES, MEMBERSHIPS],
                         ids=["roles", "memberships"])
def test_the_cluster_is_the_same_on_both_sides(done, sql):
    same(done, sql)


@group
def test_every_table_is_there_with_its_columns_and_owner(done):
    for db in done.source.databases():
        if db not in ("template1", "template0", "postgres", "two\nlines",
                      "UPPER \" 'x' \\ ключ=1"):
            same(done, COLUMNS, db)


@group
def test_the_connected_role_is_left_as_it_is(done):
    assert done.destination.value(
        "SELECT rolconfig FROM pg_roles WHERE rolname = 'postgres'") is None
    done.destination.value("SELECT 1")    # and its password


@group
def test_the_replication_role_has_the_least_rights(done):
    attributes = """SELECT rolsuper, rolreplication, rolcreatedb,
        rolcreaterole, rolbypassrls, rolcanlogin
        FROM pg_roles WHERE rolname = 'pgrepup_replication'"""
    assert done.source.query(attributes) == [
        (False, True, False, False, False, True)]
    assert done.destination.query(attributes) == [
        (False, False, False, False, False, True)]
    with pytest.raises(psycopg.errors.InsufficientPrivilege):
        done.source.query("SELECT * FROM animal", db="testdb",
                          user="pgrepup_replication",
                          password=saved_password(done.pgrepup))


@group
def test_the_replication_role_connects_where_public_may_not(done):
    assert done.source.value("SELECT 1", db="testdb",
                             user="pgrepup_replication",
                             password=saved_password(done.pgrepup)) == 1
    # there a fence is around it, but for the moment of the subscription
    assert done.destination.value("SELECT has_database_privilege("
                                  "'pgrepup_replication', 'testdb', "
                                  "'CONNECT')") is True


@group
def test_no_password_is_in_a_log_or_the_journal(done):
    password = saved_password(done.pgrepup)
    state = done.pgrepup.home / "state/pgrepup/pgrepup"
    texts = [done.source.log, done.destination.log, done.result.output,
             *(path.read_text(errors="replace") for path in state.iterdir()
               if path.is_file())]
    for text in texts:
        assert password not in text
        assert "SCRAM-SHA-256$" not in text
    assert stat.S_IMODE(done.pgrepup.config.stat().st_mode) == 0o600


@group
def test_nothing_stays_in_the_folder_for_temporary_files(done):
    assert list(done.pgrepup.tmp.iterdir()) == []


@group
def test_columns_of_pgrepup_are_recorded_on_the_destination_too(done):
    columns = """SELECT schema, name, part FROM pgrepup.change
                 WHERE kind = 'column'"""
    same(done, columns, "testdb")


@group
def test_run_again_it_changes_nothing(done):
    asked = (ROLES, SETTINGS, DATABASES, GRANTS, MEMBERSHIPS,
             "SELECT kind, name, part, state FROM pgrepup.change")
    before = [rows(done.destination, sql) for sql in asked]
    began = time.monotonic()
    done.pgrepup("setup")
    assert time.monotonic() - began < 30
    assert [rows(done.destination, sql) for sql in asked] == before


@group
def test_an_application_may_truncate_on_the_source(done):
    with done.source.connect("testdb") as conn:
        conn.execute("SET default_transaction_read_only = off")
        conn.execute("SET SESSION AUTHORIZATION scott")
        conn.execute("TRUNCATE empty_t")


@group
def test_a_role_that_pgrepup_did_not_make_is_refused(done):
    config = done.pgrepup.config.read_text()
    before = rows(done.source, ROLES)
    done.pgrepup("config", "set", "replication.user=scott")
    try:
        refused = done.pgrepup("setup", check=False)
        assert refused.rc == 6
        assert '"scott"' in refused.output
        assert rows(done.source, ROLES) == before
    finally:
        done.pgrepup.config.write_text(config)


@group
def test_a_lost_password_is_made_anew(done):
    old = saved_password(done.pgrepup)
    done.pgrepup("config", "set", "replication.password=-", input="\n")
    done.pgrepup("setup")
    new = saved_password(done.pgrepup)
    assert new != old
    for server in (done.source, done.destination):
        assert server.value("SELECT 1", user="pgrepup_replication",
                            password=new, db="template1") == 1


@group
def test_a_dry_run_changes_nothing(done):
    said = done.pgrepup("setup", "--dry-run", "--again").output
    assert "testdb" in said
    assert done.destination.value("SELECT state FROM pgrepup.load",
                                  db="testdb") == "prepared"


@group
def test_what_belongs_to_databases_is_the_same_when_handed_over(done):
    done.pgrepup("start")
    done.pgrepup("stop", "--yes")
    for sql in (SETTINGS, DATABASES, GRANTS):
        same(done, sql)


# --- one pair, a database for each test


@pytest.fixture(scope="module")
def shared(clusters):
    pair = clusters.pair(13, 17)
    yield pair
    pair.destroy()


class Small:
    """A database of its own on a pair that others use too, not yet set up."""

    def __init__(self, pair, name):
        self.name, self.pgrepup = name, pair.pgrepup
        self.source, self.destination = pair.source, pair.destination
        self.source.psql(f"CREATE DATABASE {name}")
        self.on_source("""
            CREATE TABLE t (id int PRIMARY KEY, x text);
            INSERT INTO t SELECT g, 'row ' || g FROM generate_series(1, 100) g;
            CREATE TABLE u (id serial PRIMARY KEY);
            CREATE VIEW v AS SELECT id FROM t;""")

    def on_source(self, sql):
        self.source.psql(sql, self.name)

    def ask(self, sql):
        """Rows of the destination's database."""
        return self.destination.query(sql, db=self.name)

    def value(self, sql):
        return self.ask(sql)[0][0]

    @property
    def state(self):
        return self.value("SELECT state FROM pgrepup.load")

    def run(self, command, *args, **more):
        return self.pgrepup(command, "--only", self.name, *args, **more)


@pytest.fixture
def small(shared, request):
    name = request.node.name.removeprefix("test_")[:30].rstrip("_")
    return Small(shared, name)


group_small = pytest.mark.xdist_group("setup-small")


@group_small
def test_a_refused_object_is_named_and_the_rest_goes_on(small):
    # gone from the view of PostgreSQL 17
    small.on_source("""CREATE VIEW "b'ad" AS
        SELECT buffers_backend FROM pg_stat_bgwriter;
        CREATE VIEW worse AS SELECT * FROM "b'ad";""")
    result = small.run("setup", "--json", check=5)
    errors = json.dumps(result.json["errors"])
    assert "VIEW public.b'ad" in errors
    assert "VIEW public.worse" in errors
    assert "buffers_backend" in errors
    assert "2 of" in errors
    assert small.value("SELECT count(*) FROM v") == 0
    assert small.state == "made"
    small.on_source("""DROP VIEW "b'ad" CASCADE""")
    small.run("setup")
    assert small.state == "prepared"


@group_small
def test_start_wants_all_of_setup(small):
    """What a database has besides it gets when it is handed over."""
    small.source.psql(f"""CREATE DATABASE spoiled;
        ALTER DATABASE {small.name} SET search_path = x, y;
        REVOKE CONNECT ON DATABASE {small.name} FROM PUBLIC""")
    small.source.psql("CREATE VIEW bad AS SELECT buffers_backend "
                      "FROM pg_stat_bgwriter", "spoiled")
    both = ["--only", small.name, "--only", "spoiled"]
    small.pgrepup("setup", *both, check=5)
    assert small.state == "schema"
    assert "not set up whole" in small.run("start", check=6).output
    small.source.psql("DROP VIEW bad", "spoiled")
    small.pgrepup("setup", *both)
    assert small.state == "prepared"
    small.run("start")
    assert small.destination.value(
        "SELECT count(*) FROM pg_db_role_setting s JOIN pg_database d ON "
        "d.oid = s.setdatabase WHERE datname = %s AND s.setconfig::text LIKE "
        "'%%search_path%%'", [small.name]) == 0


@group_small
def test_what_others_have_in_a_database_is_left_alone(small):
    small.destination.psql(f"CREATE DATABASE {small.name}")
    small.destination.psql("CREATE TABLE precious AS SELECT 1 AS x",
                           small.name)
    # found by check, or by setup itself
    for again in ([], ["--again", "--yes"]):
        refused = small.run("setup", *again, check=False)
        assert refused.rc in (1, 6), refused
        assert "precious" in refused.output
        assert small.value("SELECT x FROM precious") == 1


@group_small
def test_roles_of_the_destination_are_judged_and_not_altered(small):
    small.source.psql("""CREATE ROLE twin LOGIN CREATEDB PASSWORD 'a';
                         CREATE ROLE alike; CREATE ROLE fresh CREATEROLE""")
    small.destination.psql("""CREATE ROLE twin LOGIN PASSWORD 'b';
                              CREATE ROLE alike""")
    both = "SELECT * FROM pg_authid WHERE rolname IN ('twin', 'alike')"
    before = small.destination.query(both)
    said = small.run("setup").output
    assert re.search(r"twin.*WARN", said)
    assert "CREATEDB" in said
    assert small.destination.query(both) == before
    # one that setup made follows the source
    small.source.psql("ALTER ROLE fresh LOGIN CONNECTION LIMIT 3")
    small.run("setup")
    assert small.destination.query(
        """SELECT rolcanlogin, rolconnlimit, rolcreaterole
           FROM pg_roles WHERE rolname = 'fresh'""") == [(True, 3, True)]


@group_small
def test_a_changed_schema_is_refused_until_setup_again(small):
    small.run("setup")
    small.on_source("ALTER TABLE t ADD COLUMN y int DEFAULT 7")
    refused = small.run("setup", check=6)
    assert "public.t.y" in refused.output
    assert "setup --again" in refused.output
    small.run("setup", "--again", "--yes")
    small.run("start")
    assert small.value("SELECT sum(y) FROM t") == 700
    # and without a stop between, while it replicates
    small.on_source("ALTER TABLE t DROP COLUMN y")
    small.destination.psql("CREATE TABLE theirs (x int); "
                           "INSERT INTO theirs VALUES (1)", small.name)
    refused = small.run("setup", "--again", "--yes", check=6)
    assert "public.theirs" in refused.output
    assert small.value("SELECT x FROM theirs") == 1
    small.destination.psql("DROP TABLE theirs", small.name)
    small.run("setup", "--again", "--yes")
    assert small.source.query(
        "SELECT slot_name FROM pg_replication_slots WHERE database = %s",
        [small.name]) == []
    assert small.state == "prepared"
    small.run("start")
    assert small.value("SELECT count(*) FROM t") == 100


@group_small
def test_what_is_handed_over_is_emptied_only_when_named(small):
    for command in ("setup", "start", "stop"):
        small.run(command, "--yes")
    small.destination.psql("INSERT INTO t VALUES (1000, 'new truth')",
                           small.name)
    refused = small.run("setup", "--again", "--yes", check=6)
    assert f"--discard={small.name}" in refused.output
    small.run("setup", "--again", "--yes", "--discard=postgres", check=2)
    # nobody's session is in the way of its own data
    with small.destination.connect(small.name, application_name="their app"):
        busy = small.run("setup", "--again", "--yes",
                         f"--discard={small.name}", check=6)
    assert "their app" in busy.output
    assert small.value("SELECT x FROM t WHERE id = 1000") == "new truth"
    small.run("setup", "--again", "--yes", f"--discard={small.name}")
    assert small.value("SELECT count(*) FROM t") == 0
    assert small.state == "prepared"


@group_small
def test_tablespaces_are_made_at_the_same_place(small):
    # a folder that the servers' user owns
    folder = small.source.value("SELECT current_setting('data_directory')")
    space = os.path.join(os.path.dirname(folder), "space")
    owner = os.stat(folder)
    os.mkdir(space, 0o700)
    os.chown(space, owner.st_uid, owner.st_gid)
    small.source.psql(f"""CREATE TABLESPACE "my ts" LOCATION '{space}'""")
    small.source.psql("""ALTER TABLESPACE "my ts" SET (random_page_cost = 2);
        CREATE ROLE tenant; GRANT CREATE ON TABLESPACE "my ts" TO tenant;
        COMMENT ON TABLESPACE "my ts" IS 'fast'""")
    small.on_source("""CREATE TABLE far (id int PRIMARY KEY)
                           TABLESPACE "my ts";
                       CREATE TABLE near (id int PRIMARY KEY)""")
    small.run("setup")
    assert small.destination.query("""
        SELECT spcoptions, shobj_description(oid, 'pg_tablespace'),
               has_tablespace_privilege('tenant', oid, 'CREATE')
        FROM pg_tablespace WHERE spcname = 'my ts'""") == [
            (["random_page_cost=2"], "fast", True)]
    assert small.ask("""
        SELECT relname, spcname FROM pg_class c
        LEFT JOIN pg_tablespace s ON s.oid = c.reltablespace
        WHERE relname IN ('far', 'near') ORDER BY 1""") == [
            ("far", "my ts"), ("near", None)]


# --- kills


def kill_runner(pgrepup, child):
    try:
        os.kill(runner_pid(pgrepup), signal.SIGKILL)
    except ProcessLookupError:
        pass
    child.wait(30)
    child.communicate()


@group_small
def test_killed_in_the_schema_it_goes_on_where_it_was(small):
    small.on_source("".join(
        f"CREATE TABLE many_{i} (id int PRIMARY KEY, x text DEFAULT '{i}');"
        for i in range(600)))
    child = small.pgrepup.spawn("setup", "--only", small.name)

    def has_begun():
        try:
            return small.value("SELECT count(*) FROM pgrepup.restored") > 20
        except psycopg.Error:
            return False

    wait_for(has_begun, what="the schema being restored")
    kill_runner(small.pgrepup, child)
    tables = """SELECT relname, oid FROM pg_class
                WHERE relname ~ '^many_[0-9]+$'"""
    before = small.ask(tables)
    small.run("setup")
    after = small.ask(tables)
    assert len(after) == 600
    # what was there was not made again
    assert set(before) <= set(after)
    same(small, COLUMNS, small.name)
    assert list(small.pgrepup.tmp.iterdir()) == []


@group_small
def test_killed_while_it_empties_nothing_takes_it_for_whole(small):
    small.on_source("".join(
        f"CREATE TABLE many_{i} (id int PRIMARY KEY);" for i in range(300)))
    small.run("setup")
    count = "SELECT count(*) FROM pg_class WHERE relname ~ '^many_[0-9]+$'"
    # looks on under a name that is not taken for an application's
    with small.destination.connect(small.name,
                                   application_name="pgrepup") as conn:
        child = small.pgrepup.spawn("setup", "--again", "--yes", "--only",
                                    small.name)
        wait_for(lambda: conn.execute(count).fetchone()[0] < 290,
                 what="tables being dropped", interval=0.01)
        kill_runner(small.pgrepup, child)
    assert small.value(count) > 0, "killed too late to prove anything"
    for command in ("start", "setup"):
        small.run(command, check=6)
    small.run("setup", "--again", "--yes")
    assert small.value(count) == 300
    small.run("start")
    assert small.value("SELECT count(*) FROM t") == 100


def is_at_step(pgrepup, n_before, step):
    """Is the run that began after that many records at the step?"""
    return any(r["type"] in ("step", "end") and r.get("id", step) == step
               for r in journal(pgrepup)[n_before:])


@group_small
@pytest.mark.parametrize("step", ["registry", "role", "globals", "databases",
                                  "schema", "publish"])
def test_killed_in_a_step_it_comes_to_the_end(shared, step):
    small = Small(shared, f"killed_in_{step}")
    pgrepup = small.pgrepup
    small.source.psql(f"CREATE ROLE somebody_{step} PASSWORD 'x'")
    n_before = len(journal(pgrepup))
    child = pgrepup.spawn("setup", "--only", small.name)
    wait_for(lambda: is_at_step(pgrepup, n_before, step), what=f"step {step}")
    kill_runner(pgrepup, child)
    small.run("setup")
    assert small.state == "prepared"
    assert shared.destination.value(
        "SELECT count(*) FROM pg_roles WHERE rolname = %s",
        [f"somebody_{step}"]) == 1
    same(small, COLUMNS, small.name)


# --- the newest servers


@pytest.fixture(scope="module")
def modern(clusters):
    pair = clusters.pair(15, 18)
    yield pair
    pair.destroy()


group_modern = pytest.mark.xdist_group("setup-modern")


@group_modern
def test_databases_keep_their_locale_provider(modern):
    modern.source.psql("""CREATE DATABASE german TEMPLATE template0
        LOCALE_PROVIDER icu ICU_LOCALE 'de' LC_COLLATE 'C' LC_CTYPE 'C'""")
    modern.source.psql("""CREATE DATABASE latin TEMPLATE template0
        ENCODING 'LATIN1' LC_COLLATE 'C' LC_CTYPE 'C'""")
    modern.source.psql("""CREATE ROLE tuner;
        GRANT SET, ALTER SYSTEM ON PARAMETER work_mem TO tuner""")
    modern.pgrepup("setup")
    assert modern.destination.query("""
        SELECT datname, datlocprovider::text, datlocale, datcollate,
               pg_encoding_to_char(encoding)
        FROM pg_database WHERE datname IN ('german', 'latin')
        ORDER BY 1""") == [("german", "i", "de", "C", "UTF8"),
                           ("latin", "c", None, "C", "LATIN1")]
    assert modern.destination.query("""
        SELECT has_parameter_privilege('tuner', 'work_mem', 'SET'),
               has_parameter_privilege('tuner', 'work_mem', 'ALTER SYSTEM')
        """) == [(True, True)]


@group_modern
def test_the_new_password_is_sealed(modern):
    phrase = modern.pgrepup.home / "phrase"
    phrase.write_text("correct horse\n")
    phrase.chmod(0o600)
    modern.pgrepup("config", "set", "replication.password=-", input="\n")
    modern.pgrepup("config", "set", "security.encrypt=yes",
                   "--passphrase-file", phrase)
    modern.pgrepup("setup", "--passphrase-file", phrase)
    text = modern.pgrepup.config.read_text()
    assert re.search(r"replication[^}]*sealed", text, re.S)
    assert not re.search(r'password = "\w+"', text)
    modern.pgrepup("start", "--passphrase-file", phrase)
