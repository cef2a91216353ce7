-- The version of an extension that the server has files of. $1: its name.
-- rows: default_version?
SELECT e.default_version
  FROM pg_catalog.pg_available_extensions e
 WHERE e.name = $1::text
