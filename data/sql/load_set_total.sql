-- What is to be copied. $1: tables, $2: bytes.
UPDATE pgrepup.load
   SET tables = $1::bigint, total_bytes = $2::bigint, changed = now()
