-- How far this database of the destination is filled; no row: not begun.
-- rows: state, created, run?, slot?, lsn?, handed_over?, upgrade, tables
-- rows: total_bytes, bytes, tables_ready
SELECT l.state, l.created, l.run, l.slot, l.lsn, l.handed_over, l.upgrade,
       l.tables, l.total_bytes,
       (SELECT coalesce(sum(t.bytes), 0)::bigint
          FROM pgrepup.load_table t) AS bytes,
       (SELECT count(*) FROM pgrepup.load_table t) AS tables_ready
  FROM pgrepup.load l
