-- The address of the server in this connection; null for a Unix-domain socket.
-- row: host?
SELECT pg_catalog.host(pg_catalog.inet_server_addr())
