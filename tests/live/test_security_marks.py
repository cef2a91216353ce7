# SPDX-License-Identifier: PostgreSQL
"""What others write where pgrepup looks for its own words: comments on roles,
names of sessions, lines of the server's log; and the replication role, when
others hold on to it."""
import pytest
from harness import second, wait_for
from test_security import as_tenant, make_tenant

FAKE = "pgrepup: upgrade other from cluster ? to cluster ?"


@pytest.mark.parametrize("old, new", [(10, 18), second(13, 18)])
def test_a_mark_on_any_role_hinders_nobody(pair, old, new):
    """B5: up to 15 CREATEROLE is enough to comment on any ordinary role."""
    p = pair(old, new)
    p.pgrepup("config", "set", "mechanism=native")
    make_tenant(p.source)
    p.source.psql("ALTER ROLE tenant CREATEROLE")
    number = p.source.value("SELECT system_identifier FROM pg_control_system()")
    as_tenant(p.source, f"CREATE ROLE nobody1; COMMENT ON ROLE nobody1 IS '"
                        f"{FAKE}'; CREATE ROLE nobody2 LOGIN; COMMENT ON ROLE "
                        f"nobody2 IS '{FAKE}'; CREATE ROLE nobody3 LOGIN; "
                        f"COMMENT ON ROLE nobody3 IS '"
                        f"{FAKE.replace('?', str(number), 1)}'")
    p.pgrepup("fix", "--yes")
    p.pgrepup("setup")
    p.pgrepup("uninstall", "--yes", "--force")
    # on the replication role it counts, is named, and the hint works
    p.destination.psql("DROP DATABASE app")
    p.pgrepup("setup")
    p.source.psql(f"COMMENT ON ROLE pgrepup_replication IS '{FAKE}'")
    done = p.pgrepup("fix", "--yes", check=False)
    hint = "COMMENT ON ROLE \"pgrepup_replication\" IS NULL"
    assert done.rc == 6 and hint in " ".join(done.output.split()), done
    p.source.psql(hint)
    p.pgrepup("setup")


@pytest.mark.parametrize("mechanism, old, new", [("native", 10, 18),
                                                 ("pglogical", 13, 17)])
def test_a_role_that_others_need_stays_without_a_right(pair, mechanism, old,
                                                       new):
    """Whoever grants something to the replication role keeps it there: it can
    neither log in nor replicate, is known as ours, and goes when it may."""
    p = pair(old, new)
    p.pgrepup("config", "set", f"mechanism={mechanism}")
    make_tenant(p.source)
    p.pgrepup("setup")
    as_tenant(p.source, "GRANT SELECT ON t TO pgrepup_replication")
    done = p.pgrepup("uninstall", "--yes")
    said = " ".join(done.output.split())
    assert "others need it" in said and "table t" in said.replace(
        "public.", "") or "database app" in said, done
    role = ("SELECT rolcanlogin, rolreplication, rolpassword IS NULL, "
            "shobj_description(oid, 'pg_authid') ~ '^pgrepup: upgrade' "
            "FROM pg_authid WHERE rolname = 'pgrepup_replication'")
    assert p.source.query(role) == [(False, False, True, True)], done
    assert p.destination.query(role) == []
    # another upgrade is not kept back by it, and the same one goes on
    p.pgrepup("config", "set", "name=another")
    p.pgrepup("fix", "--yes")
    p.destination.psql("DROP DATABASE app")
    p.pgrepup("setup")
    assert p.source.query(role)[0][:2] == (True, True)
    as_tenant(p.source, "REVOKE ALL ON t FROM pgrepup_replication")
    p.pgrepup("uninstall", "--yes")
    assert p.source.query(role) == []


@pytest.mark.parametrize("mechanism, old, new", [("native", 10, 18),
                                                 second("pglogical", 13, 17)])
def test_a_session_with_our_name_is_seen(pair, mechanism, old, new):
    """By setup --again, which drops what it uses, and by stop."""
    p = pair(old, new)
    p.pgrepup("config", "set", f"mechanism={mechanism}")
    make_tenant(p.source)
    p.pgrepup("setup")
    # by a superuser's hand he gets in before the hand-over
    p.destination.psql("ALTER ROLE tenant PASSWORD 'm'; GRANT CONNECT ON "
                       "DATABASE app TO tenant; ALTER DATABASE app "
                       "CONNECTION LIMIT -1")
    for name in ("pgrepup", "pglogical apply 1:1"):
        with p.destination.connect("app", user="tenant", password="m",
                                   application_name=name) as conn:
            conn.execute("SELECT 1")
            done = p.pgrepup("setup", "--again", "--yes", check=False)
            assert done.rc != 0 and "tenant" in done.output, (name, done)
    p.pgrepup("setup", "--again", "--yes")
    p.pgrepup("start")
    with p.source.connect("app", user="tenant", password="m",
                          application_name="pgrepup") as conn:
        conn.execute("SELECT 1")
        done = p.pgrepup("stop", "--yes", check=False)
        assert done.rc != 0 and "tenant" in done.output, done
    p.pgrepup("stop", "--yes")


def test_words_of_a_tenant_are_not_the_reason(pair):
    """Lines of the log that name the subscription, and are not its worker's."""
    p = pair(15, 18)
    p.pgrepup("config", "set", "mechanism=native")
    p.destination.restart(logging_collector="on", log_directory="logs")
    make_tenant(p.source)
    p.pgrepup("setup")
    # by a superuser's hand he gets in before the hand-over
    p.destination.psql("ALTER ROLE tenant PASSWORD 'm'; GRANT CONNECT ON "
                       "DATABASE app TO tenant; ALTER DATABASE app "
                       "CONNECTION LIMIT -1")
    p.pgrepup("start")
    name = p.destination.value("SELECT subname FROM pg_subscription WHERE "
                               "subdbid = (SELECT oid FROM pg_database WHERE "
                               "datname = 'app')")
    p.destination.psql("DROP TABLE t", "app")
    as_tenant(p.source, "INSERT INTO t VALUES (1000, 1)")

    def reason():
        status = p.pgrepup("status", "--json", check=False).json
        (app,) = [d for d in status["databases"] if d["database"] == "app"]
        return app["last_error"] or ""

    wait_for(lambda: "public.t" in reason(), 60, "the reason")
    as_tenant(p.destination, f"""DO $$ BEGIN
        RAISE LOG 'worker for subscription "{name}" has started';
        RAISE LOG 'background worker "logical replication apply worker" '
                  '(PID %) exited with exit code 1', pg_backend_pid();
        END $$""")
    with p.destination.connect("app", user="tenant", password="m") as conn:
        with pytest.raises(Exception):
            conn.execute(f'SELECT "call 0900 {name}"')
    wait_for(lambda: "public.t" in reason(), 60, "the reason")
    assert "0900" not in reason() and "log: " in reason()
