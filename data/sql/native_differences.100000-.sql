-- only: 100000-
-- Tables that start copied and the subscription does not apply changes to, and
-- the other way round. $1: name of the subscription.
-- rows: schema, name, what
WITH subscribed AS (
    SELECT n.nspname::text AS schema, c.relname::text AS name
      FROM pg_catalog.pg_subscription s
      JOIN pg_catalog.pg_database d ON d.oid = s.subdbid
      JOIN pg_catalog.pg_subscription_rel r ON r.srsubid = s.oid
      JOIN pg_catalog.pg_class c ON c.oid = r.srrelid
      JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
     WHERE d.datname = pg_catalog.current_database()
       AND s.subname = $1::text
       AND r.srsubstate = 'r'
       AND n.nspname <> 'pgrepup'
), copied AS (
    SELECT t.schema, t.name FROM pgrepup.load_table t
)
SELECT c.schema, c.name, 'copied, but not published' AS what
  FROM (SELECT * FROM copied EXCEPT SELECT * FROM subscribed) c
 UNION ALL
SELECT c.schema, c.name, 'published, but was not copied'
  FROM (SELECT * FROM subscribed EXCEPT SELECT * FROM copied) c
 ORDER BY 1, 2
