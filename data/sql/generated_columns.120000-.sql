-- Tables that travel and have generated columns. $1: tables left out.
-- rows: schema, name, current
SELECT n.nspname AS schema,
       c.relname AS name,
       (SELECT pg_catalog.string_agg(a.attname::text, ', ' ORDER BY a.attnum)
          FROM pg_catalog.pg_attribute a
         WHERE a.attrelid = c.oid AND a.attgenerated <> ''
           AND NOT a.attisdropped) AS current
  FROM pg_catalog.pg_class c
  JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
 WHERE c.relkind = 'r'
   AND c.relpersistence = 'p'
#include "user_relation"
   AND NOT (n.nspname || '.' || c.relname) = ANY ($1::text[])
   AND EXISTS (SELECT 1
                 FROM pg_catalog.pg_attribute a
                WHERE a.attrelid = c.oid AND a.attgenerated <> ''
                  AND NOT a.attisdropped)
 ORDER BY 1, 2
