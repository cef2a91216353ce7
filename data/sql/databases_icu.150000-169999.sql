-- Databases whose locale is ICU's.
-- rows: name, locale?
SELECT d.datname AS name, d.daticulocale AS locale
  FROM pg_catalog.pg_database d
 WHERE d.datlocprovider = 'i' AND d.datallowconn
