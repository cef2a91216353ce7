-- Extensions of pglogical that this database lacks, in the order of creation.
-- rows: name
SELECT e.name
  FROM (VALUES ('pglogical')) AS e (name)
 WHERE NOT EXISTS (SELECT 1
                     FROM pg_catalog.pg_extension x
                    WHERE x.extname = e.name)
