-- A replication slot and the process that uses it (which this version does
-- not tell: the walsenders of pgrepup in that database). $1: its name.
-- rows: plugin?, database?, here?, active, pid?, lost
SELECT s.plugin,
       s.database,
       s.database = pg_catalog.current_database() AS here,
       s.active,
       (SELECT min(r.pid)
          FROM pg_catalog.pg_stat_replication r
          JOIN pg_catalog.pg_stat_activity a ON a.pid = r.pid
         WHERE s.active
           AND r.application_name OPERATOR(pg_catalog.=) 'pgrepup'
           AND a.usename OPERATOR(pg_catalog.=) current_user
           AND a.datname = s.database) AS pid,
       false AS lost
  FROM pg_catalog.pg_replication_slots s
 WHERE s.slot_name = $1
