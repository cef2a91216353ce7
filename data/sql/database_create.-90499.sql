-- The statement that makes a database like one of the source. $1 name,
-- $2 encoding, $3 collate, $4 ctype, $5 owner, $6 tablespace, $7 connection
-- limit, $8 provider, $9 locale of the provider, $10 ICU rules, $11 template?
-- This server does not know IS_TEMPLATE.
-- row: statement
SELECT pg_catalog.format(
           'CREATE DATABASE %I TEMPLATE template0 ENCODING %L LC_COLLATE %L '
           'LC_CTYPE %L OWNER %I%s CONNECTION LIMIT %s',
           $1::text, $2::text, $3::text, $4::text, $5::text,
           -- which not everybody may name
           CASE WHEN $6::text = 'pg_default' THEN ''
                ELSE pg_catalog.format(' TABLESPACE %I', $6::text) END,
           $7::text) AS statement
 WHERE $8::text IS NOT NULL
   AND $9::text IS NOT DISTINCT FROM $9::text
   AND $10::text IS NOT DISTINCT FROM $10::text
   AND $11::boolean IS NOT NULL
