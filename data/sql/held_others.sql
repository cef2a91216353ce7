-- Those that are not of that kind. $1: names, quoted; $2: a relkind.
-- rows: name
SELECT q.name
  FROM pg_catalog.unnest($1::pg_catalog.text[]) AS q (name)
 WHERE NOT EXISTS (
           SELECT 1
             FROM pg_catalog.pg_class c
            WHERE c.oid OPERATOR(pg_catalog.=)
                      q.name::pg_catalog.regclass::pg_catalog.oid
              AND c.relkind::pg_catalog.text OPERATOR(pg_catalog.=)
                      $2::pg_catalog.text)
