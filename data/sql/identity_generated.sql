-- The generated columns of a table that keep REPLICA IDENTITY FULL from working
-- (see native_identity): those of its primary key, from 18 on all; null when
-- there are none. Before 12 no column is generated. $1: oid of the table.
-- row: string_agg?
SELECT pg_catalog.string_agg(pg_catalog.quote_ident(a.attname), ', '
                             ORDER BY a.attnum)
  FROM pg_catalog.pg_attribute a
 WHERE a.attrelid = $1::oid
   AND a.attnum > 0
   AND NOT a.attisdropped
   AND pg_catalog.row_to_json(a) ->> 'attgenerated' <> ''
   AND (pg_catalog.current_setting('server_version_num')::int >= 180000
        OR EXISTS (SELECT 1
                     FROM pg_catalog.pg_index i
                     JOIN pg_catalog.generate_series(
                              0, pg_catalog.array_upper(i.indoption, 1))
                              AS k (n) ON i.indkey[k.n] = a.attnum
                    WHERE i.indrelid = a.attrelid AND i.indisprimary))
