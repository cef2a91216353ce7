-- Marks the schema as pgrepup's own; the text is known to src/registry.c.
COMMENT ON SCHEMA pgrepup IS 'pgrepup registry, format 2'
