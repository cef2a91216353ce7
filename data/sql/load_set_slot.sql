-- $1: slot on the source, $2: its consistent point.
UPDATE pgrepup.load
   SET slot = $1::text, lsn = $2::text, changed = now()
