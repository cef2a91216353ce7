-- $1: position of the source at the hand-over.
UPDATE pgrepup.load SET barrier = $1::text, changed = now()
