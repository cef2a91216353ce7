-- Transactions that are prepared and not yet finished.
-- rows: gid, role?, database?, age
SELECT p.gid,
       p.owner AS role,
       p.database,
       pg_catalog.date_trunc('second', pg_catalog.now() - p.prepared) AS age
  FROM pg_catalog.pg_prepared_xacts p
 ORDER BY p.prepared
