-- The sequences of a database, which way each counts, and if it begins anew at
-- its end.
-- rows: schema, name, ascending, cycles
SELECT n.nspname AS schema,
       c.relname AS name,
       (pg_catalog.pg_sequence_parameters(c.oid)).increment > 0 AS ascending,
       (pg_catalog.pg_sequence_parameters(c.oid)).cycle_option AS cycles
  FROM pg_catalog.pg_class c
  JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
 WHERE c.relkind = 'S'
   AND c.relpersistence <> 't'
#include "user_relation"
 ORDER BY 1, 2
