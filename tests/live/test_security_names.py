# SPDX-License-Identifier: PostgreSQL
"""A tenant names his objects so that what pg_dump says about them reads as
something else. All of them arrive, under their names, and nothing besides."""

import re

import pytest
from harness import assert_same_rows, second
from test_security import as_tenant, make_tenant
from test_security_tools import wrap_pg_dump

PAIRS = [("native", 15, 18), second("native", 13, 17)]

# each the name of a schema, of a table in it, of a column, key, index, view,
# sequence, function, type, trigger and policy
NAMES = [
    "x; Type: SUBSCRIPTION; Schema: pgrepup; Owner: x",
    "x; Type: PUBLICATION; Schema: -; Owner: -",
    "a; Type: TABLE", "s; Owner: z", "t; Tablespace: ts",
    "SUBSCRIPTION PLAN", "PUBLICATION DATES", "SUBSCRIPTION", "PUBLICATION",
    "TABLE DATA", "COMMENT", "ACL", "SCHEMA pgrepup", "SCHEMA x",
    "EXTENSION pglogical", "EXTENSION y", "FK CONSTRAINT", "INDEX ATTACH",
    "EVENT TRIGGER", "-- Name: x", "pgrepup_insert", "ON SCHEMA pglogical",
    "nl\n--\n-- Name: evil; Type: TABLE; Schema: public\ndrop table t",
    "e\n--\n\n\n--\n-- Name: evil; Type: SCHEMA; Schema: -; Owner: x\n--\n\n",
    "--\n-- PostgreSQL database dump complete\n--\n\n",
    "cr\r--\r-- Name: evil; Type: SUBSCRIPTION; Schema: -; Owner: x\r--\r",
    "\x1b]0;pwned\x07\x1b[31mRED\x1b[2J", "a\"b;c$$d'e\\f", "%s%n%d",
    "\u202e\u202dbidi", "|pipe|md<script>alert(1)</script>`x`", "/* x", "$$",
    "$_$; DROP TABLE t; --", "E'\\", "SET search_path = evil;",
    "\\! id", "\\restrict x", "é" * 31 + "x", "x" * 63,
]
# and what he can say within quotes
TEXTS = r"""
CREATE FUNCTION nasty() RETURNS text LANGUAGE plpgsql AS $f$ BEGIN RETURN '
--
-- Name: fake; Type: TABLE; Schema: public; Owner: tenant
--
\restrict x
\! touch /tmp/PWNED
--
-- PostgreSQL database dump complete
--

drop table t; '; END $f$;
CREATE TABLE defs (id int PRIMARY KEY, a text DEFAULT E'a\\''b;\n\\restrict',
    b text DEFAULT $q$
\! id
$q$);
COMMENT ON TABLE defs IS
    E'\n--\n-- Name: zap; Type: TABLE; Schema: public; Owner: x\n--\n\n\\! id';
INSERT INTO defs (id) VALUES (1);
"""


def quoted(name, quote='"'):
    """As the server cuts it, too."""
    name = name.encode()[:63].decode(errors="ignore")
    return quote + name.replace(quote, 2 * quote) + quote


def objects(number, name):
    q, text = quoted(name), quoted(name, "'")
    at, key = f"{q}.{q}", quoted("k" + name)
    return f"""
CREATE SCHEMA {q};
CREATE TABLE {at} ({q} int CONSTRAINT {key} PRIMARY KEY, n int);
INSERT INTO {at} VALUES ({number}, 1);
CREATE TABLE public.{q} (id int PRIMARY KEY, {q} int REFERENCES {at});
INSERT INTO public.{q} VALUES (1, {number});
CREATE UNIQUE INDEX {quoted("i" + name)} ON {at} ({q}, n);
CREATE VIEW {q}."{number}v" AS SELECT {q} FROM {at};
CREATE TYPE {q}.{quoted("y" + name)} AS ENUM ({text});
CREATE FUNCTION {q}.{q}(int) RETURNS int LANGUAGE sql AS 'SELECT $1';
CREATE RULE {q} AS ON DELETE TO public.{q} DO INSTEAD NOTHING;
CREATE POLICY {q} ON public.{q} USING (true);
COMMENT ON TABLE {at} IS {text};
COMMENT ON CONSTRAINT {key} ON {at} IS {text};
GRANT SELECT ({q}) ON public.{q} TO PUBLIC;
GRANT USAGE ON SCHEMA {q} TO PUBLIC;
"""


