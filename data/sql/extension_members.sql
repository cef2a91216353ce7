-- Relations of roles that are no superusers that belong to an extension which
-- only a superuser, or its own script, can make objects for: an owner has added
-- them, and no dump has what belongs to an extension. $1: tables left out.
-- rows: schema, name, current?
SELECT n.nspname AS schema,
       c.relname AS name,
       'of role ' || o.rolname || ', in extension ' || e.extname
       AS current
  FROM pg_catalog.pg_extension e
  JOIN pg_catalog.pg_depend d
       ON d.refclassid = 'pg_catalog.pg_extension'::pg_catalog.regclass
      AND d.refobjid = e.oid
      AND d.classid = 'pg_catalog.pg_class'::pg_catalog.regclass
      AND d.deptype = 'e'
  JOIN pg_catalog.pg_class c ON c.oid = d.objid
  JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
  JOIN pg_catalog.pg_roles o ON o.oid = c.relowner
 WHERE c.relkind IN ('r', 'p', 'S', 'm', 'v', 'f')
   AND NOT o.rolsuper
   AND NOT (n.nspname || '.' || c.relname) = ANY ($1::text[])
   AND EXISTS (SELECT 1
                 FROM pg_catalog.pg_available_extension_versions() v
                WHERE v.name = e.extname
                  AND v.version = e.extversion
                  AND v.superuser)
 ORDER BY 1, 2
