-- Roles with their attributes as CREATE ROLE takes them, without the server's
-- own. mine: is it the role that is connected?
-- rows: name, attributes, password?, comment?, mine
SELECT r.rolname AS name,
       CASE WHEN r.rolsuper THEN 'SUPERUSER' ELSE 'NOSUPERUSER' END ||
       CASE WHEN r.rolinherit THEN ' INHERIT' ELSE ' NOINHERIT' END ||
       CASE WHEN r.rolcreaterole THEN ' CREATEROLE' ELSE ' NOCREATEROLE' END ||
       CASE WHEN r.rolcreatedb THEN ' CREATEDB' ELSE ' NOCREATEDB' END ||
       CASE WHEN r.rolcanlogin THEN ' LOGIN' ELSE ' NOLOGIN' END ||
       CASE WHEN r.rolreplication THEN ' REPLICATION'
            ELSE ' NOREPLICATION' END ||
       CASE WHEN r.rolbypassrls THEN ' BYPASSRLS' ELSE ' NOBYPASSRLS' END ||
       ' CONNECTION LIMIT ' || r.rolconnlimit ||
       coalesce(' VALID UNTIL ' || pg_catalog.quote_literal(
           CASE WHEN pg_catalog.isfinite(r.rolvaliduntil)
                THEN (r.rolvaliduntil AT TIME ZONE 'UTC')::text || '+00'
                ELSE r.rolvaliduntil::text END), '') AS attributes,
       r.rolpassword AS password,
       pg_catalog.shobj_description(r.oid, 'pg_authid') AS comment,
       r.rolname = current_user OR r.rolname = session_user AS mine
  FROM pg_catalog.pg_authid r
 WHERE r.rolname NOT LIKE 'pg\_%'
 ORDER BY r.rolname
