# SPDX-License-Identifier: PostgreSQL
"""What two servers, or one server at two times, hold: rows and catalogs."""
import difflib
import re

from psycopg import sql
from psycopg.errors import UndefinedTable

# texts of values must not depend on settings of database or role
PINNED = ("-c search_path= -c DateStyle=ISO,YMD -c IntervalStyle=postgres "
          "-c TimeZone=UTC -c extra_float_digits=3 -c bytea_output=hex "
          "-c lc_monetary=C -c statement_timeout=0 "
          "-c client_min_messages=error")
NOT_THEIRS = ("pg_catalog", "information_schema", "pglogical", "pgrepup",
              "pglogical_origin")
OUR_COLUMN = "__pgrepup_id"


def connect_pinned(server, db="postgres"):
    options = PINNED
    if server.version >= 9.5:
        options += " -c row_security=off"
    return server.connect(db, options=options)


def table_hashes(server, db, kinds="r", leave_out=(), float_digits=3):
    """{"schema.table": (rows, md5)} of every table's own rows.

    Tables of pgrepup and pglogical, the column __pgrepup_id and the names in
    leave_out ("schema.table") are left out. kinds are relkinds: "rm" has the
    materialized views too. Foreign tables have no rows of their own.
    """
    found = {}
    with connect_pinned(server, db) as conn:
        conn.execute(f"SET extra_float_digits = {float_digits:d}")
        tables = conn.execute("""
            SELECT n.nspname, c.relname,
                   array_agg(a.attname::text ORDER BY a.attname)
                       FILTER (WHERE a.attname IS NOT NULL)
            FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
            LEFT JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0
                AND NOT a.attisdropped AND a.attname <> %s
            WHERE c.relkind::text = ANY (%s) AND n.nspname <> ALL (%s)
                AND n.nspname !~ '^pg_(toast|temp)'
            GROUP BY 1, 2 ORDER BY 1, 2""",
            [OUR_COLUMN, list(kinds), list(NOT_THEIRS)]).fetchall()
        for schema, table, columns in tables:
            name = f"{schema}.{table}"
            if name not in leave_out:
                found[name] = rows_hash(conn, schema, table, columns or [])
    return found


def rows_hash(conn, schema, table, columns):
    row = sql.SQL("ROW({})").format(
        sql.SQL(", ").join(sql.Identifier(name) for name in columns))
    query = sql.SQL("""
        SELECT count(*), coalesce(md5(string_agg(h, '' ORDER BY h)), '')
        FROM (SELECT md5({row}::text) AS h FROM ONLY {table}) AS x""").format(
            row=row, table=sql.Identifier(schema, table))
    count, md5 = conn.execute(query).fetchall()[0]
    return count, md5


def sequences(server, db):
    """{"schema.sequence": (last_value, is_called)}"""
    found = {}
    with connect_pinned(server, db) as conn:
        for schema, name in conn.execute("""
                SELECT n.nspname, c.relname FROM pg_class c
                JOIN pg_namespace n ON n.oid = c.relnamespace
                WHERE c.relkind = 'S' AND n.nspname <> ALL (%s)
                ORDER BY 1, 2""", [list(NOT_THEIRS)]).fetchall():
            found[f"{schema}.{name}"] = conn.execute(sql.SQL(
                "SELECT last_value, is_called FROM {}").format(
                    sql.Identifier(schema, name))).fetchall()[0]
    return found


def assert_same_rows(source, destination, databases=None, **more):
    """Every table of these databases (default: all of the source) is equal.
    Before 12 the same float has another text, but with 15 digits."""
    if min(source.version, destination.version) < 12:
        more["float_digits"] = 0
    for db in databases or source.databases():
        ours, theirs = (table_hashes(server, db, **more)
                        for server in (source, destination))
        assert ours.keys() == theirs.keys(), (
            f"{db}: tables differ: {sorted(ours.keys() ^ theirs.keys())}")
        wrong = {name: (ours[name], theirs[name]) for name in ours
                 if ours[name] != theirs[name]}
        assert not wrong, f"{db}: rows differ: {wrong}"


