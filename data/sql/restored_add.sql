-- In the transaction that restored it: an entry is done. $1: its key.
INSERT INTO pgrepup.restored (key)
SELECT $1::text
 WHERE NOT EXISTS (SELECT 1 FROM pgrepup.restored r WHERE r.key = $1::text)
