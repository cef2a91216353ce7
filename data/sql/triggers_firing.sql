-- Triggers and rules of tables that travel which fire in sessions that
-- replicate as well (ENABLE ALWAYS, ENABLE REPLICA). $1: tables left out.
-- rows: schema, name, current
SELECT n.nspname AS schema,
       c.relname AS name,
       f.kind || ' ' || f.name || CASE f.enabled WHEN 'A' THEN ', ENABLE ALWAYS'
                                                 ELSE ', ENABLE REPLICA'
                                  END AS current
  FROM (SELECT t.tgrelid AS relation, 'trigger'::text AS kind,
               t.tgname::text AS name, t.tgenabled AS enabled
          FROM pg_catalog.pg_trigger t
         WHERE NOT t.tgisinternal
        UNION ALL
        SELECT r.ev_class, 'rule', r.rulename::text, r.ev_enabled
          FROM pg_catalog.pg_rewrite r) f
  JOIN pg_catalog.pg_class c ON c.oid = f.relation
  JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
 WHERE f.enabled IN ('A', 'R')
   AND c.relkind IN ('r', 'p')
#include "user_relation"
   AND NOT (n.nspname || '.' || c.relname) = ANY ($1::text[])
 ORDER BY 1, 2, 3
