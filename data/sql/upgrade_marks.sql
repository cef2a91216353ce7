-- The upgrades that roles of this cluster are marked with; the text is made
-- by src/upgrade.c.
SELECT DISTINCT m.parts[1] AS name, m.parts[2] AS source,
       m.parts[3] AS destination
  FROM pg_catalog.pg_shdescription d,
       LATERAL pg_catalog.regexp_matches(d.description,
           '^pgrepup: upgrade ([A-Za-z0-9._-]+) '
           'from cluster ([0-9]+|\?) to cluster ([0-9]+|\?)$') AS m (parts)
 WHERE d.classoid = 'pg_catalog.pg_authid'::pg_catalog.regclass
 ORDER BY 1, 2, 3
