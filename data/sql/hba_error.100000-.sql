-- only: 100000-
-- The first thing that the server has against pg_hba.conf as the file is now.
-- rows: wrong
SELECT 'line ' || r.line_number || ': ' || r.error AS wrong
  FROM pg_catalog.pg_hba_file_rules r
 WHERE r.error IS NOT NULL
 ORDER BY r.line_number
 LIMIT 1
