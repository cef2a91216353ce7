-- Who can take the replication role ($1), or read what it reads, without being
-- a superuser: until 16 CREATEROLE grants any role that is none.
-- rows: role, attribute
SELECT r.rolname AS role,
       CASE WHEN r.rolcreaterole THEN 'CREATEROLE' ELSE 'REPLICATION' END
       AS attribute
  FROM pg_catalog.pg_roles r
 WHERE NOT r.rolsuper
   AND (r.rolcreaterole OR r.rolreplication)
   AND r.rolname <> $1::name
   AND r.rolname <> current_user
 ORDER BY 1