# Sections of a snapshot: one column of text per line, no oids. Whatever a
# tool can leave behind must show in one of them.
CLUSTER = {
    "setting": """
        SELECT format('%s = %s', name, setting) FROM pg_settings
        WHERE source IN ('configuration file', 'database', 'user')""",
    "role": """
        SELECT json_build_object('role', r, 'comment',
            shobj_description(r.oid, 'pg_authid')) FROM pg_authid r""",
    "member": """
        SELECT format('%s in %s admin %s by %s', pg_get_userbyid(m.member),
            pg_get_userbyid(m.roleid), m.admin_option,
            pg_get_userbyid(m.grantor))
        FROM pg_auth_members m""",
    "database": """
        SELECT json_build_object('name', datname,
            'owner', pg_get_userbyid(datdba), 'encoding', encoding,
            'collate', datcollate, 'ctype', datctype,
            'template', datistemplate, 'connect', datallowconn,
            'limit', datconnlimit, 'acl', datacl::text,
            'comment', shobj_description(oid, 'pg_database'))
        FROM pg_database""",
    "role setting": """
        SELECT format('%s %s %s', coalesce((SELECT datname FROM pg_database d
            WHERE d.oid = s.setdatabase), '*'),
            CASE WHEN setrole = 0 THEN '*'
                ELSE pg_get_userbyid(setrole)::text END, setconfig)
        FROM pg_db_role_setting s""",
    "tablespace": """
        SELECT format('%s %s %s', spcname, pg_get_userbyid(spcowner), spcacl)
        FROM pg_tablespace""",
    "slot": """
        SELECT format('%s %s %s', slot_name, plugin, database)
        FROM pg_replication_slots s
        WHERE (to_json(s) ->> 'temporary') IS DISTINCT FROM 'true'""",
    "origin": "SELECT roname FROM pg_replication_origin",
    "subscription": """
        SELECT format('%s %s', subname, subdbid) FROM pg_subscription""",
    "prepared": "SELECT gid FROM pg_prepared_xacts",
}
# {theirs} becomes the condition that a schema n is not the server's own
DATABASE = {
    "schema": """
        SELECT format('%s %s %s', nspname, pg_get_userbyid(nspowner), nspacl)
        FROM pg_namespace WHERE nspname !~ '^pg_(toast|temp)'""",
    "extension": """
        SELECT format('%s %s %s', extname, extversion, nspname)
        FROM pg_extension JOIN pg_namespace n ON n.oid = extnamespace""",
    "relation": """
        SELECT json_build_object('name', c.oid::regclass, 'kind', c.relkind,
            'owner', pg_get_userbyid(c.relowner), 'acl', c.relacl::text,
            'persistence', c.relpersistence, 'options', c.reloptions,
            'identity', c.relreplident, 'rls', to_json(c) -> 'relrowsecurity',
            'force rls', to_json(c) -> 'relforcerowsecurity')
        FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
        WHERE {theirs} OR c.relacl IS NOT NULL""",
    "column": """
        SELECT json_build_object('table', c.oid::regclass, 'name', a.attname,
            'type', format_type(a.atttypid, a.atttypmod),
            'not null', a.attnotnull, 'identity', to_json(a) -> 'attidentity',
            'generated', to_json(a) -> 'attgenerated',
            'acl', a.attacl::text, 'storage', a.attstorage,
            'default', pg_get_expr(d.adbin, d.adrelid))
        FROM pg_attribute a JOIN pg_class c ON c.oid = a.attrelid
        JOIN pg_namespace n ON n.oid = c.relnamespace
        LEFT JOIN pg_attrdef d ON d.adrelid = c.oid AND d.adnum = a.attnum
        WHERE {theirs} AND a.attnum > 0 AND NOT a.attisdropped
            AND c.relkind IN ('r', 'p', 'v', 'm', 'f', 'c')""",
    "index": """
        SELECT format('%s identity %s valid %s', pg_get_indexdef(i.indexrelid),
            i.indisreplident, i.indisvalid)
        FROM pg_index i JOIN pg_class c ON c.oid = i.indexrelid
        JOIN pg_namespace n ON n.oid = c.relnamespace WHERE {theirs}""",
    "constraint": """
        SELECT format('%s on %s: %s', k.conname, k.conrelid::regclass,
            pg_get_constraintdef(k.oid))
        FROM pg_constraint k JOIN pg_namespace n ON n.oid = k.connamespace
        WHERE {theirs}""",
    "trigger": """
        SELECT format('%s, enabled %s', pg_get_triggerdef(t.oid), t.tgenabled)
        FROM pg_trigger t JOIN pg_class c ON c.oid = t.tgrelid
        JOIN pg_namespace n ON n.oid = c.relnamespace
        WHERE {theirs} AND NOT t.tgisinternal""",
    "internal trigger": """
        SELECT format('%s on %s: %s, enabled %s', t.tgfoid::regproc,
            t.tgrelid::regclass, count(*), t.tgenabled)
        FROM pg_trigger t JOIN pg_class c ON c.oid = t.tgrelid
        JOIN pg_namespace n ON n.oid = c.relnamespace
        WHERE {theirs} AND t.tgisinternal
        GROUP BY t.tgfoid, t.tgrelid, t.tgenabled""",
    "event trigger": """
        SELECT format('%s %s %s %s', evtname, evtevent, evtfoid::regproc,
            evtenabled) FROM pg_event_trigger""",
    "rule": """
        SELECT format('%s, enabled %s', pg_get_ruledef(r.oid), r.ev_enabled)
        FROM pg_rewrite r JOIN pg_class c ON c.oid = r.ev_class
        JOIN pg_namespace n ON n.oid = c.relnamespace WHERE {theirs}""",
    "policy": """
        SELECT format('%s on %s', polname, polrelid::regclass)
        FROM pg_policy""",
    "function": """
        SELECT format('%s %s %s %s', p.oid::regprocedure,
            pg_get_userbyid(p.proowner), p.proacl, md5(p.prosrc))
        FROM pg_proc p JOIN pg_namespace n ON n.oid = p.pronamespace
        WHERE {theirs} OR p.proacl IS NOT NULL""",
    "type": """
        SELECT format('%s %s %s', t.oid::regtype,
            pg_get_userbyid(t.typowner), t.typacl)
        FROM pg_type t JOIN pg_namespace n ON n.oid = t.typnamespace
        WHERE {theirs}""",
    "sequence": """
        SELECT to_jsonb(s) - 'seqrelid' - 'seqtypid' || jsonb_build_object(
            'name', s.seqrelid::regclass, 'type', s.seqtypid::regtype)
        FROM pg_sequence s""",
    "publication": "SELECT to_jsonb(p) - 'oid' FROM pg_publication p",
    "default acl": """
        SELECT format('%s %s %s %s', pg_get_userbyid(defaclrole),
            defaclnamespace, defaclobjtype, defaclacl) FROM pg_default_acl""",
    "comment": """
        SELECT format('%s: %s', pg_describe_object(classoid, objoid, objsubid),
            description) FROM pg_description WHERE objoid >= 16384""",
    "inheritance": """
        SELECT format('%s of %s', inhrelid::regclass, inhparent::regclass)
        FROM pg_inherits""",
    "large object": """
        SELECT format('%s %s %s', oid, pg_get_userbyid(lomowner), lomacl)
        FROM pg_largeobject_metadata""",
    "foreign server": """
        SELECT format('%s %s %s', srvname, pg_get_userbyid(srvowner), srvacl)
        FROM pg_foreign_server""",
}


