-- A part of the source's schema that was kept. $1: its name.
-- rows: kind, name, definition?
SELECT s.kind, s.name, s.definition
  FROM pgrepup.schema_copied s
 WHERE s.part = $1::text
