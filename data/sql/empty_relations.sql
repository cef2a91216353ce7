-- What DROP is called with for each relation that is not an extension's, the
-- system's, pgrepup's or a mechanism's. The sequence of an identity column goes
-- with its table.
-- rows: what
SELECT CASE c.relkind WHEN 'v' THEN 'VIEW'
                      WHEN 'm' THEN 'MATERIALIZED VIEW'
                      WHEN 'f' THEN 'FOREIGN TABLE'
                      WHEN 'S' THEN 'SEQUENCE'
                      ELSE 'TABLE'
       END || ' IF EXISTS ' || pg_catalog.quote_ident(n.nspname) || '.' ||
       pg_catalog.quote_ident(c.relname) || ' CASCADE' AS what
  FROM pg_catalog.pg_class c
  JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
 WHERE c.relkind IN ('r', 'p', 'v', 'm', 'f', 'S')
   AND n.nspname NOT LIKE 'pg\_%'
   AND n.nspname NOT IN ('information_schema', 'pgrepup', 'pglogical',
                         'pglogical_origin')
   AND NOT EXISTS (SELECT 1
                     FROM pg_catalog.pg_depend d
                    WHERE d.classid = 'pg_catalog.pg_class'::pg_catalog.regclass
                      AND d.objid = c.oid
                      AND (d.deptype = 'e'
                           OR (d.deptype = 'i' AND c.relkind = 'S')))
 ORDER BY 1
