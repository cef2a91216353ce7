-- Barriers from this one on must arrive. $1: its number.
UPDATE pgrepup.load
   SET first_barrier = $1::bigint
