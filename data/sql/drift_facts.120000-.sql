-- What tables are, as far as changes that arrive depend on it: a row for each
-- table itself, each column, and so on; see src/drift_words.c. fills_itself: the
-- column has a value when none is given.
-- $1, $2: text arrays of schemas and names of the tables.
-- rows: table, owner, kind, name?, definition?, is_not_null, fills_itself
-- rows: is_generated
#include "drift_wanted"
, generated (oid, attnum) AS (
    SELECT a.attrelid, a.attnum
      FROM wanted w
      JOIN pg_catalog.pg_attribute a ON a.attrelid = w.oid
     WHERE a.attgenerated <> ''
)
#include "drift_facts"
