-- The change is undone, or did not happen. $1: id.
DELETE FROM pgrepup.change WHERE id = $1::bigint
