-- All that this database has counted of changes of rows, and the files of its
-- tables, which TRUNCATE makes anew: another text when any row was changed. No
-- row where it does not count.
-- rows: counters
SELECT pg_catalog.md5(coalesce(pg_catalog.string_agg(
           c.oid::text || ' ' || pg_catalog.pg_relation_filenode(c.oid) || ' '
           || pg_catalog.pg_stat_get_tuples_inserted(c.oid)
              + pg_catalog.pg_stat_get_tuples_updated(c.oid)
              + pg_catalog.pg_stat_get_tuples_deleted(c.oid), ' '
           ORDER BY c.oid), '')) AS counters
  FROM pg_catalog.pg_class c
  JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
 WHERE c.relkind = 'r'
   AND c.relpersistence = 'p'
   AND n.nspname NOT IN ('pg_catalog', 'information_schema', 'pgrepup')
   AND pg_catalog.current_setting('track_counts')::boolean
HAVING pg_catalog.current_setting('track_counts')::boolean
