-- Pins the session against settings of the database or the role, and against
-- triggers, event triggers among them; only what this server knows and the
-- role may set. Says what each is now, and what was wanted; the role, which
-- the statements before this one have set, with them.
-- $1: true for sessions that load rows or schemas: functions that the rows need
-- may read views; all others refuse those that are not the system's.
-- rows: name, now, wanted
SELECT s.name,
       pg_catalog.set_config(s.name, v.value, false) AS now,
       v.value AS wanted
  FROM pg_catalog.pg_settings s,
       (VALUES ('search_path', '', NULL),
               ('DateStyle', 'ISO, YMD', NULL),
               ('IntervalStyle', 'postgres', NULL),
               ('extra_float_digits', '3', NULL),
               ('bytea_output', 'hex', NULL),
               ('lc_monetary', 'C', NULL),
               ('array_nulls', 'on', NULL),
               ('xmloption', 'content', NULL),
               ('standard_conforming_strings', 'on', NULL),
               ('check_function_bodies', 'off', NULL),
               ('default_transaction_read_only', 'off', NULL),
               ('default_transaction_isolation', 'read committed', NULL),
               ('default_transaction_deferrable', 'off', NULL),
               ('synchronous_commit', 'on', NULL),
               ('quote_all_identifiers', 'off', NULL),
               ('statement_timeout', '0', NULL),
               ('lock_timeout', '0', NULL),
               ('idle_in_transaction_session_timeout', '0', NULL),
               ('idle_session_timeout', '0', NULL),
               ('transaction_timeout', '0', NULL),
               ('session_replication_role', 'replica', NULL),
               ('event_triggers', 'off', NULL),
               ('row_security', 'off', true),
               ('restrict_nonsystem_relation_kind', 'view, foreign-table',
                false)
       ) AS v (name, value, loading)
 WHERE pg_catalog.lower(s.name) OPERATOR(pg_catalog.=) pg_catalog.lower(v.name)
   AND coalesce(v.loading OPERATOR(pg_catalog.=) $1::pg_catalog.bool, true)
   AND (s.context OPERATOR(pg_catalog.=) 'user'
        OR EXISTS (SELECT 1
                     FROM pg_catalog.pg_roles r
                    WHERE r.rolname OPERATOR(pg_catalog.=) current_user
                      AND r.rolsuper))
UNION ALL
SELECT 'role', current_user::pg_catalog.text, session_user::pg_catalog.text
