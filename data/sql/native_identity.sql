-- Can the rows of a table be updated while it is published? $1: schema,
-- $2: table.
SELECT CASE c.relreplident
       WHEN 'f' THEN true
       WHEN 'n' THEN false
       ELSE EXISTS (SELECT 1
                      FROM pg_catalog.pg_index i
                     WHERE i.indrelid = c.oid
                       AND i.indisvalid
                       AND i.indimmediate
                       AND CASE c.relreplident WHEN 'i' THEN i.indisreplident
                                               ELSE i.indisprimary
                           END)
       END AS usable
  FROM pg_catalog.pg_class c
  JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
 WHERE n.nspname = $1::text AND c.relname = $2::text
