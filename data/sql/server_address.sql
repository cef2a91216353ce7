-- Where this server listens, for a connection from itself.
SELECT pg_catalog.current_setting('listen_addresses') AS addresses,
       pg_catalog.current_setting('port') AS port,
       pg_catalog.current_setting('unix_socket_directories') AS sockets
