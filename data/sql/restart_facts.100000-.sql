-- What a server finds on its disk at a start, and must have room for. The
-- names are those that a person is told (src/limit.c).
-- row: replication slots, logical replication slots
-- row: physical replication slots, replication origins, prepared transactions
SELECT (SELECT count(*)
          FROM pg_catalog.pg_replication_slots r
         WHERE NOT r.temporary) AS "replication slots",
       (SELECT count(*)
          FROM pg_catalog.pg_replication_slots r
         WHERE r.slot_type = 'logical'
           AND NOT r.temporary) AS "logical replication slots",
       (SELECT count(*)
          FROM pg_catalog.pg_replication_slots r
         WHERE r.slot_type = 'physical'
           AND NOT r.temporary) AS "physical replication slots",
       (SELECT count(*)
          FROM pg_catalog.pg_replication_origin_status) AS "replication origins",
       (SELECT count(*)
          FROM pg_catalog.pg_prepared_xacts) AS "prepared transactions"
