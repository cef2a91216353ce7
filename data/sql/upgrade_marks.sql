-- The upgrades that roles of this cluster are marked with, and the role; the
-- text is made by src/upgrade.c. A role that uninstall had to leave keeps its
-- mark, but may not log in any more, and takes part in nothing.
-- rows: role, name, source, destination
SELECT r.rolname AS role, m.parts[1] AS name, m.parts[2] AS source,
       m.parts[3] AS destination
  FROM pg_catalog.pg_shdescription d
  JOIN pg_catalog.pg_roles r ON r.oid OPERATOR(pg_catalog.=) d.objoid,
       LATERAL pg_catalog.regexp_matches(d.description,
           '^pgrepup: upgrade ([A-Za-z0-9._-]+) '
           'from cluster ([0-9]+|\?) to cluster ([0-9]+|\?)$') AS m (parts)
 WHERE d.classoid OPERATOR(pg_catalog.=)
       'pg_catalog.pg_authid'::pg_catalog.regclass
   AND r.rolcanlogin
 ORDER BY 1, 2, 3, 4
