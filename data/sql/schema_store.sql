-- Keeps a part of the source's schema. $1: its name; $2, $3, $4: arrays of
-- kinds, names and definitions.
INSERT INTO pgrepup.schema_copied (part, kind, name, definition)
SELECT $1::text, r.kind, r.name, r.definition
  FROM ROWS FROM (pg_catalog.unnest($2::text[]),
                  pg_catalog.unnest($3::text[]),
                  pg_catalog.unnest($4::text[]))
       AS r (kind, name, definition)
