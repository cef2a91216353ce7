-- Tables whose changes cannot be applied as their owner: policies that hold for
-- owners as well, owners without a right on what is theirs, and such as may not
-- call what a CHECK of the table or of a domain, a generated column or an index
-- of it calls.
-- rows: schema, name, why
WITH called AS (
    SELECT k.conrelid AS relid, d.refclassid, d.refobjid
      FROM pg_catalog.pg_depend d
      JOIN pg_catalog.pg_constraint k ON k.oid = d.objid
     WHERE d.classid = 'pg_catalog.pg_constraint'::pg_catalog.regclass
       AND k.conrelid <> 0::pg_catalog.oid
    UNION ALL
    SELECT a.attrelid, d.refclassid, d.refobjid
      FROM pg_catalog.pg_depend d
      JOIN pg_catalog.pg_constraint k ON k.oid = d.objid
      JOIN pg_catalog.pg_attribute a ON a.atttypid = k.contypid
     WHERE d.classid = 'pg_catalog.pg_constraint'::pg_catalog.regclass
       AND k.contypid <> 0::pg_catalog.oid
    UNION ALL
    SELECT a.adrelid, d.refclassid, d.refobjid
      FROM pg_catalog.pg_depend d
      JOIN pg_catalog.pg_attrdef a ON a.oid = d.objid
     WHERE d.classid = 'pg_catalog.pg_attrdef'::pg_catalog.regclass
    UNION ALL
    SELECT i.indrelid, d.refclassid, d.refobjid
      FROM pg_catalog.pg_depend d
      JOIN pg_catalog.pg_index i ON i.indexrelid = d.objid
     WHERE d.classid = 'pg_catalog.pg_class'::pg_catalog.regclass
), functions AS (
    SELECT x.relid, coalesce(q.oprcode::pg_catalog.oid, x.refobjid) AS oid
      FROM called x
      LEFT JOIN pg_catalog.pg_operator q
           ON x.refclassid = 'pg_catalog.pg_operator'::pg_catalog.regclass
          AND q.oid = x.refobjid
     WHERE x.refclassid IN ('pg_catalog.pg_proc'::pg_catalog.regclass,
                            'pg_catalog.pg_operator'::pg_catalog.regclass)
), tables AS (
    SELECT n.nspname AS schema,
           c.relname AS name,
           CASE WHEN (pg_catalog.row_to_json(c) ->>
                      'relforcerowsecurity')::boolean
                    THEN 'FORCE ROW LEVEL SECURITY'
                WHEN NOT (
                    pg_catalog.has_table_privilege(c.relowner, c.oid,
                                                   'SELECT') AND
                    pg_catalog.has_table_privilege(c.relowner, c.oid,
                                                   'INSERT') AND
                    pg_catalog.has_table_privilege(c.relowner, c.oid,
                                                   'UPDATE') AND
                    pg_catalog.has_table_privilege(c.relowner, c.oid,
                                                   'DELETE') AND
                    pg_catalog.has_table_privilege(c.relowner, c.oid,
                                                   'TRUNCATE'))
                    THEN 'its owner lacks a right on it'
                ELSE (SELECT 'its owner may not call ' ||
                             min(f.oid::pg_catalog.regprocedure::text)
                        FROM functions f
                       WHERE f.relid = c.oid
                         AND NOT pg_catalog.has_function_privilege(
                                     c.relowner, f.oid, 'EXECUTE'))
           END AS why
      FROM pg_catalog.pg_class c
      JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
      JOIN pg_catalog.pg_roles o ON o.oid = c.relowner
     WHERE c.relkind IN ('r', 'p')
       AND c.relpersistence = 'p'
       AND NOT o.rolsuper
#include "user_relation"
)
SELECT t.schema, t.name, t.why
  FROM tables t
 WHERE t.why IS NOT NULL
 ORDER BY 1, 2
