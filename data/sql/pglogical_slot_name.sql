-- The slot that a subscription here will use. $1: name of the source's node,
-- $2: name of the subscription.
-- row: pglogical_gen_slot_name
SELECT pglogical.pglogical_gen_slot_name(pg_catalog.current_database(),
                                         $1::pg_catalog.name,
                                         $2::pg_catalog.name)
