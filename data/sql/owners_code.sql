-- Functions of roles that are no superusers, and that are called when a row is
-- put into a table: by a CHECK of it or of a domain, a generated column, the
-- key of partitions; directly, or by an operator. how many do, and one of them.
SELECT n.nspname AS schema,
       p.proname || '(' ||
       pg_catalog.pg_get_function_identity_arguments(p.oid) || ')' AS name,
       'of role ' || o.rolname || ', called by ' ||
       pg_catalog.count(*) || ' of tables, domains and columns, as ' ||
       min(u.name) AS current
  FROM (SELECT d.refclassid, d.refobjid,
               coalesce('constraint ' || pg_catalog.quote_ident(k.conname) ||
                        ' of ' ||
                        CASE WHEN k.conrelid <> 0::pg_catalog.oid
                             THEN k.conrelid::pg_catalog.regclass::text
                             ELSE k.contypid::pg_catalog.regtype::text
                        END,
                        a.adrelid::pg_catalog.regclass::text,
                        c.oid::pg_catalog.regclass::text) AS name
          FROM pg_catalog.pg_depend d
          LEFT JOIN pg_catalog.pg_constraint k
               ON d.classid = 'pg_catalog.pg_constraint'::pg_catalog.regclass
              AND k.oid = d.objid
              AND k.contype = 'c'
          LEFT JOIN pg_catalog.pg_attrdef a
               ON d.classid = 'pg_catalog.pg_attrdef'::pg_catalog.regclass
              AND a.oid = d.objid
          LEFT JOIN pg_catalog.pg_class c
               ON d.classid = 'pg_catalog.pg_class'::pg_catalog.regclass
              AND c.oid = d.objid
              AND c.relkind IN ('r', 'p')
         WHERE d.refclassid IN (
                   'pg_catalog.pg_proc'::pg_catalog.regclass,
                   'pg_catalog.pg_operator'::pg_catalog.regclass)
           AND coalesce(k.oid, a.oid, c.oid) IS NOT NULL) u
  LEFT JOIN pg_catalog.pg_operator q
       ON u.refclassid = 'pg_catalog.pg_operator'::pg_catalog.regclass
      AND q.oid = u.refobjid
  JOIN pg_catalog.pg_proc p
       ON p.oid = coalesce(q.oprcode::pg_catalog.oid, u.refobjid)
  JOIN pg_catalog.pg_namespace n ON n.oid = p.pronamespace
  JOIN pg_catalog.pg_roles o ON o.oid = p.proowner
 WHERE NOT o.rolsuper
   AND o.rolname <> current_user
   AND NOT EXISTS (
           SELECT 1
             FROM pg_catalog.pg_depend e
            WHERE e.classid = 'pg_catalog.pg_proc'::pg_catalog.regclass
              AND e.objid = p.oid
              AND e.deptype = 'e')
 GROUP BY n.nspname, p.proname, p.oid, o.rolname
 ORDER BY 1, 2
