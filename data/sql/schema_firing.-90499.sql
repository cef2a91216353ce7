-- Triggers, rules and event triggers of a database, exactly, with whether they
-- are on; and what else means another thing to the same rows. For seeing whether they changed; see src/schema.h. $1 is not looked
-- at.
-- rows: kind, name, definition?
SELECT 'trigger' AS kind,
       pg_catalog.quote_ident(n.nspname) || '.' ||
       pg_catalog.quote_ident(c.relname) || '.' ||
       pg_catalog.quote_ident(t.tgname) AS name,
       CASE t.tgenabled WHEN 'O' THEN 'on' WHEN 'D' THEN 'off'
                        WHEN 'A' THEN 'always' ELSE 'on a replica'
       END || ' #' ||
       pg_catalog.md5(pg_catalog.pg_get_triggerdef(t.oid)) AS definition
  FROM pg_catalog.pg_trigger t
  JOIN pg_catalog.pg_class c ON c.oid = t.tgrelid
  JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
  JOIN pg_catalog.pg_proc p ON p.oid = t.tgfoid
  JOIN pg_catalog.pg_namespace f ON f.oid = p.pronamespace
 WHERE NOT t.tgisinternal
   AND f.nspname <> 'pglogical'
#include "user_relation"
   AND $1::boolean IS NOT NULL
UNION ALL
SELECT 'rule',
       pg_catalog.quote_ident(n.nspname) || '.' ||
       pg_catalog.quote_ident(c.relname) || '.' ||
       pg_catalog.quote_ident(r.rulename),
       CASE r.ev_enabled WHEN 'O' THEN 'on' WHEN 'D' THEN 'off'
                         WHEN 'A' THEN 'always' ELSE 'on a replica'
       END || ' #' || pg_catalog.md5(pg_catalog.pg_get_ruledef(r.oid))
  FROM pg_catalog.pg_rewrite r
  JOIN pg_catalog.pg_class c ON c.oid = r.ev_class
  JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
 WHERE r.rulename <> '_RETURN'
#include "user_relation"
UNION ALL
SELECT 'event trigger',
       pg_catalog.quote_ident(e.evtname),
       CASE e.evtenabled WHEN 'O' THEN 'on' WHEN 'D' THEN 'off'
                         WHEN 'A' THEN 'always' ELSE 'on a replica'
       END || ' #' || e.evtevent || ' ' ||
       e.evtfoid::pg_catalog.regprocedure::text ||
       coalesce(e.evttags::text, '')
  FROM pg_catalog.pg_event_trigger e
 WHERE NOT EXISTS (
           SELECT 1
             FROM pg_catalog.pg_depend d
            WHERE d.classid = 'pg_catalog.pg_event_trigger'::pg_catalog.regclass
              AND d.objid = e.oid
              AND d.deptype = 'e')
UNION ALL
SELECT 'composite type',
       pg_catalog.quote_ident(n.nspname) || '.' ||
       pg_catalog.quote_ident(c.relname),
       ' #' || pg_catalog.string_agg(
                   pg_catalog.quote_ident(a.attname) || ' ' || a.attnum, ', '
                   ORDER BY a.attnum)
  FROM pg_catalog.pg_class c
  JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
  JOIN pg_catalog.pg_attribute a ON a.attrelid = c.oid
 WHERE c.relkind = 'c'
   AND a.attnum > 0
   AND NOT a.attisdropped
#include "user_relation"
 GROUP BY n.nspname, c.relname
UNION ALL
SELECT 'large objects', 'of the database',
       pg_catalog.count(*) || ', the newest ' ||
       coalesce(max(l.oid::bigint), 0)
  FROM pg_catalog.pg_largeobject_metadata l
