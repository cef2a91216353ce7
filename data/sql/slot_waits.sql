-- The transactions that a slot in the making waits for, oldest first: those
-- that wrote something and were running when it began. Their statements are
-- not shown, since they may hold passwords. $1: seconds since it began.
-- rows: pid?, user?, database?, application?, state?, age, query_start?
-- rows: prepared?, began
SELECT a.pid::text AS pid,
       a.usename AS "user",
       a.datname AS database,
       a.application_name AS application,
       a.state,
       pg_catalog.date_trunc('second', pg_catalog.clock_timestamp()
                             - a.xact_start)::text AS age,
       pg_catalog.to_char(a.query_start, 'YYYY-MM-DD HH24:MI:SS')
           AS query_start,
       NULL::text AS prepared,
       a.xact_start AS began
  FROM pg_catalog.pg_stat_activity a
 WHERE a.backend_xid IS NOT NULL
   AND a.xact_start < pg_catalog.clock_timestamp()
                      - $1::double precision * interval '1 second'
 UNION ALL
SELECT NULL, p.owner, p.database, NULL, NULL,
       pg_catalog.date_trunc('second', pg_catalog.clock_timestamp()
                             - p.prepared)::text,
       NULL, p.gid, p.prepared
  FROM pg_catalog.pg_prepared_xacts p
 WHERE p.prepared < pg_catalog.clock_timestamp()
                    - $1::double precision * interval '1 second'
 ORDER BY began
