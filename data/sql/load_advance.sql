-- Goes on to the next state; no row when it was not in the one before.
-- $1: state before, $2: state to come, $3: run, or null for the same.
UPDATE pgrepup.load
   SET state = $2::text, run = coalesce($3::text, run), changed = now()
 WHERE state = $1::text
RETURNING state
