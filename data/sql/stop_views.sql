-- Materialized views, those first that others are made of, be it by way of
-- plain views. populated: have they rows to show?
-- rows: schema, name, populated, level
WITH RECURSIVE uses AS (
    SELECT DISTINCT r.ev_class AS view, d.refobjid AS base
      FROM pg_catalog.pg_depend d
      JOIN pg_catalog.pg_rewrite r ON r.oid = d.objid
     WHERE d.classid = 'pg_catalog.pg_rewrite'::pg_catalog.regclass
       AND d.refclassid = 'pg_catalog.pg_class'::pg_catalog.regclass
       AND d.refobjid <> r.ev_class
), depth AS (
    SELECT c.oid, 0 AS level
      FROM pg_catalog.pg_class c
     WHERE c.relkind IN ('v', 'm')
     UNION
    SELECT u.view, d.level + 1
      FROM depth d
      JOIN uses u ON u.base = d.oid
)
SELECT n.nspname AS schema,
       c.relname AS name,
       c.relispopulated AS populated,
       max(d.level) AS level
  FROM pg_catalog.pg_class c
  JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
  JOIN depth d ON d.oid = c.oid
 WHERE c.relkind = 'm'
   AND n.nspname NOT IN ('pg_catalog', 'information_schema', 'pgrepup')
   AND NOT EXISTS (SELECT 1
                     FROM pg_catalog.pg_depend e
                    WHERE e.classid = 'pg_catalog.pg_class'::pg_catalog.regclass
                      AND e.objid = c.oid
                      AND e.deptype = 'e')
 GROUP BY 1, 2, 3
 ORDER BY 4, 1, 2
