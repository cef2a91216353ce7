-- Does the process of pglogical run that starts all others of it? True as well
-- where the role may not see: then the checkpointer cannot be seen either.
-- row: runs
SELECT count(*) OPERATOR(pg_catalog.>) 0 AS runs
  FROM pg_catalog.pg_stat_activity a
 WHERE a.backend_type OPERATOR(pg_catalog.=) 'pglogical supervisor'
    OR NOT EXISTS (SELECT 1
                     FROM pg_catalog.pg_stat_activity c
                    WHERE c.backend_type OPERATOR(pg_catalog.=) 'checkpointer')
