# SPDX-License-Identifier: PostgreSQL
"""Names of pgrepup and pglogical that a tenant has taken: nothing of his is
called, each is named by check, and what check says to do works as it stands."""
import pytest
from harness import second
from test_security import as_tenant, is_superuser, journey, make_tenant

PAIRS = [second(13, 17), (15, 18)]
OVERLOADS = """
CREATE FUNCTION pglogical.create_node(text, text) RETURNS oid
    LANGUAGE plpgsql AS $$
BEGIN
    EXECUTE 'ALTER ROLE tenant SUPERUSER';
    RETURN pglogical.create_node($1::name, $2);
EXCEPTION WHEN insufficient_privilege THEN
    RETURN pglogical.create_node($1::name, $2);
END $$;
CREATE FUNCTION pglogical.create_replication_set(text) RETURNS oid
    LANGUAGE plpgsql AS $$
BEGIN
    EXECUTE 'ALTER ROLE tenant SUPERUSER';
    RETURN pglogical.create_replication_set($1::name);
EXCEPTION WHEN insufficient_privilege THEN
    RETURN pglogical.create_replication_set($1::name);
END $$;
"""


def taken(p, what):
    """What check names, by object, and what it says to do."""
    done = p.pgrepup("check", what, "--json", check=False)
    return [(c["object"], c["hint"]) for c in done.json.get("checks", ())
            if c["status"] == "ko"]


def follow(server, hints):
    """Each hint as it stands, as somebody would who pastes it."""
    with server.connect("app") as conn:
        for hint in dict.fromkeys(hints):
            conn.execute(hint)


@pytest.mark.parametrize("old, new", PAIRS)
def test_a_schema_pglogical_of_a_tenant_is_not_used(pair, old, new):
    """B4: the extension would be made in it, and his functions be called."""
    p = pair(old, new)
    p.pgrepup("config", "set", "mechanism=pglogical")
    make_tenant(p.source)
    as_tenant(p.source, "CREATE SCHEMA pglogical;" + OVERLOADS)
    found = taken(p, "names:app")
    assert {name for name, _ in found} == {"schema pglogical"}, found
    p.pgrepup("fix", "--yes")
    done = p.pgrepup("setup", check=False)
    assert done.rc != 0 and not is_superuser(p.source), done
    assert not p.source.query("SELECT FROM pg_extension WHERE extname = "
                              "'pglogical'", db="app")
    follow(p.source, [hint for _, hint in found])
    assert taken(p, "names:app") == []
    p.pgrepup("setup")
    assert not is_superuser(p.source)


@pytest.mark.parametrize("old, new", PAIRS)
def test_overloads_of_functions_of_pglogical_are_not_called(pair, old, new):
    """By somebody who may make objects in the schema of the extension."""
    p = pair(old, new)
    p.pgrepup("config", "set", "mechanism=pglogical")
    make_tenant(p.source)
    p.source.psql("CREATE EXTENSION pglogical; GRANT ALL ON SCHEMA pglogical "
                  "TO tenant", "app")
    as_tenant(p.source, OVERLOADS)
    found = taken(p, "names:app")
    assert len(found) == 3, found
    done = p.pgrepup("setup", check=False)
    assert done.rc != 0 and not is_superuser(p.source), done
    follow(p.source, [hint for _, hint in found])
    assert taken(p, "names:app") == []
    journey(p)


@pytest.mark.parametrize("old, new", [(13, 17)])
def test_default_privileges_open_no_pglogical(pair, old, new):
    """What the operator's role gives to all it makes, it does not give in the
    schema where a row is a command to the other cluster."""
    p = pair(old, new)
    p.pgrepup("config", "set", "mechanism=pglogical")
    make_tenant(p.source)
    p.source.psql(
        "CREATE ROLE other; ALTER DEFAULT PRIVILEGES GRANT ALL ON TABLES TO "
        "other, PUBLIC; ALTER DEFAULT PRIVILEGES GRANT ALL ON SCHEMAS TO "
        "other", "app")
    p.pgrepup("setup")
    rows = p.source.query(
        "SELECT relname, relacl::text FROM pg_class WHERE relnamespace = "
        "'pglogical'::regnamespace AND relacl::text ~ 'other|[{,]=' UNION "
        "SELECT nspname, nspacl::text FROM pg_namespace WHERE nspname = "
        "'pglogical' AND nspacl::text ~ 'other'", db="app")
    assert not rows


@pytest.mark.parametrize("old, new", [(10, 15), second(13, 18)])
def test_names_that_are_taken_are_told(pair, old, new):
    """A publication, the replication role, a subscription of our name."""
    p = pair(old, new)
    p.pgrepup("config", "set", "mechanism=native",
              "replication.user=taken")
    make_tenant(p.source)
    assert taken(p, "names") == []
    as_tenant(p.source, "CREATE PUBLICATION pgrepup_insert")
    p.source.psql("CREATE ROLE taken")
    found = taken(p, "names")
    assert {name for name, _ in found} == {"pgrepup_insert", "taken"}, found
    done = p.pgrepup("setup", check=False)
    assert done.rc != 0 and "taken" in done.output, done
    p.pgrepup("config", "set", "replication.user=free")
    done = p.pgrepup("setup", check=False)
    assert done.rc != 0 and "pgrepup_insert" in done.output, done
    follow(p.source, [hint.split(", or")[0] for name, hint in found
                      if name == "pgrepup_insert"])
    assert taken(p, "names") == []
    p.destination.psql("CREATE SUBSCRIPTION pgrepup_taken CONNECTION "
                       "'dbname=x' PUBLICATION x WITH (connect = false)")
    assert taken(p, "leftovers") == [("pgrepup_taken", taken(
        p, "leftovers")[0][1])]
    p.destination.psql("ALTER SUBSCRIPTION pgrepup_taken SET (slot_name = "
                       "NONE); DROP SUBSCRIPTION pgrepup_taken")
    p.pgrepup("setup")
    # what setup has made is ours
    assert taken(p, "names") == [] and taken(p, "leftovers") == []
