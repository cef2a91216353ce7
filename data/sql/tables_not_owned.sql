-- Tables that travel and whose owner the role is no member of, and sequences
-- that it may not read. $1: tables left out.
-- rows: schema, name, current, needed
SELECT n.nspname AS schema,
       c.relname AS name,
       CASE WHEN c.relkind = 'S' THEN 'sequence without SELECT, of role '
            ELSE 'of role ' END
           || pg_catalog.pg_get_userbyid(c.relowner) AS current,
       CASE WHEN c.relkind = 'S' THEN 'SELECT'
            ELSE 'membership in its owner' END AS needed
  FROM pg_catalog.pg_class c
  JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
 WHERE ((c.relkind = 'r'
         AND c.relpersistence = 'p'
         AND NOT pg_catalog.pg_has_role(c.relowner, 'USAGE'))
        OR (c.relkind = 'S'
            AND NOT (pg_catalog.has_schema_privilege(n.oid, 'USAGE')
                     AND pg_catalog.has_sequence_privilege(c.oid, 'SELECT'))))
#include "user_relation"
   AND NOT (n.nspname || '.' || c.relname) = ANY ($1::text[])
 ORDER BY 1, 2
