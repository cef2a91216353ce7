-- Name, quoted, of the sequence behind a column. $1: schema, $2: table.
-- row: pg_get_serial_sequence?
SELECT pg_catalog.pg_get_serial_sequence(
           pg_catalog.quote_ident($1::text) || '.'
             || pg_catalog.quote_ident($2::text), '__pgrepup_id')
