-- Tables of a replication set. $1: name of the set.
SELECT t.nspname AS schema, t.relname AS name
  FROM pglogical.tables t
 WHERE t.set_name = $1
 ORDER BY 1, 2
