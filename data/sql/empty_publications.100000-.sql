-- only: 100000-
-- What DROP is called with for the publications of this database.
-- rows: what
SELECT 'PUBLICATION ' || pg_catalog.quote_ident(p.pubname) AS what
  FROM pg_catalog.pg_publication p
 ORDER BY 1
