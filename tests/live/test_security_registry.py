# SPDX-License-Identifier: PostgreSQL
"""A registry that is not exactly what pgrepup makes is not used: not by what
its defaults call, not with the rows that others may write there, and not at
the expense of the other databases."""
import pytest
from harness import second
from test_security import as_tenant, is_superuser, make_tenant

PAIRS = [("native", 10, 18), second("pglogical", 13, 17)]
RENAME = "ALTER SCHEMA pgrepup RENAME TO pgrepup_old"

# as data/sql/registry_create.sql makes it, but for one default
EVIL = """
CREATE SCHEMA pgrepup;
COMMENT ON SCHEMA pgrepup IS 'pgrepup registry, format 2';
CREATE FUNCTION public.evil_now() RETURNS timestamptz LANGUAGE plpgsql AS $$
BEGIN
    EXECUTE 'SET ROLE NONE';
    EXECUTE 'ALTER ROLE tenant SUPERUSER';
    RETURN now();
EXCEPTION WHEN OTHERS THEN
    RETURN now();
END $$;
CREATE TABLE pgrepup.change (
    id bigserial PRIMARY KEY, kind text NOT NULL,
    schema text NOT NULL DEFAULT '', name text NOT NULL,
    part text NOT NULL DEFAULT '', old_value text, new_value text,
    state text NOT NULL,
    recorded timestamptz NOT NULL DEFAULT public.evil_now(),
    UNIQUE (kind, schema, name, part));
"""
REST = """
CREATE TABLE pgrepup.load (
    one boolean PRIMARY KEY DEFAULT true CHECK (one), state text NOT NULL,
    upgrade text NOT NULL, created boolean NOT NULL, run text, slot text,
    lsn text, handed_over text, first_barrier bigint, tables bigint NOT NULL DEFAULT 0,
    total_bytes bigint NOT NULL DEFAULT 0,
    changed timestamptz NOT NULL DEFAULT now());
CREATE TABLE pgrepup.load_table (
    schema text NOT NULL, name text NOT NULL, rows bigint NOT NULL,
    bytes bigint NOT NULL, filenode text, altered text, changes bigint,
    columns text, PRIMARY KEY (schema, name));
CREATE TABLE pgrepup.barrier (
    n bigint PRIMARY KEY, made timestamptz NOT NULL DEFAULT now());
CREATE TABLE pgrepup.schema_copied (
    id bigserial PRIMARY KEY, part text NOT NULL, kind text NOT NULL,
    name text NOT NULL, definition text);
CREATE TABLE pgrepup.restored (
    key text PRIMARY KEY, done timestamptz NOT NULL DEFAULT now());
"""


def words(done):
    """What it said, with lines that were broken put together."""
    return " ".join((done.stdout + done.stderr).split())


def keyless(server, db):
    server.psql("CREATE TABLE keyless (n int); INSERT INTO keyless VALUES (1)",
                db)


def has_key(server, db):
    return server.value("SELECT EXISTS (SELECT 1 FROM pg_attribute WHERE "
                        "attrelid = 'public.keyless'::regclass AND attname ~ "
                        "'pgrepup' AND NOT attisdropped)", db=db)


@pytest.mark.parametrize("mechanism, old, new", PAIRS)
def test_a_registry_of_a_tenant_is_refused_alone(pair, mechanism, old, new):
    """B2: nobody's default is called; the database is named by each command,
    the others are done, and the hint works as it stands."""
    p = pair(old, new)
    p.pgrepup("config", "set", f"mechanism={mechanism}")
    make_tenant(p.source)
    p.source.psql("CREATE DATABASE other")
    for db in ("app", "other"):
        keyless(p.source, db)
    as_tenant(p.source, EVIL + REST)
    as_tenant(p.source, "ALTER DATABASE app SET role = tenant")
    fix = ("fix", "--yes", *(f"replica_identity:{db}.public.keyless=column"
                             for db in ("app", "other")))

    done = p.pgrepup("check", check=False)
    assert done.rc == 1 and "owned by role \"tenant\"" in words(done), done
    assert RENAME in words(done), done
    done = p.pgrepup(*fix, check=False)
    assert "owned by role \"tenant\"" in words(done), done
    assert RENAME in words(done) and "database \"app\"" in words(done), done
    assert (has_key(p.source, "app"), has_key(p.source, "other")) == (
        False, True), done
    p.pgrepup("status", check=False)
    done = p.pgrepup("setup", check=False)
    assert done.rc != 0 and "owned by role \"tenant\"" in words(done), done
    done = p.pgrepup("uninstall", "--yes")
    assert "left alone" in words(done) and "tenant" in words(done), done
    assert not has_key(p.source, "other")
    assert not is_superuser(p.source)

    with p.source.connect("app", options="-c role=none") as conn:
        conn.execute(RENAME)
    p.pgrepup(*fix)
    assert has_key(p.source, "app")
    assert not is_superuser(p.source)


