-- How a password is best kept here, whatever the server's default is: a rule
-- that says md5 takes a scram hash as well, but not the other way round.
-- row: algorithm
SELECT 'scram-sha-256'::text AS algorithm
