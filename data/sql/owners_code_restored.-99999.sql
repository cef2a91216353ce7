-- Functions of roles that are no superusers which can run while a schema is
-- restored: of a domain, of which a value stands in the schema itself, as the
-- first value of an aggregate; of a cast of the columns of a foreign key, which
-- looks for its rows as who makes it. There are no partitions and generated
-- columns.
-- rows: schema, name?, current?, function, tree?, inlines
SELECT n.nspname AS schema,
       p.proname || '(' ||
       pg_catalog.pg_get_function_identity_arguments(p.oid) || ')' AS name,
       'of role ' || o.rolname || ', called by ' || min(c.name) AS current,
       p.oid AS function,
       NULL::text AS tree,
       false AS inlines
  FROM (SELECT coalesce(q.oprcode::pg_catalog.oid, d.refobjid) AS oid,
               'aggregate ' || a.aggfnoid::pg_catalog.regprocedure::text AS name
          FROM pg_catalog.pg_aggregate a
          JOIN pg_catalog.pg_constraint k ON k.contypid = a.aggtranstype
          JOIN pg_catalog.pg_depend d
               ON d.classid = 'pg_catalog.pg_constraint'::pg_catalog.regclass
              AND d.objid = k.oid
          LEFT JOIN pg_catalog.pg_operator q
               ON d.refclassid = 'pg_catalog.pg_operator'::pg_catalog.regclass
              AND q.oid = d.refobjid
         WHERE d.refclassid IN ('pg_catalog.pg_proc'::pg_catalog.regclass,
                                'pg_catalog.pg_operator'::pg_catalog.regclass)
           AND a.agginitval IS NOT NULL
        UNION ALL
        SELECT m.castfunc,
               'foreign key ' || pg_catalog.quote_ident(k.conname) || ' of ' ||
               k.conrelid::pg_catalog.regclass::text
          FROM pg_catalog.pg_constraint k
          JOIN pg_catalog.pg_attribute a
               ON (a.attrelid = k.conrelid AND a.attnum = ANY (k.conkey))
               OR (a.attrelid = k.confrelid AND a.attnum = ANY (k.confkey))
          JOIN pg_catalog.pg_type t ON t.oid = a.atttypid
          JOIN pg_catalog.pg_cast m ON m.castsource IN (t.oid, t.typbasetype)
         WHERE k.contype = 'f'
           AND m.castfunc <> 0::pg_catalog.oid) c
  JOIN pg_catalog.pg_proc p ON p.oid = c.oid
  JOIN pg_catalog.pg_namespace n ON n.oid = p.pronamespace
  JOIN pg_catalog.pg_roles o ON o.oid = p.proowner
 WHERE NOT o.rolsuper
   AND o.rolname <> current_user
 GROUP BY n.nspname, p.proname, p.oid, o.rolname
 ORDER BY 1, 2
