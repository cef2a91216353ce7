-- What makes a table the one that was copied, for seeing whether it was made
-- anew under its name, or lost the key by which its changes travel, be it for a
-- while: the number of the constraint (REINDEX does not change it) comes last.
-- See src/schema.h. $1 is not looked at.
-- rows: kind, name, definition?
SELECT 'identity' AS kind,
       n.nspname || '.' || c.relname AS name,
       'table ' || c.oid || ', ' ||
       CASE c.relreplident WHEN 'f' THEN 'identity full'
                           WHEN 'n' THEN 'identity nothing'
                           ELSE coalesce('key ' || (
                SELECT pg_catalog.string_agg(
                           pg_catalog.quote_ident(a.attname), ', '
                           ORDER BY k.at)
                  FROM pg_catalog.pg_index i
                 CROSS JOIN LATERAL
                       pg_catalog.generate_series(0, i.indnatts - 1) AS k (at)
                  JOIN pg_catalog.pg_attribute a
                       ON a.attrelid = c.oid AND a.attnum = i.indkey[k.at]
                 WHERE i.indrelid = c.oid
                   AND i.indisvalid
                   AND i.indimmediate
                   AND CASE c.relreplident WHEN 'i' THEN i.indisreplident
                                           ELSE i.indisprimary
                       END), 'no key')
       END || coalesce(' #' || (
                SELECT min(k.oid::bigint)
                  FROM pg_catalog.pg_index i
                  JOIN pg_catalog.pg_constraint k
                       ON k.conindid = i.indexrelid
                      AND k.conrelid = c.oid
                 WHERE i.indrelid = c.oid
                   AND k.contype IN ('p', 'u')
                   AND CASE c.relreplident WHEN 'i' THEN i.indisreplident
                                           ELSE i.indisprimary
                       END), '') AS definition
  FROM pg_catalog.pg_class c
  JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
 WHERE c.relkind = 'r'
#include "user_relation"
   AND $1::boolean IS NOT NULL
