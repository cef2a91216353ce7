-- The unique indexes of a table whose columns are all not null, without
-- condition or expression, narrowest first: immediate ones can be its
-- identity as they are. columns: the key, quoted. $1: oid of the table.
-- rows: name, immediate, columns
SELECT c.relname AS name,
       i.indimmediate AS immediate,
       (SELECT pg_catalog.string_agg(pg_catalog.quote_ident(a.attname), ', '
                                     ORDER BY k.n)
          FROM pg_catalog.generate_series(0, i.indnatts - 1) AS k (n)
          JOIN pg_catalog.pg_attribute a
            ON a.attrelid = i.indrelid AND a.attnum = i.indkey[k.n])
         AS columns
  FROM pg_catalog.pg_index i
  JOIN pg_catalog.pg_class c ON c.oid = i.indexrelid
 WHERE i.indrelid = $1::oid
   AND i.indisunique
   AND i.indisvalid
   AND i.indisready
   AND i.indpred IS NULL
   AND i.indexprs IS NULL
   AND NOT EXISTS (SELECT 1
                     FROM pg_catalog.generate_series(0, i.indnatts - 1) AS k (n)
                     JOIN pg_catalog.pg_attribute a
                       ON a.attrelid = i.indrelid AND a.attnum = i.indkey[k.n]
                    WHERE NOT a.attnotnull OR a.attnum < 1)
 ORDER BY i.indimmediate DESC, i.indnatts,
          pg_catalog.pg_relation_size(i.indexrelid), 1
