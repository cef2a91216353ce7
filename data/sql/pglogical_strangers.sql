-- What in the schemas of pglogical is not pglogical's, in words, and a statement
-- that mends it: a schema of another role than the extension's or a superuser,
-- rights to make something there, and objects that are no member of the
-- extension: overloads of its functions, say. A schema without its extension,
-- which DROP EXTENSION leaves behind, must be empty.
-- rows: schema, what, remedy
WITH place (oid, name, owner, acl, extension) AS (
    SELECT n.oid, n.nspname, n.nspowner, n.nspacl, x.oid
      FROM pg_catalog.pg_namespace n
      LEFT JOIN pg_catalog.pg_extension x
           ON x.extname OPERATOR(pg_catalog.=) n.nspname
     WHERE n.nspname OPERATOR(pg_catalog.=) 'pglogical'
        OR n.nspname OPERATOR(pg_catalog.=) 'pglogical_origin'
), trusted (oid) AS (
    SELECT r.oid
      FROM pg_catalog.pg_roles r
     WHERE r.rolsuper
        OR r.rolname OPERATOR(pg_catalog.=) current_user
    UNION
    SELECT x.extowner
      FROM pg_catalog.pg_extension x
      JOIN place p ON p.extension OPERATOR(pg_catalog.=) x.oid
), stranger (place, extension, what, remedy) AS (
    SELECT p.name, p.extension,
           pg_catalog.format('is owned by role "%s"',
                             pg_catalog.pg_get_userbyid(p.owner)),
           pg_catalog.format('ALTER SCHEMA %I OWNER TO CURRENT_USER', p.name)
      FROM place p
     WHERE NOT EXISTS (SELECT 1
                         FROM trusted t
                        WHERE t.oid OPERATOR(pg_catalog.=) p.owner)
    UNION ALL
    SELECT p.name, p.extension,
           pg_catalog.format('lets %s make objects in it',
               CASE a.grantee WHEN 0::pg_catalog.oid THEN 'PUBLIC'
                    ELSE pg_catalog.format('role "%s"', r.rolname) END),
           pg_catalog.format('REVOKE CREATE ON SCHEMA %I FROM %s', p.name,
               CASE a.grantee WHEN 0::pg_catalog.oid THEN 'PUBLIC'
                    ELSE pg_catalog.quote_ident(r.rolname) END)
      FROM place p
     CROSS JOIN LATERAL pg_catalog.aclexplode(p.acl) a
      LEFT JOIN pg_catalog.pg_roles r ON r.oid OPERATOR(pg_catalog.=) a.grantee
     WHERE a.privilege_type OPERATOR(pg_catalog.=) 'CREATE'
       AND a.grantee OPERATOR(pg_catalog.<>) p.owner
       AND NOT EXISTS (SELECT 1
                         FROM trusted t
                        WHERE t.oid OPERATOR(pg_catalog.=) a.grantee)
    UNION ALL
    SELECT p.name, p.extension,
           pg_catalog.format('has %s', pg_catalog.pg_describe_object(
                                           d.classid, d.objid, 0)),
           pg_catalog.format('DROP %s %s', pg_catalog.upper(i.type),
                             i.identity)
      FROM place p
      JOIN pg_catalog.pg_depend d
           ON d.refclassid OPERATOR(pg_catalog.=)
              'pg_catalog.pg_namespace'::pg_catalog.regclass
          AND d.refobjid OPERATOR(pg_catalog.=) p.oid
     CROSS JOIN LATERAL
           pg_catalog.pg_identify_object(d.classid, d.objid, 0) i
     WHERE d.classid OPERATOR(pg_catalog.<>)
           'pg_catalog.pg_extension'::pg_catalog.regclass
       AND NOT EXISTS (SELECT 1
                         FROM pg_catalog.pg_depend e
                        WHERE e.classid OPERATOR(pg_catalog.=) d.classid
                          AND e.objid OPERATOR(pg_catalog.=) d.objid
                          AND e.refclassid OPERATOR(pg_catalog.=)
                              'pg_catalog.pg_extension'::pg_catalog.regclass
                          AND e.deptype OPERATOR(pg_catalog.=) 'e')
       AND NOT EXISTS (SELECT 1     -- a sequence goes with its column
                         FROM pg_catalog.pg_depend e
                        WHERE e.classid OPERATOR(pg_catalog.=) d.classid
                          AND e.objid OPERATOR(pg_catalog.=) d.objid
                          AND e.refclassid OPERATOR(pg_catalog.=)
                              'pg_catalog.pg_class'::pg_catalog.regclass
                          AND e.refobjsubid OPERATOR(pg_catalog.>) 0)
)
SELECT s.place AS schema, s.what,
       CASE WHEN s.extension IS NOT NULL THEN s.remedy
            ELSE pg_catalog.format('ALTER SCHEMA %I RENAME TO %I', s.place,
                     pg_catalog.concat(s.place, '_old')) END AS remedy
  FROM stranger s
 ORDER BY 1, 2
