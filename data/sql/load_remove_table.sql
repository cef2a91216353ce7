-- A table is not copied any more. $1: schema, $2: name.
DELETE FROM pgrepup.load_table t
 WHERE t.schema = $1::text AND t.name = $2::text
