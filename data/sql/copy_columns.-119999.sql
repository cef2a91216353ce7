-- The columns of a table whose values are copied. $1: OID of the table.
-- rows: name
SELECT a.attname AS name
  FROM pg_catalog.pg_attribute a
 WHERE a.attrelid = $1::pg_catalog.oid
   AND a.attnum > 0
   AND NOT a.attisdropped
 ORDER BY a.attnum
