-- Before 9.6 no function tells: the first eight bytes of the control file,
-- for a superuser.
-- row: sum
SELECT pg_catalog.sum(pg_catalog.get_byte(c.start, i)::bigint << (8 * i))::text
  FROM pg_catalog.generate_series(0, 7) i,
       (SELECT pg_catalog.pg_read_binary_file('global/pg_control', 0, 8)
                   AS start) AS c
