-- Where this server listens, for a connection from itself. Not everybody may
-- see its sockets.
-- row: addresses, port, sockets
SELECT pg_catalog.current_setting('listen_addresses') AS addresses,
       pg_catalog.current_setting('port') AS port,
       coalesce((SELECT s.setting
                   FROM pg_catalog.pg_settings s
                  WHERE s.name = 'unix_socket_directories'), '') AS sockets
