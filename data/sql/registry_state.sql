-- Schema pgrepup as it is in this database: no row when there is none. mine:
-- is it the current role's; a row for each thing that is not as
-- registry_create.sql makes it, or one whose difference is null. Nothing in
-- the schema is read or called.
-- rows: owner, mine, marker?, difference?
WITH ours (oid, nspname, nspowner, nspacl) AS (
    SELECT n.oid, n.nspname, n.nspowner, n.nspacl
      FROM pg_catalog.pg_namespace n
     WHERE n.nspname OPERATOR(pg_catalog.=) 'pgrepup'
), relation (oid, name, kind, row) AS (
    SELECT c.oid, c.relname, c.relkind, pg_catalog.row_to_json(c)
      FROM pg_catalog.pg_class c
      JOIN ours n ON n.oid OPERATOR(pg_catalog.=) c.relnamespace
), part (class, oid) AS (
    -- what the tables consist of, as pg_depend names it
    SELECT 'pg_catalog.pg_class'::pg_catalog.regclass, r.oid
      FROM relation r
    UNION ALL
    SELECT 'pg_catalog.pg_attrdef'::pg_catalog.regclass, d.oid
      FROM relation r
      JOIN pg_catalog.pg_attrdef d ON d.adrelid OPERATOR(pg_catalog.=) r.oid
    UNION ALL
    SELECT 'pg_catalog.pg_constraint'::pg_catalog.regclass, c.oid
      FROM relation r
      JOIN pg_catalog.pg_constraint c ON c.conrelid OPERATOR(pg_catalog.=) r.oid
    UNION ALL
    SELECT 'pg_catalog.pg_type'::pg_catalog.regclass, t.oid
      FROM relation r
      JOIN pg_catalog.pg_type t ON t.typrelid OPERATOR(pg_catalog.=) r.oid
    UNION ALL
    SELECT 'pg_catalog.pg_type'::pg_catalog.regclass, t.typarray
      FROM relation r
      JOIN pg_catalog.pg_type t ON t.typrelid OPERATOR(pg_catalog.=) r.oid
), granted (place, acl) AS (
    SELECT 'schema pgrepup', n.nspacl FROM ours n
    UNION ALL
    SELECT pg_catalog.format('pgrepup.%I', c.relname), c.relacl
      FROM relation r
      JOIN pg_catalog.pg_class c ON c.oid OPERATOR(pg_catalog.=) r.oid
    UNION ALL
    SELECT pg_catalog.format('pgrepup.%I, column %I', r.name, a.attname),
           a.attacl
      FROM relation r
      JOIN pg_catalog.pg_attribute a ON a.attrelid OPERATOR(pg_catalog.=) r.oid
), found (line) AS (
    SELECT pg_catalog.format('pgrepup.%I: %s', r.name,
               CASE r.kind WHEN 'r' THEN 'table' WHEN 'S' THEN 'sequence'
                           ELSE pg_catalog.format('relation "%s"', r.kind) END)
      FROM relation r
     WHERE r.kind OPERATOR(pg_catalog.<>) 'i'
    UNION ALL
    SELECT pg_catalog.format('pgrepup.%I: %s', r.name,
                             pg_catalog.pg_get_indexdef(r.oid))
      FROM relation r
     WHERE r.kind OPERATOR(pg_catalog.=) 'i'
    UNION ALL
    -- columns of the catalog that not every version has
    SELECT pg_catalog.format('pgrepup.%I: %s is %s', r.name, f.key, f.value)
      FROM relation r
     CROSS JOIN LATERAL pg_catalog.json_each_text(r.row) f
      JOIN (VALUES ('relpersistence', 'p'), ('reloftype', '0'),
                   ('relrowsecurity', 'false'),
                   ('relforcerowsecurity', 'false'),
                   ('relispartition', 'false')) AS w (key, value)
           ON w.key OPERATOR(pg_catalog.=) f.key
     WHERE f.value OPERATOR(pg_catalog.<>) w.value
    UNION ALL
    SELECT pg_catalog.format('pgrepup.%I: owned by role "%s"', c.relname,
               pg_catalog.pg_get_userbyid(c.relowner))
      FROM relation r
      JOIN pg_catalog.pg_class c ON c.oid OPERATOR(pg_catalog.=) r.oid
      JOIN ours n ON n.nspowner OPERATOR(pg_catalog.<>) c.relowner
    UNION ALL
    SELECT pg_catalog.concat(
               pg_catalog.format('pgrepup.%I: column %I %s', r.name, a.attname,
                   pg_catalog.format_type(a.atttypid, a.atttypmod)),
               CASE WHEN a.attcollation OPERATOR(pg_catalog.<>) t.typcollation
                    THEN ' COLLATE other' END,
               CASE WHEN a.attnotnull THEN ' NOT NULL' END,
               ' DEFAULT ' OPERATOR(pg_catalog.||)
                   pg_catalog.pg_get_expr(d.adbin, d.adrelid))
      FROM relation r
      JOIN pg_catalog.pg_attribute a ON a.attrelid OPERATOR(pg_catalog.=) r.oid
      JOIN pg_catalog.pg_type t ON t.oid OPERATOR(pg_catalog.=) a.atttypid
      LEFT JOIN pg_catalog.pg_attrdef d
           ON d.adrelid OPERATOR(pg_catalog.=) r.oid
          AND d.adnum OPERATOR(pg_catalog.=) a.attnum
     WHERE r.kind OPERATOR(pg_catalog.=) 'r'
       AND a.attnum OPERATOR(pg_catalog.>) 0
       AND NOT a.attisdropped
    UNION ALL
    -- 18 has NOT NULL here as well, which columns tell
    SELECT pg_catalog.format('pgrepup.%I: %s', r.name,
                             pg_catalog.pg_get_constraintdef(c.oid))
      FROM relation r
      JOIN pg_catalog.pg_constraint c ON c.conrelid OPERATOR(pg_catalog.=) r.oid
     WHERE c.contype OPERATOR(pg_catalog.<>) 'n'
    UNION ALL
    SELECT pg_catalog.format('pgrepup.%I: has a rule or is inherited', r.name)
      FROM relation r
     WHERE EXISTS (SELECT 1
                     FROM pg_catalog.pg_rewrite w
                    WHERE w.ev_class OPERATOR(pg_catalog.=) r.oid)
        OR EXISTS (SELECT 1
                     FROM pg_catalog.pg_inherits h
                    WHERE h.inhparent OPERATOR(pg_catalog.=) r.oid
                       OR h.inhrelid OPERATOR(pg_catalog.=) r.oid)
    UNION ALL
    SELECT pg_catalog.format('%s: %s is granted to %s', g.place,
               a.privilege_type,
               CASE a.grantee WHEN 0::pg_catalog.oid THEN 'PUBLIC'
                    ELSE pg_catalog.format('role "%s"',
                             pg_catalog.pg_get_userbyid(a.grantee)) END)
      FROM granted g
     CROSS JOIN LATERAL pg_catalog.aclexplode(g.acl) a
      JOIN ours n ON n.nspowner OPERATOR(pg_catalog.<>) a.grantee
    UNION ALL
    -- what is in the schema and is no relation, and what hangs on the tables
    -- (a trigger, a policy); who reads them by a view is not their business
    SELECT pg_catalog.format('%s is there',
               pg_catalog.pg_describe_object(d.classid, d.objid, d.objsubid))
      FROM pg_catalog.pg_depend d
      JOIN (SELECT 'pg_catalog.pg_namespace'::pg_catalog.regclass AS class,
                   n.oid
              FROM ours n
             UNION ALL
            SELECT p.class, p.oid FROM part p) o
           ON d.refclassid OPERATOR(pg_catalog.=) o.class
          AND d.refobjid OPERATOR(pg_catalog.=) o.oid
     WHERE d.classid OPERATOR(pg_catalog.<>)
           'pg_catalog.pg_rewrite'::pg_catalog.regclass
       AND NOT EXISTS (SELECT 1
                         FROM part p
                        WHERE p.class OPERATOR(pg_catalog.=) d.classid
                          AND p.oid OPERATOR(pg_catalog.=) d.objid)
       AND NOT EXISTS (SELECT 1      -- of TOAST
                         FROM pg_catalog.pg_class c
                        WHERE d.classid OPERATOR(pg_catalog.=)
                              'pg_catalog.pg_class'::pg_catalog.regclass
                          AND c.oid OPERATOR(pg_catalog.=) d.objid
                          AND c.relkind OPERATOR(pg_catalog.=) 't')
       -- the table of barriers travels: a publication has it, and pglogical's
       -- trigger for TRUNCATE is on it
       AND NOT EXISTS (SELECT 1
                         FROM pg_catalog.pg_class c
                        WHERE c.oid OPERATOR(pg_catalog.=) d.classid
                          AND c.relname OPERATOR(pg_catalog.=)
                              'pg_publication_rel')
       AND NOT EXISTS (SELECT 1
                         FROM pg_catalog.pg_trigger t
                         JOIN pg_catalog.pg_depend e
                              ON e.classid OPERATOR(pg_catalog.=)
                                 'pg_catalog.pg_proc'::pg_catalog.regclass
                             AND e.objid OPERATOR(pg_catalog.=) t.tgfoid
                             AND e.deptype OPERATOR(pg_catalog.=) 'e'
                         JOIN pg_catalog.pg_extension x
                              ON e.refclassid OPERATOR(pg_catalog.=)
                                 'pg_catalog.pg_extension'::pg_catalog.regclass
                             AND x.oid OPERATOR(pg_catalog.=) e.refobjid
                        WHERE d.classid OPERATOR(pg_catalog.=)
                              'pg_catalog.pg_trigger'::pg_catalog.regclass
                          AND t.oid OPERATOR(pg_catalog.=) d.objid
                          AND t.tgname OPERATOR(pg_catalog.~~)
                              'queue\_truncate\_trigger%'
                          AND x.extname OPERATOR(pg_catalog.=) 'pglogical')
    UNION ALL
    -- what they lean on: the schema and each other, and nothing else that
    -- did not come with the server
    SELECT pg_catalog.format('%s uses %s',
               pg_catalog.pg_describe_object(d.classid, d.objid, d.objsubid),
               pg_catalog.pg_describe_object(d.refclassid, d.refobjid,
                                             d.refobjsubid))
      FROM pg_catalog.pg_depend d
      JOIN part p ON d.classid OPERATOR(pg_catalog.=) p.class
                 AND d.objid OPERATOR(pg_catalog.=) p.oid
     WHERE NOT (d.refclassid OPERATOR(pg_catalog.=)
                    'pg_catalog.pg_namespace'::pg_catalog.regclass
                AND d.refobjid OPERATOR(pg_catalog.=)
                    (SELECT n.oid FROM ours n))
       AND NOT EXISTS (SELECT 1
                         FROM part q
                        WHERE q.class OPERATOR(pg_catalog.=) d.refclassid
                          AND q.oid OPERATOR(pg_catalog.=) d.refobjid)
), wanted (line) AS (VALUES
#include "registry_format"
), difference (line) AS (
    SELECT f.line FROM (SELECT line FROM found EXCEPT
                        SELECT line FROM wanted) f
    UNION ALL
    SELECT pg_catalog.concat('not there: ', w.line)
      FROM (SELECT line FROM wanted EXCEPT SELECT line FROM found) w
)
SELECT pg_catalog.pg_get_userbyid(n.nspowner) AS owner,
       pg_catalog.pg_get_userbyid(n.nspowner) OPERATOR(pg_catalog.=)
           current_user AS mine,
       pg_catalog.obj_description(n.oid, 'pg_namespace') AS marker,
       d.line AS difference
  FROM ours n
  LEFT JOIN difference d ON true
 ORDER BY d.line
