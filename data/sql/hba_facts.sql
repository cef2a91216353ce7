-- What pg_hba.conf has to be judged with: where it lies, whether it was
-- changed since the server read it, whether the server speaks SSL.
-- row: path, ssl, password_encryption, server_address?, client_address?
SELECT pg_catalog.current_setting('hba_file') AS path,
       pg_catalog.current_setting('ssl') AS ssl,
       pg_catalog.current_setting('password_encryption') AS password_encryption,
       pg_catalog.host(pg_catalog.inet_server_addr()) AS server_address,
       pg_catalog.host(pg_catalog.inet_client_addr()) AS client_address
