-- Extensions whose files the server has.
-- rows: name, default_version?
SELECT e.name, e.default_version
  FROM pg_catalog.pg_available_extensions e
