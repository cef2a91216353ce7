-- Can the rows of a table be updated and deleted while it is published, here
-- and there? Generated columns are not sent (before 12 there are none), so a
-- key may not have one; nor the primary key of a table whose whole row is sent,
-- by which the destination looks for it. With the whole row, 18 and later
-- refuse them anywhere. $1: schema, $2: table.
-- rows: usable
WITH found AS (
    SELECT i.indrelid, i.indisprimary, i.indisreplident,
           i.indimmediate AND i.indisvalid AS usable,
           NOT EXISTS (
               SELECT 1
                 FROM pg_catalog.generate_series(
                          0, pg_catalog.array_upper(i.indoption, 1)) AS k (n)
                 JOIN pg_catalog.pg_attribute a
                   ON a.attrelid = i.indrelid AND a.attnum = i.indkey[k.n]
                WHERE pg_catalog.row_to_json(a) ->> 'attgenerated' <> '')
             AS sent
      FROM pg_catalog.pg_index i
     WHERE i.indisprimary OR i.indisreplident
)
SELECT CASE c.relreplident
       WHEN 'f' THEN NOT EXISTS (SELECT 1 FROM found f
                                  WHERE f.indrelid = c.oid
                                    AND f.indisprimary AND NOT f.sent)
            AND NOT (pg_catalog.current_setting('server_version_num')::int
                     >= 180000
                     AND EXISTS (SELECT 1 FROM pg_catalog.pg_attribute a
                                  WHERE a.attrelid = c.oid
                                    AND NOT a.attisdropped
                                    AND pg_catalog.row_to_json(a)
                                        ->> 'attgenerated' <> ''))
       WHEN 'n' THEN false
       ELSE EXISTS (SELECT 1 FROM found f
                     WHERE f.indrelid = c.oid AND f.usable AND f.sent
                       AND CASE c.relreplident WHEN 'i' THEN f.indisreplident
                                               ELSE f.indisprimary
                           END)
       END AS usable
  FROM pg_catalog.pg_class c
  JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
 WHERE n.nspname = $1::text AND c.relname = $2::text
