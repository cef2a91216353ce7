-- Is the server built with ICU?
SELECT EXISTS (SELECT 1
                 FROM pg_catalog.pg_collation c
                WHERE c.collprovider = 'i')
