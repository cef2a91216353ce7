-- only: 110000-
-- Of columns, those in which rows of before have another value here. $1: tables,
-- $2: columns, $3: values.
-- rows: name, column, value?
SELECT t.name, t.column, a.attmissingval::text AS value
  FROM ROWS FROM (pg_catalog.unnest($1::text[]), pg_catalog.unnest($2::text[]),
                  pg_catalog.unnest($3::text[])) AS t (name, "column", value)
  JOIN (pg_catalog.pg_class r
        JOIN pg_catalog.pg_namespace n ON n.oid = r.relnamespace)
       ON n.nspname || '.' || r.relname = t.name
  JOIN pg_catalog.pg_attribute a ON a.attrelid = r.oid AND a.attname = t.column
 WHERE a.atthasmissing
   AND a.attmissingval::text <> t.value
 ORDER BY 1, 2
