-- A function of the server or of an extension, as GRANT names it. open:
-- everybody may call it. $1, $2: schema and name; $3: the types of its
-- arguments, as oidvectortypes says them.
-- rows: what, open
SELECT pg_catalog.format('FUNCTION %I.%I(%s)', n.nspname, p.proname,
                         pg_catalog.oidvectortypes(p.proargtypes)) AS what,
       p.proacl IS NULL OR
       EXISTS (SELECT 1
                 FROM pg_catalog.aclexplode(p.proacl) a
                WHERE a.grantee = 0) AS open
  FROM pg_catalog.pg_proc p
  JOIN pg_catalog.pg_namespace n ON n.oid = p.pronamespace
 WHERE n.nspname = $1::name
   AND p.proname = $2::name
   AND pg_catalog.oidvectortypes(p.proargtypes) = $3::text
#include "others_function"
