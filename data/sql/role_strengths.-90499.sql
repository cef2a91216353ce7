-- What a role can do beyond owning things, a row each. mine: is it the role
-- that is connected?
-- rows: role, strength, mine
SELECT r.rolname AS role, s.strength, r.rolname = current_user AS mine
  FROM pg_catalog.pg_roles r
 CROSS JOIN LATERAL
       (SELECT 'SUPERUSER' WHERE r.rolsuper
         UNION ALL SELECT 'CREATEROLE' WHERE r.rolcreaterole
         UNION ALL SELECT 'CREATEDB' WHERE r.rolcreatedb
         UNION ALL SELECT 'REPLICATION' WHERE r.rolreplication
         UNION ALL
        SELECT 'member of ' || o.rolname
          FROM pg_catalog.pg_roles o
         WHERE o.oid <> r.oid
           AND NOT r.rolsuper
           AND o.rolsuper
           AND pg_catalog.pg_has_role(r.oid, o.oid, 'MEMBER')
         UNION ALL
        SELECT 'owner of database ' || d.datname
          FROM pg_catalog.pg_database d
         WHERE d.datdba = r.oid
           AND NOT r.rolsuper
         UNION ALL
        SELECT 'EXECUTE on ' || p.oid::pg_catalog.regprocedure::text
          FROM pg_catalog.pg_proc p
         CROSS JOIN LATERAL pg_catalog.aclexplode(p.proacl) a
         WHERE p.oid < 16384::pg_catalog.oid
           AND a.grantee = r.oid
           AND NOT r.rolsuper)
       AS s (strength)
 ORDER BY 1, 2
