-- What the server says of its version, compiler and distribution.
SELECT pg_catalog.version()
