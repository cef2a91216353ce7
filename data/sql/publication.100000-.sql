-- only: 100000-
-- Is there a publication of that name in this database? $1: its name.
-- rows: name
SELECT p.pubname AS name
  FROM pg_catalog.pg_publication p
 WHERE p.pubname = $1::text
