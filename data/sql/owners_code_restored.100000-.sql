-- Functions of roles that are no superusers which can run while a schema is
-- restored. In the key of a partitioned table or a generated column the server
-- works out constant parts as soon as it makes the table, so the expression is
-- given (tree), and the function's number: called without a column it runs.
-- inlines: one in SQL is put in the place of its call, where another of such a
-- role may be called so (its body names one, or an operator, or may hide one,
-- or there are casts). No tree: of a domain, of which a value stands in the
-- schema itself, as the first value of an aggregate or the bound of a partition;
-- or of a cast, which no catalog tells of, of the columns of a foreign key.
-- rows: schema, name?, current?, function, tree?, inlines?
WITH others AS (
    SELECT p.oid, p.proname, p.provolatile, p.prolang, p.prosrc,
           pg_catalog.row_to_json(p) ->> 'prosqlbody' AS body,
           n.nspname, o.rolname
      FROM pg_catalog.pg_proc p
      JOIN pg_catalog.pg_namespace n ON n.oid = p.pronamespace
      JOIN pg_catalog.pg_roles o ON o.oid = p.proowner
     WHERE NOT o.rolsuper
       AND o.rolname <> current_user
), hidden AS (
    SELECT EXISTS (
               SELECT 1
                 FROM pg_catalog.pg_cast t
                 JOIN others x ON x.oid = t.castfunc) AS casts
), planned AS (
    SELECT 'pg_catalog.pg_class'::pg_catalog.regclass AS classid,
           c.oid AS objid, 'table ' || c.oid::pg_catalog.regclass::text AS name,
           pg_catalog.row_to_json(t) ->> 'partexprs' AS tree
      FROM pg_catalog.pg_partitioned_table t
      JOIN pg_catalog.pg_class c ON c.oid = t.partrelid
    UNION ALL
    SELECT 'pg_catalog.pg_attrdef'::pg_catalog.regclass,
           a.oid, 'table ' || a.adrelid::pg_catalog.regclass::text,
           a.adbin::text
      FROM pg_catalog.pg_attrdef a
      JOIN pg_catalog.pg_attribute g
           ON g.attrelid = a.adrelid AND g.attnum = a.adnum
     WHERE pg_catalog.row_to_json(g) ->> 'attgenerated' <> ''
), valued AS (
    SELECT a.aggtranstype AS oid,
           'aggregate ' || a.aggfnoid::pg_catalog.regprocedure::text AS name
      FROM pg_catalog.pg_aggregate a
     WHERE a.agginitval IS NOT NULL
    UNION ALL
    SELECT a.atttypid, 'table ' || c.oid::pg_catalog.regclass::text
      FROM pg_catalog.pg_class c
      JOIN pg_catalog.pg_attribute a ON a.attrelid = c.oid
     WHERE c.relkind = 'p'
       AND NOT a.attisdropped
       AND a.attnum > 0
), calls AS (
    SELECT d.refclassid, d.refobjid, e.name, e.tree
      FROM pg_catalog.pg_depend d
      JOIN planned e ON e.classid = d.classid AND e.objid = d.objid
    UNION ALL
    SELECT d.refclassid, d.refobjid, v.name, NULL
      FROM pg_catalog.pg_depend d
      JOIN pg_catalog.pg_constraint k
           ON d.classid = 'pg_catalog.pg_constraint'::pg_catalog.regclass
          AND k.oid = d.objid
          AND k.contypid <> 0::pg_catalog.oid
      JOIN valued v ON v.oid = k.contypid
    UNION ALL
    -- a foreign key looks for its rows as who makes it, and casts their keys
    SELECT 'pg_catalog.pg_proc'::pg_catalog.regclass, m.castfunc,
           'foreign key ' || pg_catalog.quote_ident(k.conname) || ' of ' ||
           k.conrelid::pg_catalog.regclass::text, NULL
      FROM pg_catalog.pg_constraint k
      JOIN pg_catalog.pg_attribute a
           ON (a.attrelid = k.conrelid AND a.attnum = ANY (k.conkey))
           OR (a.attrelid = k.confrelid AND a.attnum = ANY (k.confkey))
      JOIN pg_catalog.pg_type t ON t.oid = a.atttypid
      JOIN pg_catalog.pg_cast m ON m.castsource IN (t.oid, t.typbasetype)
     WHERE k.contype = 'f'
       AND m.castfunc <> 0::pg_catalog.oid
)
SELECT x.nspname AS schema,
       x.proname || '(' ||
       pg_catalog.pg_get_function_identity_arguments(x.oid) || ')' AS name,
       'of role ' || x.rolname || ', called by ' || c.name AS current,
       x.oid AS function,
       c.tree,
       l.lanname = 'sql' AND (
           h.casts
           OR x.prosrc LIKE '%U&%'
           OR EXISTS (
               SELECT 1
                 FROM others y
                WHERE y.provolatile = 'i'
                  AND y.oid <> x.oid
                  AND (CASE WHEN y.proname ~ '^[a-z0-9_]+$'
                            THEN x.prosrc ~* ('\m' || y.proname || '\M')
                            ELSE pg_catalog.strpos(
                                     pg_catalog.lower(x.prosrc),
                                     pg_catalog.lower(y.proname)) > 0
                       END
                       OR x.body LIKE '%funcid ' || y.oid || ' %'))
           OR EXISTS (
               SELECT 1
                 FROM others y
                 JOIN pg_catalog.pg_operator q
                      ON q.oprcode::pg_catalog.oid = y.oid
                WHERE pg_catalog.strpos(x.prosrc, q.oprname) > 0)) AS inlines
  FROM (SELECT DISTINCT coalesce(q.oprcode::pg_catalog.oid, c.refobjid) AS oid,
               c.name, c.tree
          FROM calls c
          LEFT JOIN pg_catalog.pg_operator q
               ON c.refclassid = 'pg_catalog.pg_operator'::pg_catalog.regclass
              AND q.oid = c.refobjid
         WHERE c.refclassid IN ('pg_catalog.pg_proc'::pg_catalog.regclass,
                                'pg_catalog.pg_operator'::pg_catalog.regclass)
       ) c
  JOIN others x ON x.oid = c.oid
  JOIN pg_catalog.pg_language l ON l.oid = x.prolang
 CROSS JOIN hidden h
 ORDER BY 1, 2, 3
