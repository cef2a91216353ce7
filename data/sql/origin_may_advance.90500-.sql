-- only: 90500-
-- May this role position a replication origin?
-- row: may
SELECT pg_catalog.has_function_privilege(
           'pg_catalog.pg_replication_origin_advance(text, pg_lsn)',
           'EXECUTE') AS may
