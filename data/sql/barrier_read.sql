-- Which barriers have arrived in this database of the destination: the first one
-- that must, the last one that did, and the first that is missing between, with
-- when those around it were made, in whole seconds around it. No row: none is
-- known of.
-- rows: first, last?, missing?, before?, after?
WITH expected AS (
    SELECT l.first_barrier AS first
      FROM pgrepup.load l
     WHERE l.first_barrier IS NOT NULL
), arrived AS (
    SELECT b.n, b.made
      FROM pgrepup.barrier b, expected e
     WHERE b.n >= e.first
), missing AS (
    SELECT min(m.n) AS n
      FROM (SELECT e.first AS n FROM expected e
             UNION ALL
            SELECT a.n + 1 FROM arrived a) m
     WHERE NOT EXISTS (SELECT 1 FROM arrived a WHERE a.n = m.n)
       AND m.n < (SELECT max(a.n) FROM arrived a)
)
SELECT e.first,
       (SELECT max(a.n) FROM arrived a) AS last,
       m.n AS missing,
       (SELECT pg_catalog.date_trunc('second', max(a.made))
          FROM arrived a
         WHERE a.n < m.n) AS before,
       (SELECT pg_catalog.date_trunc('second', min(a.made)) +
               '1 second'::pg_catalog.interval
          FROM arrived a
         WHERE a.n > m.n) AS after
  FROM expected e
 CROSS JOIN missing m
