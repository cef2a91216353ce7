-- Is the server built with ICU?
-- row: there
SELECT EXISTS (SELECT 1
                 FROM pg_catalog.pg_collation c
                WHERE c.collprovider = 'i') AS there
