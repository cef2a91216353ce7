-- A table and all that inherits from it or is a part of it: which of them
-- are in need of an identity (as in replica_identity). $1: oid of the root.
-- rows: schema, name, oid, root, partitioned, identity, has_any_key
-- rows: estimated_rows, bytes?, needs
WITH RECURSIVE tree AS (
    SELECT $1::oid AS oid
    UNION
    SELECT h.inhrelid
      FROM tree t
      JOIN pg_catalog.pg_inherits h ON h.inhparent = t.oid
), keys AS (
    SELECT i.indrelid, i.indisprimary, i.indisreplident
      FROM pg_catalog.pg_index i
     WHERE i.indimmediate AND i.indisvalid
       AND NOT EXISTS (
           SELECT 1
             FROM pg_catalog.generate_series(
                      0, pg_catalog.array_upper(i.indoption, 1)) AS k (n)
             JOIN pg_catalog.pg_attribute a
               ON a.attrelid = i.indrelid AND a.attnum = i.indkey[k.n]
            WHERE pg_catalog.row_to_json(a) ->> 'attgenerated' <> '')
)
SELECT n.nspname AS schema,
       c.relname AS name,
       c.oid::text AS oid,
       c.oid = $1::oid AS root,
       c.relkind = 'p' AS partitioned,
       c.relreplident AS identity,
       EXISTS (SELECT 1 FROM pg_catalog.pg_index i
                WHERE i.indrelid = c.oid AND i.indisprimary) AS has_any_key,
       greatest(c.reltuples, 0)::bigint AS estimated_rows,
       pg_catalog.pg_total_relation_size(c.oid) AS bytes,
       c.relkind = 'r' AND c.relpersistence = 'p'
         AND NOT EXISTS (SELECT 1 FROM keys k
                          WHERE k.indrelid = c.oid
                            AND (c.relreplident = 'd' AND k.indisprimary
                                 OR c.relreplident = 'i' AND k.indisreplident))
         AS needs
  FROM tree t
  JOIN pg_catalog.pg_class c ON c.oid = t.oid
  JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
 ORDER BY c.oid <> $1::oid, 1, 2
