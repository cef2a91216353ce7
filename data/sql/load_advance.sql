-- Goes on to the next state; no row when it was not in the one before, or when
-- another run has begun to load since. $1: state before, $2: state to come,
-- $3: run, or null for the same.
-- rows: state
UPDATE pgrepup.load
   SET state = $2::text, run = coalesce($3::text, run), changed = now()
 WHERE state = $1::text
   AND ($1::text <> 'loading' OR $2::text <> 'copied' OR run = $3::text)
RETURNING state
