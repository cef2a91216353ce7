-- Nothing is copied yet.
DELETE FROM pgrepup.load_table
