-- only: -90599
-- Functions of the server and of extensions that not everybody may call. From
-- 9.6 on a dump says so (pg_init_privs), of a source before it does not.
-- callers: the roles that may, besides the owner.
-- rows: schema, name, arguments, callers?
SELECT n.nspname AS schema,
       p.proname AS name,
       pg_catalog.oidvectortypes(p.proargtypes) AS arguments,
       (SELECT pg_catalog.string_agg(r.rolname, ', ' ORDER BY r.rolname)
          FROM pg_catalog.aclexplode(p.proacl) a
          JOIN pg_catalog.pg_roles r ON r.oid = a.grantee
         WHERE a.grantee <> p.proowner) AS callers
  FROM pg_catalog.pg_proc p
  JOIN pg_catalog.pg_namespace n ON n.oid = p.pronamespace
 WHERE p.proacl IS NOT NULL
   AND NOT EXISTS (SELECT 1
                     FROM pg_catalog.aclexplode(p.proacl) a
                    WHERE a.grantee = 0)
#include "others_function"
 ORDER BY 1, 2, 3
