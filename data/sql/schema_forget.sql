-- Before that part of a schema is kept anew. $1: its name.
DELETE FROM pgrepup.schema_copied s
 WHERE s.part = $1::text
