-- Functions that are called when a row is put into a table: by a CHECK of it or
-- of a domain, a generated column, the key of partitions, an index or what it
-- compares ranges with; directly, or by an operator; and by a DEFAULT, when the
-- source drops that column; and that are of a role that is no superuser, or, in
-- what belongs to such a role, of the server, but run what they are given, or
-- are not for everybody (these are pinned, and known by their numbers in the
-- tree of the expression). How many call them, and one of these; whether a table
-- of a superuser does, as whom it is then called; whether it is for each row.
-- rows: schema, name?, current?, of_superuser?, each_row
SELECT n.nspname AS schema,
       p.proname || '(' ||
       pg_catalog.pg_get_function_identity_arguments(p.oid) || ')' AS name,
       'of role ' || o.rolname || ', called by ' ||
       pg_catalog.count(*) || ' of tables, indexes, types and columns, as ' ||
       min(u.name) AS current,
       bool_or(w.rolsuper OR EXISTS (
           SELECT 1
             FROM pg_catalog.pg_attribute i
             JOIN pg_catalog.pg_class j ON j.oid = i.attrelid
             JOIN pg_catalog.pg_roles s ON s.oid = j.relowner
            WHERE i.atttypid = u.domain
              AND s.rolsuper)) AS of_superuser,
       bool_or(u.each_row) AS each_row
  FROM (SELECT d.refclassid, d.refobjid, k.contypid AS domain,
               coalesce(b.relowner, c.relowner, y.typowner, t.typowner)
               AS owner,
               a.oid IS NULL AND coalesce(y.typtype, 'r') <> 'd'
               OR pg_catalog.row_to_json(g) ->> 'attgenerated' <> ''
               AS each_row,
               coalesce('constraint ' || pg_catalog.quote_ident(k.conname) ||
                        ' of ' ||
                        CASE WHEN k.conrelid <> 0::pg_catalog.oid
                             THEN k.conrelid::pg_catalog.regclass::text
                             ELSE k.contypid::pg_catalog.regtype::text
                        END,
                        a.adrelid::pg_catalog.regclass::text,
                        c.oid::pg_catalog.regclass::text,
                        y.oid::pg_catalog.regtype::text) AS name
          FROM pg_catalog.pg_depend d
          LEFT JOIN pg_catalog.pg_constraint k
               ON d.classid = 'pg_catalog.pg_constraint'::pg_catalog.regclass
              AND k.oid = d.objid
              AND k.contype = 'c'
          LEFT JOIN (pg_catalog.pg_attrdef a
                     JOIN pg_catalog.pg_attribute g
                          ON g.attrelid = a.adrelid AND g.attnum = a.adnum)
               ON d.classid = 'pg_catalog.pg_attrdef'::pg_catalog.regclass
              AND a.oid = d.objid
          LEFT JOIN pg_catalog.pg_class c
               ON d.classid = 'pg_catalog.pg_class'::pg_catalog.regclass
              AND c.oid = d.objid
              AND c.relkind IN ('r', 'p', 'i', 'I')
          LEFT JOIN pg_catalog.pg_type y
               ON d.classid = 'pg_catalog.pg_type'::pg_catalog.regclass
              AND y.oid = d.objid
              AND y.typtype IN ('r', 'd')
          LEFT JOIN pg_catalog.pg_class b
               ON b.oid = coalesce(nullif(k.conrelid, 0::pg_catalog.oid),
                                   a.adrelid)
          LEFT JOIN pg_catalog.pg_type t ON t.oid = k.contypid
         WHERE d.refclassid IN (
                   'pg_catalog.pg_proc'::pg_catalog.regclass,
                   'pg_catalog.pg_operator'::pg_catalog.regclass)
           AND coalesce(k.oid, a.oid, c.oid, y.oid) IS NOT NULL) u
  LEFT JOIN pg_catalog.pg_operator q
       ON u.refclassid = 'pg_catalog.pg_operator'::pg_catalog.regclass
      AND q.oid = u.refobjid
  JOIN pg_catalog.pg_proc p
       ON p.oid = coalesce(q.oprcode::pg_catalog.oid, u.refobjid)
  JOIN pg_catalog.pg_namespace n ON n.oid = p.pronamespace
  JOIN pg_catalog.pg_roles o ON o.oid = p.proowner
  JOIN pg_catalog.pg_roles w ON w.oid = u.owner
 WHERE NOT o.rolsuper
   AND o.rolname <> current_user
   AND NOT EXISTS (
           SELECT 1
             FROM pg_catalog.pg_depend e
            WHERE e.classid = 'pg_catalog.pg_proc'::pg_catalog.regclass
              AND e.objid = p.oid
              AND e.deptype = 'e')
 GROUP BY n.nspname, p.proname, p.oid, o.rolname
UNION ALL
SELECT n.nspname,
       p.proname || '(' ||
       pg_catalog.pg_get_function_identity_arguments(p.oid) || ')',
       'of the server, called by ' || pg_catalog.count(*) ||
       ' of what belongs to no superuser, as ' || min(u.name),
       false,
       true
  FROM (SELECT coalesce(c.relowner, t.typowner) AS owner,
               k.conbin::text AS tree,
               'constraint ' || pg_catalog.quote_ident(k.conname) || ' of ' ||
               coalesce(c.oid::pg_catalog.regclass::text,
                        t.oid::pg_catalog.regtype::text) AS name
          FROM pg_catalog.pg_constraint k
          LEFT JOIN pg_catalog.pg_class c ON c.oid = k.conrelid
          LEFT JOIN pg_catalog.pg_type t ON t.oid = k.contypid
         WHERE k.contype = 'c'
        UNION ALL
        SELECT c.relowner, a.adbin::text, c.oid::pg_catalog.regclass::text
          FROM pg_catalog.pg_attrdef a
          JOIN pg_catalog.pg_class c ON c.oid = a.adrelid
          JOIN pg_catalog.pg_attribute g
               ON g.attrelid = a.adrelid AND g.attnum = a.adnum
         WHERE pg_catalog.row_to_json(g) ->> 'attgenerated' <> '') u
  JOIN pg_catalog.pg_roles o ON o.oid = u.owner
  JOIN pg_catalog.pg_proc p
       ON u.tree LIKE '%:funcid ' || p.oid || ' %'
  JOIN pg_catalog.pg_namespace n ON n.oid = p.pronamespace
 WHERE NOT o.rolsuper
   AND o.rolname <> current_user
#include "reaching_function"
 GROUP BY n.nspname, p.proname, p.oid
 ORDER BY 1, 2
