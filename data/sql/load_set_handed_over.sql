-- $1: position of the source at the hand-over.
UPDATE pgrepup.load SET handed_over = $1::text, changed = now()
