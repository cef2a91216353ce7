-- The tables that start copied, and what each was at setup; see
-- schema_identity.sql.
-- rows: name, definition?
SELECT t.schema || '.' || t.name AS name, s.definition
  FROM pgrepup.load_table t
  JOIN pgrepup.schema_copied s
       ON s.kind = 'identity' AND s.name = t.schema || '.' || t.name
