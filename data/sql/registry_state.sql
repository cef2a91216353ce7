-- Schema pgrepup as it is in this database: no row when there is none. mine:
-- is it the current role's; alien: the first thing in it of another role, or
-- a trigger or rule on its tables.
SELECT pg_catalog.pg_get_userbyid(n.nspowner) AS owner,
       pg_catalog.pg_get_userbyid(n.nspowner) = current_user AS mine,
       pg_catalog.obj_description(n.oid, 'pg_namespace') AS marker,
       (SELECT min(c.relname::text)
          FROM pg_catalog.pg_class c
         WHERE c.relnamespace = n.oid
           AND (c.relowner <> n.nspowner
                OR (c.relkind NOT IN ('r', 'i', 'S', 't'))
                OR EXISTS (SELECT 1 FROM pg_catalog.pg_trigger t
                            WHERE t.tgrelid = c.oid AND NOT t.tgisinternal)
                OR EXISTS (SELECT 1 FROM pg_catalog.pg_rewrite r
                            WHERE r.ev_class = c.oid))) AS alien
  FROM pg_catalog.pg_namespace n
 WHERE n.nspname = 'pgrepup'
