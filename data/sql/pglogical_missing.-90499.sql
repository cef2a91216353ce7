-- Extensions of pglogical that this database lacks, in the order of creation.
-- rows: name
SELECT e.name
  FROM (VALUES (1, 'pglogical_origin'), (2, 'pglogical')) AS e (place, name)
 WHERE NOT EXISTS (SELECT 1
                     FROM pg_catalog.pg_extension x
                    WHERE x.extname = e.name)
 ORDER BY e.place
