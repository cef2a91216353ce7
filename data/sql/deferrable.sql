-- Tables that travel and have a unique or exclusion constraint that may be
-- checked late, so that its index holds a value twice for a while; but those
-- where another index does not let it come so far. $1: tables left out.
-- rows: schema, name, current
SELECT n.nspname AS schema,
       c.relname AS name,
       pg_catalog.string_agg(x.relname::text, ', ' ORDER BY x.relname)
         AS current
  FROM pg_catalog.pg_class c
  JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
  JOIN pg_catalog.pg_index i ON i.indrelid = c.oid
  JOIN pg_catalog.pg_class x ON x.oid = i.indexrelid
 WHERE NOT i.indimmediate
   AND NOT EXISTS (SELECT 1
                     FROM pg_catalog.pg_index o
                    WHERE o.indrelid = i.indrelid
                      AND o.indisunique AND o.indimmediate AND o.indisvalid
                      AND o.indpred IS NULL AND o.indexprs IS NULL
                      AND o.indkey::int2[] <@ i.indkey::int2[]
                      AND NOT i.indisexclusion)
   AND c.relkind = 'r'
   AND c.relpersistence = 'p'
#include "user_relation"
   AND NOT (n.nspname || '.' || c.relname) = ANY ($1::text[])
 GROUP BY 1, 2
 ORDER BY 1, 2
