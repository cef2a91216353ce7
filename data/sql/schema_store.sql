-- Keeps the schema that was copied. $1, $2, $3: arrays of kinds, names and
-- definitions.
INSERT INTO pgrepup.schema_copied (kind, name, definition)
SELECT r.kind, r.name, r.definition
  FROM ROWS FROM (pg_catalog.unnest($1::text[]),
                  pg_catalog.unnest($2::text[]),
                  pg_catalog.unnest($3::text[]))
       AS r (kind, name, definition)
