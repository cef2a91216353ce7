-- only: 100000-
-- The publications of applications in this database.
-- rows: name
SELECT p.pubname AS name
  FROM pg_catalog.pg_publication p
 WHERE p.pubname NOT IN ('pgrepup', 'pgrepup_insert')
 ORDER BY 1
