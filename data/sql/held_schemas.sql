-- Keeps schemas from being renamed until the transaction ends; of a superuser.
-- $1: their names.
-- rows: nspname
SELECT n.nspname
  FROM pg_catalog.pg_namespace n
 WHERE n.nspname::pg_catalog.text OPERATOR(pg_catalog.=)
           ANY ($1::pg_catalog.text[])
   FOR SHARE
