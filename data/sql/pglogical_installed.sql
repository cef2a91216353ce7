-- Is the extension in this database?
-- row: installed
SELECT EXISTS (SELECT 1
                 FROM pg_catalog.pg_extension
                WHERE extname = 'pglogical') AS installed