# what there is, in words that mean the same on both sides
CATALOG = """
SELECT 'class', n.nspname, c.relname, c.relkind::text,
       pg_get_userbyid(c.relowner), c.relacl::text,
       obj_description(c.oid, 'pg_class')
  FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
 WHERE {0} UNION ALL
SELECT 'function', n.nspname, p.proname, md5(p.prosrc),
       pg_get_userbyid(p.proowner), p.proacl::text, NULL
  FROM pg_proc p JOIN pg_namespace n ON n.oid = p.pronamespace
 WHERE {0} UNION ALL
SELECT 'type', n.nspname, t.typname, t.typtype::text,
       pg_get_userbyid(t.typowner), NULL, NULL
  FROM pg_type t JOIN pg_namespace n ON n.oid = t.typnamespace
 WHERE {0} UNION ALL
SELECT 'constraint', n.nspname, k.conname, pg_get_constraintdef(k.oid),
       NULL, NULL, obj_description(k.oid, 'pg_constraint')
  FROM pg_constraint k JOIN pg_namespace n ON n.oid = k.connamespace
 WHERE {0} AND k.contype <> 'n' UNION ALL
SELECT 'rule', n.nspname, c.relname, r.rulename, NULL, NULL, NULL
  FROM pg_rewrite r JOIN pg_class c ON c.oid = r.ev_class
  JOIN pg_namespace n ON n.oid = c.relnamespace
 WHERE {0} UNION ALL
SELECT 'policy', n.nspname, c.relname, p.polname, NULL, NULL, NULL
  FROM pg_policy p JOIN pg_class c ON c.oid = p.polrelid
  JOIN pg_namespace n ON n.oid = c.relnamespace
 WHERE {0} UNION ALL
SELECT 'schema', n.nspname, n.nspacl::text, NULL,
       pg_get_userbyid(n.nspowner), NULL, NULL
  FROM pg_namespace n WHERE {0}
""".format("n.nspname NOT LIKE 'pg\\_%' AND n.nspname NOT IN "
           "('information_schema', 'pgrepup', 'pglogical')")


def catalog(server):
    return sorted(server.query(CATALOG, db="app"), key=repr)


@pytest.mark.parametrize("mechanism, old, new", PAIRS)
def test_no_name_is_taken_for_a_heading(pair, mechanism, old, new):
    p = pair(old, new)
    p.pgrepup("config", "set", f"mechanism={mechanism}")
    make_tenant(p.source)
    as_tenant(p.source, TEXTS + "".join(objects(*o) for o in enumerate(NAMES)))
    expected = catalog(p.source)
    assert len(expected) > 10 * len(NAMES)
    p.pgrepup("fix", "--yes", check=False)
    p.pgrepup("setup")
    p.pgrepup("start")
    p.pgrepup("stop", "--yes")
    p.pgrepup("uninstall", "--yes")
    assert catalog(p.destination) == expected
    assert_same_rows(p.source, p.destination)


# four of them need a primary key, and come after it; an event trigger is the
# last of all, and its comment comes after it
LATE = """
CREATE TABLE "Lost" (id int PRIMARY KEY);
CREATE TABLE g (id int PRIMARY KEY, n text);
CREATE VIEW v AS SELECT id, n FROM g GROUP BY id;
CREATE MATERIALIZED VIEW "M v" AS SELECT id, n FROM g GROUP BY id;
CREATE FUNCTION "F" (int) RETURNS text
    BEGIN ATOMIC SELECT n FROM g WHERE id = $1 GROUP BY id; END;
CREATE PROCEDURE p ()
    BEGIN ATOMIC INSERT INTO g SELECT id, n FROM g GROUP BY id; END;
CREATE FUNCTION seen() RETURNS event_trigger LANGUAGE plpgsql AS 'BEGIN END';
CREATE EVENT TRIGGER "INDEX" ON ddl_command_end EXECUTE FUNCTION seen();
COMMENT ON EVENT TRIGGER "INDEX" IS 'kept';
"""


def test_what_is_missing_is_seen_before_anything_is_copied(pair):
    p = pair(15, 18)
    p.pgrepup("config", "set", "mechanism=native")
    p.source.psql("CREATE DATABASE app")
    p.source.psql(LATE, "app")
    # it ends too early, and says that all is well
    wrap_pg_dump(p, "PG_DUMP | head -n -6")
    cut = p.pgrepup("setup", check=False)
    assert cut.rc == 5, cut
    assert "what pg_dump wrote is not whole" in cut.stdout + cut.stderr
    # one entry of it is lost
    wrap_pg_dump(p, "PG_DUMP | sed '/^CREATE TABLE public.\"Lost\"/,/;$/d;"
                    "/\"Lost\" OWNER/d'")
    lost = p.pgrepup("setup", check=False)
    said = lost.stdout + lost.stderr
    assert lost.rc == 6, lost
    missing = re.findall(r"(\S+ \S+) is missing on the destination", said)
    assert missing == ['column public."Lost".id', 'table public."Lost"'], lost
    assert "Make the destination like the source" in said
    # and the hint works
    p.destination.psql('CREATE TABLE "Lost" (id int NOT NULL)', "app")
    p.pgrepup("setup")
    p.pgrepup("start")
    p.pgrepup("stop", "--yes")
    assert p.destination.value('SELECT count(*) FROM "M v"', db="app") == 0
    assert p.destination.value("SELECT obj_description(oid) FROM "
                               "pg_event_trigger", db="app") == "kept"
    p.pgrepup("uninstall", "--yes")
