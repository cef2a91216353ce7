-- Counts a table that was copied. $1: schema, $2: name, $3: rows, $4: bytes,
-- $5: its file on the source, $6: what altered its columns, $7: updates and
-- deletes counted there, $8: its columns, all before the slot was made.
INSERT INTO pgrepup.load_table (schema, name, rows, bytes, filenode, altered,
                                changes, columns)
VALUES ($1::text, $2::text, $3::bigint, $4::bigint, $5::text, $6::text,
        $7::bigint, $8::text)
