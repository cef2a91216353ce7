-- The tables that travel (as in copied_tables) and have no identity by which
-- a changed row could be found. problem: none, deferrable (a key that may be
-- checked late), full, nothing, generated (a column of its key is, so it is not
-- sent; before 12 nobody knows attgenerated), or lost (its index is gone).
-- has_key: there is a primary key that would do. root: the topmost table it is
-- a part or child of, itself when none; ancestors: oids, with spaces around
-- each. identity_index: that it uses now, if any.
-- $1: text array of names left out, as SCHEMA.TABLE.
-- rows: schema, name, oid, identity, identity_index?, problem, has_key
-- rows: has_any_key, typed, estimated_rows, bytes?, root_schema, root_name
-- rows: root_oid, partition, ancestors, has_column
WITH RECURSIVE keys AS (
    SELECT i.indrelid, i.indexrelid, i.indisprimary, i.indisreplident,
           NOT EXISTS (
               SELECT 1
                 FROM pg_catalog.generate_series(
                          0, pg_catalog.array_upper(i.indoption, 1)) AS k (n)
                 JOIN pg_catalog.pg_attribute a
                   ON a.attrelid = i.indrelid AND a.attnum = i.indkey[k.n]
                WHERE pg_catalog.row_to_json(a) ->> 'attgenerated' <> '')
             AS sent
      FROM pg_catalog.pg_index i
     WHERE i.indimmediate AND i.indisvalid
       AND (i.indisprimary OR i.indisreplident)
), travels AS (
    SELECT c.oid, n.nspname, c.relname, c.relreplident, c.reloftype,
           c.reltuples,
           EXISTS (SELECT 1 FROM keys k
                    WHERE k.indrelid = c.oid AND k.indisprimary
                      AND k.sent) AS has_key,
           EXISTS (SELECT 1 FROM keys k
                    WHERE k.indrelid = c.oid AND NOT k.sent
                      AND CASE c.relreplident WHEN 'd' THEN k.indisprimary
                                              WHEN 'i' THEN k.indisreplident
                                              ELSE false
                          END) AS generated,
           EXISTS (SELECT 1 FROM pg_catalog.pg_index i
                    WHERE i.indrelid = c.oid AND i.indisprimary)
             AS has_any_key,
           EXISTS (SELECT 1 FROM keys k
                    WHERE k.indrelid = c.oid AND k.indisreplident
                      AND k.sent) AS has_index
      FROM pg_catalog.pg_class c
      JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
     WHERE c.relkind = 'r'
       AND c.relpersistence = 'p'
#include "user_relation"
       AND NOT (n.nspname || '.' || c.relname) = ANY ($1::text[])
), lacking AS (
    SELECT t.*,
           CASE WHEN t.relreplident = 'f' THEN 'full'
                WHEN t.relreplident = 'n' THEN 'nothing'
                WHEN t.generated THEN 'generated'
                WHEN t.relreplident = 'i' THEN 'lost'
                WHEN t.has_any_key THEN 'deferrable'
                ELSE 'none' END AS problem
      FROM travels t
     WHERE NOT (t.relreplident = 'd' AND t.has_key)
       AND NOT (t.relreplident = 'i' AND t.has_index)
), up AS (
    SELECT l.oid AS of, l.oid AS at, 0 AS depth FROM lacking l
    UNION ALL
    SELECT u.of, h.inhparent, u.depth + 1
      FROM up u
      JOIN pg_catalog.pg_inherits h ON h.inhrelid = u.at
)
SELECT l.nspname AS schema,
       l.relname AS name,
       l.oid::text AS oid,
       l.relreplident AS identity,
       (SELECT x.relname
          FROM keys k JOIN pg_catalog.pg_class x ON x.oid = k.indexrelid
         WHERE k.indrelid = l.oid AND k.indisreplident) AS identity_index,
       l.problem,
       l.has_key,
       l.has_any_key,
       l.reloftype <> 0 AS typed,
       l.reltuples::bigint AS estimated_rows,
       pg_catalog.pg_total_relation_size(l.oid) AS bytes,
       rn.nspname AS root_schema,
       rc.relname AS root_name,
       rc.oid::text AS root_oid,
       rc.relkind = 'p' AS partition,
       (SELECT coalesce(pg_catalog.string_agg(
                            ' ' || u.at::text || ' ', ''), '')
          FROM up u WHERE u.of = l.oid AND u.depth > 0) AS ancestors,
       EXISTS (SELECT 1 FROM pg_catalog.pg_attribute a
                WHERE a.attrelid = l.oid AND a.attname = '__pgrepup_id'
                  AND a.attnotnull AND NOT a.attisdropped) AS has_column
  FROM lacking l
  JOIN pg_catalog.pg_class rc ON rc.oid = (
           SELECT u.at FROM up u WHERE u.of = l.oid
            ORDER BY u.depth DESC, u.at LIMIT 1)
  JOIN pg_catalog.pg_namespace rn ON rn.oid = rc.relnamespace
 ORDER BY 1, 2
