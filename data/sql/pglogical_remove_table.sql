-- $1: set, $2: schema, $3: table.
-- row: replication_set_remove_table
SELECT pglogical.replication_set_remove_table(
           $1::pg_catalog.name,
           pg_catalog.format('%I.%I', $2::pg_catalog.text, $3::pg_catalog.text)
                   ::pg_catalog.regclass)
