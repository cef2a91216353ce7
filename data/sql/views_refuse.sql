-- Undoes views_allow.
-- rows: set_config
SELECT pg_catalog.set_config(s.name, 'view, foreign-table', false)
  FROM pg_catalog.pg_settings s
 WHERE s.name OPERATOR(pg_catalog.=) 'restrict_nonsystem_relation_kind'
