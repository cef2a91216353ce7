-- What is to be known first of a server.
-- row: version, user, superuser, in_recovery
SELECT pg_catalog.split_part(pg_catalog.current_setting('server_version'),
                             ' ', 1) AS version,
       current_user AS "user",
       (SELECT r.rolsuper
          FROM pg_catalog.pg_roles r
         WHERE r.rolname = current_user) AS superuser,
       pg_catalog.pg_is_in_recovery() AS in_recovery
