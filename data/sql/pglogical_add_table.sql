-- Changes of a table travel from now on. $1: set, $2: schema, $3: table.
-- row: replication_set_add_table
SELECT pglogical.replication_set_add_table(
           $1::pg_catalog.name,
           pg_catalog.format('%I.%I', $2::pg_catalog.text, $3::pg_catalog.text)
                   ::pg_catalog.regclass,
           false, NULL::pg_catalog.text[], NULL::pg_catalog.text)
