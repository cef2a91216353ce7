-- The change has happened. $1: id.
UPDATE pgrepup.change SET state = 'done' WHERE id = $1::bigint
