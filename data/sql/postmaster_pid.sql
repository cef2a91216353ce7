-- Number of the server's first process, which tells of the ends of the others.
-- row: pid
SELECT pg_catalog.split_part(pg_catalog.pg_read_file('postmaster.pid', 0, 32),
                             E'\n', 1) AS pid
