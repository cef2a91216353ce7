-- In the transaction that restores it, before it: an entry is done.
-- $1: its key.
INSERT INTO pgrepup.restored (key)
SELECT $1::pg_catalog.text
 WHERE NOT EXISTS (SELECT 1 FROM pgrepup.restored r
                    WHERE r.key OPERATOR(pg_catalog.=) $1::pg_catalog.text)
