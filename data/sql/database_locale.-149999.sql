-- How a database sorts. $1: its name.
-- rows: provider, collate, ctype, locale?, rules?
SELECT 'libc' AS provider, d.datcollate AS "collate", d.datctype AS ctype,
       NULL::text AS locale, NULL::text AS rules
  FROM pg_catalog.pg_database d
 WHERE d.datname = $1::name
