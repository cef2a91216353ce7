-- Roles that may TRUNCATE a table and cannot use the schema of pglogical, whose
-- trigger would make their TRUNCATE fail. role is null for PUBLIC.
-- rows: role?
SELECT DISTINCT r.rolname AS role
  FROM pg_catalog.pg_class c
  JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
 CROSS JOIN LATERAL
       (SELECT c.relowner AS oid
         UNION
        SELECT a.grantee
          FROM pg_catalog.aclexplode(c.relacl) a
         WHERE a.privilege_type = 'TRUNCATE') g
  LEFT JOIN pg_catalog.pg_roles r ON r.oid = g.oid
 WHERE c.relkind IN ('r', 'p')
   AND n.nspname NOT IN ('pg_catalog', 'information_schema', 'pgrepup',
                         'pglogical', 'pglogical_origin')
   AND NOT CASE WHEN g.oid = 0
                THEN pg_catalog.has_schema_privilege('public', 'pglogical',
                                                     'USAGE')
                ELSE pg_catalog.has_schema_privilege(g.oid, 'pglogical',
                                                     'USAGE') END
 ORDER BY 1
