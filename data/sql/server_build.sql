-- What the server says of its version, compiler and distribution.
-- row: version
SELECT pg_catalog.version()
