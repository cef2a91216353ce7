-- What DROP is called with for everything else in this database, when its
-- relations are gone: event triggers, what lies in schemas, the schemas,
-- servers, casts, languages, extensions. $1: extensions and their schemas too.
-- rows: what
WITH own AS (
    SELECT n.oid, n.nspname
      FROM pg_catalog.pg_namespace n
     WHERE n.nspname NOT LIKE 'pg\_%'
       AND n.nspname NOT IN ('information_schema', 'pgrepup', 'pglogical',
                             'pglogical_origin')
), object (rank, classid, objid) AS (
    SELECT 1, 'pg_catalog.pg_event_trigger'::pg_catalog.regclass::oid, e.oid
      FROM pg_catalog.pg_event_trigger e
    UNION ALL
    SELECT 2, d.classid, d.objid
      FROM pg_catalog.pg_depend d
      JOIN own n ON n.oid = d.refobjid
     WHERE d.refclassid = 'pg_catalog.pg_namespace'::pg_catalog.regclass
       AND d.deptype = 'n'
       AND d.classid NOT IN
           ('pg_catalog.pg_extension'::pg_catalog.regclass,
            'pg_catalog.pg_default_acl'::pg_catalog.regclass)
    UNION ALL
    SELECT 3, 'pg_catalog.pg_foreign_server'::pg_catalog.regclass, s.oid
      FROM pg_catalog.pg_foreign_server s
    UNION ALL
    SELECT 4, 'pg_catalog.pg_foreign_data_wrapper'::pg_catalog.regclass, w.oid
      FROM pg_catalog.pg_foreign_data_wrapper w
    UNION ALL
    SELECT 5, 'pg_catalog.pg_cast'::pg_catalog.regclass, c.oid
      FROM pg_catalog.pg_cast c
     WHERE c.oid >= 16384
    UNION ALL
    SELECT 6, 'pg_catalog.pg_extension'::pg_catalog.regclass, x.oid
      FROM pg_catalog.pg_extension x
     WHERE $1::boolean
       AND x.extname NOT IN ('plpgsql', 'pglogical', 'pglogical_origin')
    UNION ALL
    SELECT 7, 'pg_catalog.pg_language'::pg_catalog.regclass, l.oid
      FROM pg_catalog.pg_language l
     WHERE l.oid >= 16384
    UNION ALL
    SELECT 8, 'pg_catalog.pg_namespace'::pg_catalog.regclass, n.oid
      FROM own n
     WHERE n.nspname <> 'public'
       AND ($1::boolean
            OR NOT EXISTS (SELECT 1 FROM pg_catalog.pg_extension x
                            WHERE x.extnamespace = n.oid))
)
SELECT CASE i.type WHEN 'statistics object' THEN 'STATISTICS'
                   WHEN 'composite type' THEN 'TYPE'
                   WHEN 'foreign-data wrapper' THEN 'FOREIGN DATA WRAPPER'
                   ELSE pg_catalog.upper(i.type)
       END || ' ' || i.identity || ' CASCADE' AS what
  FROM object o
 CROSS JOIN LATERAL pg_catalog.pg_identify_object(o.classid, o.objid, 0) i
 WHERE NOT EXISTS (SELECT 1
                     FROM pg_catalog.pg_depend d
                    WHERE d.classid = o.classid
                      AND d.objid = o.objid
                      AND d.deptype IN ('e', 'i'))
 ORDER BY o.rank, i.identity
