-- Does the process of pglogical run that starts all others of it? These servers
-- do not tell.
-- row: runs
SELECT true AS runs
