-- The columns of a table whose types have no equality, so that a row could not
-- be found by all its values; null when there are none. $1: oid of the table.
-- row: string_agg?
WITH RECURSIVE part (name, type) AS (
    SELECT a.attname, a.atttypid
      FROM pg_catalog.pg_attribute a
     WHERE a.attrelid = $1::oid AND a.attnum > 0 AND NOT a.attisdropped
     UNION
    SELECT p.name, n.type
      FROM part p
      JOIN pg_catalog.pg_type t ON t.oid = p.type
     CROSS JOIN LATERAL (
           SELECT t.typbasetype WHERE t.typtype = 'd'
            UNION ALL
           SELECT t.typelem WHERE t.typtype = 'b' AND t.typcategory = 'A'
            UNION ALL
           SELECT a.atttypid
             FROM pg_catalog.pg_attribute a
            WHERE t.typtype = 'c' AND a.attrelid = t.typrelid
              AND a.attnum > 0 AND NOT a.attisdropped) AS n (type)
)
SELECT pg_catalog.string_agg(DISTINCT pg_catalog.quote_ident(p.name), ', ')
  FROM part p
  JOIN pg_catalog.pg_type t ON t.oid = p.type
 WHERE t.typtype = 'b'
   AND t.typcategory <> 'A'
   AND NOT EXISTS (SELECT 1
                     FROM pg_catalog.pg_opclass o
                     JOIN pg_catalog.pg_am m ON m.oid = o.opcmethod
                    WHERE m.amname IN ('btree', 'hash')
                      AND o.opcdefault
                      AND (o.opcintype = t.oid
                           OR EXISTS (SELECT 1
                                        FROM pg_catalog.pg_cast c
                                       WHERE c.castsource = t.oid
                                         AND c.casttarget = o.opcintype
                                         AND c.castmethod = 'b')))
