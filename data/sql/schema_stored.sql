-- The schema that was copied.
SELECT s.kind, s.name, s.definition FROM pgrepup.schema_copied s
