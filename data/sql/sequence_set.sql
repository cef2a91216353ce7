-- $1: schema, $2: name, $3: value, $4: has it been used?
-- row: setval
SELECT pg_catalog.setval(
           pg_catalog.format('%I.%I', $1::text, $2::text)
               ::pg_catalog.regclass, $3::bigint, $4::boolean)