def lines_of(conn, query):
    """What the query finds; nothing where the catalog is one of later
    versions, as publications are on 9.6."""
    theirs = ("(n.nspname NOT IN ('pg_catalog', 'information_schema')"
              " AND n.nspname !~ '^pg_(toast|temp)')")
    try:
        rows = conn.execute(query.replace("{theirs}", theirs)).fetchall()
    except UndefinedTable:
        if conn.info.server_version >= 100000:
            raise
        return []
    return sorted(str(row[0]) for row in rows)


def catalog_snapshot(server):
    """Everything about a server that setting up and uninstalling must leave
    as it was: {section: lines}. Rows are not in it: see table_hashes."""
    found = {}
    for name in ("pg_hba.conf", "pg_ident.conf", "postgresql.conf",
                 "postgresql.auto.conf", "pgclusters.conf"):
        text = (server.data / name).read_bytes().decode("latin-1")
        if name == "postgresql.auto.conf":  # 9.x itself rewords the comment
            text = re.sub("^#.*\n", "", text, flags=re.M)
        found[name] = text.split("\n")
    found["files"] = sorted(path.name for path in server.data.iterdir()
                            if path.name != "postmaster.pid")
    with connect_pinned(server) as conn:
        for section, query in CLUSTER.items():
            found[section] = lines_of(conn, query)
    for db in server.databases():
        with connect_pinned(server, db) as conn:
            for section, query in DATABASE.items():
                found[f"{db}: {section}"] = lines_of(conn, query)
    return found


def assert_same_catalog(before, after, ignore=()):
    """Fails with what was added and removed, by section. ignore: sections
    whose name ends so."""
    told = []
    for section in sorted(before.keys() | after.keys()):
        if ignore and section.endswith(tuple(ignore)):
            continue
        old, new = before.get(section, []), after.get(section, [])
        told += [f"{section}: {line}" for line in difflib.ndiff(old, new)
                 if line[0] in "+-"]
    assert not told, "the server is not as it was:\n" + "\n".join(told)
