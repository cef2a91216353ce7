-- only: 160000-
-- Tables of roles that are no superusers, where to put a row may run a function
-- of such a role, or one of the server that runs what it is given: by a CHECK,
-- a generated column, a domain, the key of partitions. Rather one too many: if
-- any domain calls one, then all tables with columns of types that are made of
-- others.
-- rows: schema, name, owner
WITH code AS (
    SELECT d.classid, d.objid
      FROM pg_catalog.pg_depend d
      LEFT JOIN pg_catalog.pg_operator q
           ON d.refclassid = 'pg_catalog.pg_operator'::pg_catalog.regclass
          AND q.oid = d.refobjid
      JOIN pg_catalog.pg_proc p
           ON p.oid = coalesce(q.oprcode::pg_catalog.oid, d.refobjid)
      JOIN pg_catalog.pg_roles o ON o.oid = p.proowner
     WHERE d.refclassid IN ('pg_catalog.pg_proc'::pg_catalog.regclass,
                            'pg_catalog.pg_operator'::pg_catalog.regclass)
       AND d.deptype <> 'e'
       AND NOT o.rolsuper
    UNION ALL
    SELECT x.classid, x.objid
      FROM (SELECT 'pg_catalog.pg_constraint'::pg_catalog.regclass AS classid,
                   k.oid AS objid, k.conbin::text AS tree
              FROM pg_catalog.pg_constraint k
             WHERE k.contype = 'c'
            UNION ALL
            SELECT 'pg_catalog.pg_attrdef'::pg_catalog.regclass,
                   a.oid, a.adbin::text
              FROM pg_catalog.pg_attrdef a
            UNION ALL
            SELECT 'pg_catalog.pg_class'::pg_catalog.regclass,
                   t.partrelid, t.partexprs::text
              FROM pg_catalog.pg_partitioned_table t
             WHERE t.partexprs IS NOT NULL) x
      JOIN pg_catalog.pg_proc p ON x.tree LIKE '%:funcid ' || p.oid || ' %'
      JOIN pg_catalog.pg_namespace n ON n.oid = p.pronamespace
     WHERE true
#include "reaching_function"
)
SELECT n.nspname AS schema, c.relname AS name, o.rolname AS owner
  FROM pg_catalog.pg_class c
  JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
  JOIN pg_catalog.pg_roles o ON o.oid = c.relowner
 WHERE c.relkind = 'r'
   AND c.relpersistence = 'p'
   AND NOT o.rolsuper
   AND o.rolname <> current_user
#include "user_relation"
   AND (EXISTS (
            SELECT 1
              FROM pg_catalog.pg_constraint k
              JOIN code x
                   ON x.classid =
                          'pg_catalog.pg_constraint'::pg_catalog.regclass
                  AND x.objid = k.oid
             WHERE k.conrelid = c.oid)
        OR EXISTS (
            SELECT 1
              FROM pg_catalog.pg_attrdef a
              JOIN pg_catalog.pg_attribute g
                   ON g.attrelid = a.adrelid AND g.attnum = a.adnum
              JOIN code x
                   ON x.classid = 'pg_catalog.pg_attrdef'::pg_catalog.regclass
                  AND x.objid = a.oid
             WHERE a.adrelid = c.oid
               AND g.attgenerated <> '')
        OR (c.relispartition
            AND EXISTS (
                SELECT 1
                  FROM pg_catalog.pg_partition_ancestors(c.oid) t
                  JOIN code x
                       ON x.classid = 'pg_catalog.pg_class'::pg_catalog.regclass
                      AND x.objid = t.relid))
        OR (EXISTS (
                SELECT 1
                  FROM pg_catalog.pg_constraint k
                  JOIN code x
                       ON x.classid =
                              'pg_catalog.pg_constraint'::pg_catalog.regclass
                      AND x.objid = k.oid
                 WHERE k.contypid <> 0::pg_catalog.oid)
            AND EXISTS (
                SELECT 1
                  FROM pg_catalog.pg_attribute a
                  JOIN pg_catalog.pg_type t ON t.oid = a.atttypid
                  LEFT JOIN pg_catalog.pg_type e ON e.oid = t.typelem
                 WHERE a.attrelid = c.oid
                   AND a.attnum > 0
                   AND NOT a.attisdropped
                   AND (t.typtype IN ('c', 'd', 'r', 'm')
                        OR e.typtype IN ('c', 'd', 'r', 'm')))))
 ORDER BY 3, 1, 2
