-- The tables of a database that travel: ordinary tables and partition leaves,
-- permanent, not of an extension, not of the system, not of pgrepup or of
-- pglogical, biggest first. altered: another one whenever a column was altered;
-- columns: which number each has, by which rows are stored.
-- $1: text array of names left out, as SCHEMA.TABLE.
-- rows: schema, name, oid, filenode?, altered?, columns?, changes?, bytes?
-- rows: estimated_rows
SELECT n.nspname AS schema,
       c.relname AS name,
       c.oid::text AS oid,
       pg_catalog.pg_relation_filenode(c.oid)::text AS filenode,
       (SELECT pg_catalog.hashtext(pg_catalog.string_agg(
                   a.attnum || ' ' || a.xmin, ' ' ORDER BY a.attnum))::text
          FROM pg_catalog.pg_attribute a
         WHERE a.attrelid = c.oid AND a.attnum > 0) AS altered,
       (SELECT pg_catalog.json_object_agg(a.attname, a.attnum)::text
          FROM pg_catalog.pg_attribute a
         WHERE a.attrelid = c.oid
           AND a.attnum > 0
           AND NOT a.attisdropped) AS columns,
       pg_catalog.pg_stat_get_tuples_updated(c.oid)
           + pg_catalog.pg_stat_get_tuples_deleted(c.oid) AS changes,
       pg_catalog.pg_table_size(c.oid) AS bytes,
       greatest(c.reltuples, 0)::bigint AS estimated_rows
  FROM pg_catalog.pg_class c
  JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
 WHERE c.relkind = 'r'
   AND c.relpersistence = 'p'
#include "user_relation"
   AND NOT (n.nspname || '.' || c.relname) = ANY ($1::text[])
 ORDER BY bytes DESC, 1, 2
