-- Event triggers that fire although the session replicates: ENABLE ALWAYS and
-- ENABLE REPLICA, but for those of extensions. $1 is not looked at.
-- rows: schema?, name, current
SELECT NULL::text AS schema,
       e.evtname AS name,
       'on ' || e.evtevent || CASE e.evtenabled WHEN 'A' THEN ', ENABLE ALWAYS'
                                                ELSE ', ENABLE REPLICA'
                              END AS current
  FROM pg_catalog.pg_event_trigger e
 WHERE e.evtenabled IN ('A', 'R')
   AND $1::text[] IS NOT NULL
   AND NOT EXISTS (SELECT 1
                     FROM pg_catalog.pg_depend d
                    WHERE d.classid =
                          'pg_catalog.pg_event_trigger'::pg_catalog.regclass
                      AND d.objid = e.oid
                      AND d.deptype = 'e')
 ORDER BY 1, 2