# what was done to a registry of ours, what is told of it, and the way back
ALTERATIONS = [
    ("GRANT INSERT ON pgrepup.change TO tenant",
     "INSERT is granted to role \"tenant\"",
     "REVOKE INSERT ON pgrepup.change FROM tenant"),
    ("GRANT SELECT (new_value) ON pgrepup.change TO PUBLIC",
     "column new_value: SELECT is granted to PUBLIC",
     "REVOKE SELECT (new_value) ON pgrepup.change FROM PUBLIC"),
    ("GRANT USAGE ON SCHEMA pgrepup TO tenant",
     "schema pgrepup: USAGE is granted",
     "REVOKE ALL ON SCHEMA pgrepup FROM tenant"),
    ("ALTER TABLE pgrepup.change ALTER recorded SET DEFAULT evil_now()",
     "DEFAULT public.evil_now()",
     "ALTER TABLE pgrepup.change ALTER recorded SET DEFAULT now()"),
    ("ALTER TABLE pgrepup.change ADD CONSTRAINT c CHECK (evil_true())",
     "CHECK (public.evil_true())",
     "ALTER TABLE pgrepup.change DROP CONSTRAINT c"),
    ("CREATE INDEX i ON pgrepup.change (evil_text(kind))",
     "evil_text",
     "DROP INDEX pgrepup.i"),
    ("CREATE TRIGGER g BEFORE INSERT ON pgrepup.change FOR EACH ROW EXECUTE "
     "PROCEDURE evil_trigger()",
     "trigger g",
     "DROP TRIGGER g ON pgrepup.change"),
    ("CREATE RULE u AS ON UPDATE TO pgrepup.change DO ALSO SELECT evil_now()",
     "has a rule",
     "DROP RULE u ON pgrepup.change"),
    ("ALTER TABLE pgrepup.change ENABLE ROW LEVEL SECURITY",
     "relrowsecurity is true",
     "ALTER TABLE pgrepup.change DISABLE ROW LEVEL SECURITY"),
    ("CREATE POLICY y ON pgrepup.change USING (evil_true())",
     "policy y",
     "DROP POLICY y ON pgrepup.change"),
    ("CREATE TABLE below () INHERITS (pgrepup.change)",
     "inherited",
     "DROP TABLE below"),
    ("ALTER TABLE pgrepup.restored OWNER TO tenant",
     "owned by role \"tenant\"",
     "ALTER TABLE pgrepup.restored OWNER TO postgres"),
    ("CREATE FUNCTION pgrepup.f() RETURNS int LANGUAGE sql AS 'SELECT 1'",
     "function pgrepup.f()",
     "DROP FUNCTION pgrepup.f()"),
    ("ALTER TABLE pgrepup.load DROP COLUMN handed_over",
     "not there: pgrepup.load: column handed_over text",
     "ALTER TABLE pgrepup.load ADD handed_over text"),
    ("ALTER TABLE pgrepup.load ALTER run TYPE text COLLATE \"C\"",
     "COLLATE other",
     "ALTER TABLE pgrepup.load ALTER run TYPE text COLLATE \"default\""),
]
HELPERS = """
CREATE FUNCTION evil_now() RETURNS timestamptz LANGUAGE sql AS 'SELECT now()';
CREATE FUNCTION evil_true() RETURNS boolean LANGUAGE sql IMMUTABLE
    AS 'SELECT true';
CREATE FUNCTION evil_text(text) RETURNS text LANGUAGE sql IMMUTABLE
    AS 'SELECT $1';
CREATE FUNCTION evil_trigger() RETURNS trigger LANGUAGE plpgsql AS
    'BEGIN RETURN NEW; END';
"""


@pytest.mark.parametrize("old, new", [(10, 15), second(13, 18)])
def test_whatever_was_added_to_a_registry_is_told(pair, old, new):
    """And it is used again as soon as that is put back."""
    p = pair(old, new)
    p.pgrepup("config", "set", "mechanism=native")
    make_tenant(p.source)
    keyless(p.source, "app")
    p.pgrepup("fix", "--yes", "replica_identity:app.public.keyless=column")
    p.source.psql(HELPERS, "app")
    for done, told, back in ALTERATIONS:
        p.source.psql(done, "app")
        said = p.pgrepup("check", "leftovers:app", check=False)
        assert said.rc == 1 and told in words(said), (done, said)
        p.source.psql(back, "app")
        said = p.pgrepup("check", "leftovers:app", check=False)
        assert said.rc == 0, (back, said)
    # one of ours that was altered is not passed over when it is to be undone
    p.source.psql(ALTERATIONS[0][0], "app")
    said = p.pgrepup("uninstall", "--yes", check=False)
    assert said.rc != 0 and "INSERT is granted" in words(said), said
    assert has_key(p.source, "app")
    p.source.psql(ALTERATIONS[0][2], "app")
    p.pgrepup("uninstall", "--yes")
    assert not has_key(p.source, "app")


@pytest.mark.parametrize("old, new", [(10, 18)])
def test_default_privileges_open_no_registry(pair, old, new):
    """What the operator's role gives to all it makes, it does not give here:
    rows of the registry are undone with his rights."""
    p = pair(old, new)
    p.pgrepup("config", "set", "mechanism=native")
    make_tenant(p.source)
    keyless(p.source, "app")
    p.source.psql(
        "ALTER DEFAULT PRIVILEGES GRANT ALL ON TABLES TO tenant, PUBLIC;"
        "ALTER DEFAULT PRIVILEGES GRANT ALL ON SEQUENCES TO tenant;"
        "ALTER DEFAULT PRIVILEGES GRANT ALL ON SCHEMAS TO tenant WITH GRANT "
        "OPTION", "app")
    p.pgrepup("fix", "--yes", "replica_identity:app.public.keyless=column")
    with p.source.connect("app") as conn:
        granted = conn.execute(
            "SELECT nspname, nspacl::text FROM pg_namespace WHERE nspname = "
            "'pgrepup' AND nspacl::text LIKE '%tenant%' UNION ALL SELECT "
            "relname, relacl::text FROM pg_class WHERE relnamespace = "
            "'pgrepup'::regnamespace AND relacl::text ~ 'tenant|[{,]='"
        ).fetchall()
    assert not granted
