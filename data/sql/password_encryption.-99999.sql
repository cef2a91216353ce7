-- How a password is best kept here: before 10 there is only md5.
-- row: algorithm
SELECT 'md5'::text AS algorithm
