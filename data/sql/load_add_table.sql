-- Counts a table that was copied. $1: schema, $2: name, $3: rows, $4: bytes.
INSERT INTO pgrepup.load_table (schema, name, rows, bytes)
VALUES ($1::text, $2::text, $3::bigint, $4::bigint)
