-- The schema that was copied.
-- rows: kind, name, definition?
SELECT s.kind, s.name, s.definition FROM pgrepup.schema_copied s
