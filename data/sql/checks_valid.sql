-- How many CHECK constraints of tables and domains hold for the rows that are
-- there: those that a dump makes after the rows, when it must, are among them.
-- row: checks
SELECT pg_catalog.count(*) AS checks
  FROM pg_catalog.pg_constraint k
  JOIN pg_catalog.pg_namespace n ON n.oid = k.connamespace
 WHERE k.contype = 'c'
   AND k.convalidated
   AND n.nspname NOT LIKE 'pg\_%'
   AND n.nspname NOT IN ('information_schema', 'pgrepup', 'pglogical',
                         'pglogical_origin')
