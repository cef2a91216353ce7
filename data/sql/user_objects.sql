-- Things in this database that are not the system's, an extension's, pgrepup's
-- or a mechanism's: is somebody using it?
-- rows: name?
WITH own AS (
    SELECT n.oid, n.nspname
      FROM pg_catalog.pg_namespace n
     WHERE n.nspname NOT LIKE 'pg\_%'
       AND n.nspname NOT IN ('information_schema', 'pgrepup', 'pglogical',
                             'pglogical_origin')
), object (classid, objid) AS (
    SELECT d.classid, d.objid
      FROM pg_catalog.pg_depend d
      JOIN own n ON n.oid = d.refobjid
     WHERE d.refclassid = 'pg_catalog.pg_namespace'::pg_catalog.regclass
       AND d.deptype = 'n'
       AND d.classid NOT IN
           ('pg_catalog.pg_extension'::pg_catalog.regclass,
            'pg_catalog.pg_default_acl'::pg_catalog.regclass)
    UNION ALL
    SELECT 'pg_catalog.pg_namespace'::pg_catalog.regclass, n.oid
      FROM own n
     WHERE n.nspname <> 'public'
       AND NOT EXISTS (SELECT 1 FROM pg_catalog.pg_extension x
                        WHERE x.extnamespace = n.oid)
)
SELECT i.type || ' ' || i.identity AS name
  FROM object o
 CROSS JOIN LATERAL pg_catalog.pg_identify_object(o.classid, o.objid, 0) i
 WHERE NOT EXISTS (SELECT 1
                     FROM pg_catalog.pg_depend d
                    WHERE d.classid = o.classid
                      AND d.objid = o.objid
                      AND d.deptype IN ('e', 'i'))
 ORDER BY 1
 LIMIT 5
