-- Pins the session against settings of the database or the role, and against
-- triggers, event triggers among them; only what this server knows and the
-- role may set. Says what each is now, and what was wanted; the role, which
-- the statements before this one have set, with them.
-- Every connection begins with it: no catalog is read, whose caches a new
-- session would have to fill.
-- $1: true for sessions that load rows or schemas: functions that the rows need
-- may read views; all others refuse those that are not the system's.
-- rows: name, now, wanted
SELECT v.name,
       pg_catalog.set_config(v.name, v.value, false) AS now,
       v.value AS wanted
  FROM (VALUES ('search_path', '', NULL, false),
               ('DateStyle', 'ISO, YMD', NULL, false),
               ('IntervalStyle', 'postgres', NULL, false),
               ('extra_float_digits', '3', NULL, false),
               ('bytea_output', 'hex', NULL, false),
               ('lc_monetary', 'C', NULL, false),
               ('array_nulls', 'on', NULL, false),
               ('xmloption', 'content', NULL, false),
               ('standard_conforming_strings', 'on', NULL, false),
               ('check_function_bodies', 'off', NULL, false),
               ('default_transaction_read_only', 'off', NULL, false),
               ('default_transaction_isolation', 'read committed', NULL, false),
               ('default_transaction_deferrable', 'off', NULL, false),
               ('synchronous_commit', 'on', NULL, false),
               ('quote_all_identifiers', 'off', NULL, false),
               ('statement_timeout', '0', NULL, false),
               ('lock_timeout', '0', NULL, false),
               ('idle_in_transaction_session_timeout', '0', NULL, false),
               ('idle_session_timeout', '0', NULL, false),
               ('transaction_timeout', '0', NULL, false),
               ('session_replication_role', 'replica', NULL, true),
               ('event_triggers', 'off', NULL, true),
               ('row_security', 'off', true, false),
               ('restrict_nonsystem_relation_kind', 'view, foreign-table',
                false, false)
       ) AS v (name, value, loading, superuser)
 WHERE pg_catalog.current_setting(v.name, true) IS NOT NULL
   AND coalesce(v.loading OPERATOR(pg_catalog.=) $1::pg_catalog.bool, true)
   AND (NOT v.superuser
        OR pg_catalog.current_setting('is_superuser')
           OPERATOR(pg_catalog.=) 'on')
UNION ALL
SELECT 'role', current_user::pg_catalog.text, session_user::pg_catalog.text
