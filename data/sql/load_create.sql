-- The first row; one that is there stays. $1: name of the upgrade, $2: did
-- pgrepup create the database?
INSERT INTO pgrepup.load (state, upgrade, created)
SELECT 'made', $1::text, $2::boolean
 WHERE NOT EXISTS (SELECT 1 FROM pgrepup.load l)
