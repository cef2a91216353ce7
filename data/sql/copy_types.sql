-- Every type that the rows of a table are made of: those of its columns, and
-- what arrays (kind a), domains, composites and ranges are made of. embedded:
-- the type's OID is part of the binary form. $1: OID of the table.
-- rows: schema, name, kind, embedded
WITH RECURSIVE part (type, embedded) AS (
    SELECT a.atttypid, false
      FROM pg_catalog.pg_attribute a
     WHERE a.attrelid = $1::pg_catalog.oid
       AND a.attnum > 0
       AND NOT a.attisdropped
     UNION
    SELECT inner_part.type, inner_part.embedded
      FROM part
      JOIN pg_catalog.pg_type t ON t.oid = part.type
           CROSS JOIN LATERAL
           (SELECT e.oid, true
              FROM pg_catalog.pg_type e
             WHERE e.oid = t.typelem AND e.typarray = t.oid
             UNION ALL
            SELECT t.typbasetype, false
             WHERE t.typtype = 'd'
             UNION ALL
            SELECT a.atttypid, true
              FROM pg_catalog.pg_attribute a
             WHERE t.typtype = 'c'
               AND a.attrelid = t.typrelid
               AND a.attnum > 0
               AND NOT a.attisdropped
             UNION ALL
            SELECT r.rngsubtype, false
              FROM pg_catalog.pg_range r
             WHERE t.typtype = 'r' AND r.rngtypid = t.oid
           ) AS inner_part (type, embedded)
)
SELECT n.nspname AS schema,
       t.typname AS name,
       CASE WHEN EXISTS (SELECT 1
                           FROM pg_catalog.pg_type e
                          WHERE e.oid = t.typelem AND e.typarray = t.oid)
            THEN 'a'
            ELSE t.typtype::text
       END AS kind,
       part.embedded
  FROM part
  JOIN pg_catalog.pg_type t ON t.oid = part.type
  JOIN pg_catalog.pg_namespace n ON n.oid = t.typnamespace
