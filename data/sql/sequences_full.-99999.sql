-- Sequences that have used more than nine tenths of their numbers and do not
-- cycle. $1: relations left out.
-- Before 10 the value is only in the sequence itself, which a statement that
-- does not know its name reads through ts_stat, the one function of every
-- server that runs a query (query_to_xml needs libxml): each value is the only
-- word of a tsvector.
-- rows: schema, name, current
WITH s AS (
    SELECT n.nspname AS schema, c.relname AS name,
           (SELECT w.word::bigint
              FROM pg_catalog.ts_stat(pg_catalog.format(
                       'SELECT pg_catalog.quote_literal(last_value)'
                       '::pg_catalog.tsvector FROM %I.%I',
                       n.nspname, c.relname)) AS w) AS last,
           p.minimum_value AS min, p.maximum_value AS max,
           p.increment AS step, p.cycle_option AS cycles
      FROM pg_catalog.pg_class c
      JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace,
      LATERAL pg_catalog.pg_sequence_parameters(c.oid) p
     WHERE c.relkind = 'S'
       AND n.nspname NOT IN ('pgrepup', 'pglogical', 'pglogical_origin')
       AND n.nspname NOT LIKE 'pg\_temp%'
       -- CASE, since the planner may ask this first, of tables as well
       AND CASE WHEN c.relkind = 'S'
                THEN pg_catalog.has_sequence_privilege(c.oid, 'SELECT')
           END
)
SELECT s.schema,
       s.name,
       'at ' || s.last || ', the end is '
       || CASE WHEN s.step > 0 THEN s.max ELSE s.min END AS current
  FROM s
 WHERE NOT s.cycles
   AND CASE WHEN s.step > 0
            THEN s.last::numeric - s.min > 0.9 * (s.max::numeric - s.min)
            ELSE s.max::numeric - s.last > 0.9 * (s.max::numeric - s.min)
       END
   AND NOT (s.schema || '.' || s.name) = ANY ($1::text[])
 ORDER BY 1, 2
