-- What bounds the replication role while it lives: a forgotten password ends,
-- and one that is known to others takes not every connection. Four for each
-- database: what replicates, what makes it, and what each of them leaves behind
-- for as long as the server has not noticed that it is gone.
-- row: connections, until
SELECT (10 + 4 * pg_catalog.count(*))::text AS connections,
       (pg_catalog.now() + '1 year'::interval)::text AS until
  FROM pg_catalog.pg_database
