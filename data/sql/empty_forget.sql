-- What was kept about rows and objects that are gone now.
WITH a AS (DELETE FROM pgrepup.load_table),
     c AS (DELETE FROM pgrepup.barrier),
     b AS (DELETE FROM pgrepup.change
            WHERE kind IN ('column', 'index', 'replica_identity', 'trigger',
                           'rule', 'slot'))
UPDATE pgrepup.load
   SET slot = NULL, lsn = NULL, handed_over = NULL, first_barrier = NULL,
       tables = 0, total_bytes = 0
