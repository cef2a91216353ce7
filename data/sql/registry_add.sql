-- Records a change. An object that has a row keeps its first old value, which
-- is what undoing goes back to. $1 kind, $2 schema, $3 name, $4 part,
-- $5 old value, $6 new value, $7 state.
-- rows: id
WITH updated AS (
    UPDATE pgrepup.change
       SET new_value = $6::text, state = $7::text
     WHERE kind = $1::text AND schema = $2::text AND name = $3::text
       AND part = $4::text
    RETURNING id
), inserted AS (
    INSERT INTO pgrepup.change
           (kind, schema, name, part, old_value, new_value, state)
    SELECT $1::text, $2::text, $3::text, $4::text, $5::text, $6::text,
           $7::text
     WHERE NOT EXISTS (SELECT 1 FROM updated)
    RETURNING id
)
SELECT id FROM updated UNION ALL SELECT id FROM inserted
