-- What is recorded in this database, newest first. $1: a kind, or null.
-- rows: id, kind, schema, name, part, old_value?, new_value?, state
SELECT id, kind, schema, name, part, old_value, new_value, state
  FROM pgrepup.change
 WHERE $1::text IS NULL OR kind = $1::text
 ORDER BY id DESC
