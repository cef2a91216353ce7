-- How a database sorts. $1: its name.
-- rows: provider, collate, ctype, locale?, rules?
SELECT CASE d.datlocprovider WHEN 'i' THEN 'icu' WHEN 'b' THEN 'builtin'
                             ELSE 'libc'
       END AS provider,
       d.datcollate AS "collate", d.datctype AS ctype,
       d.daticulocale AS locale, d.daticurules AS rules
  FROM pg_catalog.pg_database d
 WHERE d.datname = $1::name
