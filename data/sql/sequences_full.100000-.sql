-- Sequences that have used more than nine tenths of their numbers and do not
-- cycle. $1: relations left out.
-- rows: schema, name, current
WITH s AS (
    SELECT q.schemaname AS schema, q.sequencename AS name,
           q.last_value AS last, q.min_value AS min, q.max_value AS max,
           q.increment_by AS step, q.cycle AS cycles
      FROM pg_catalog.pg_sequences q
     WHERE q.last_value IS NOT NULL
       AND q.schemaname NOT IN ('pgrepup', 'pglogical', 'pglogical_origin')
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
