-- Pins the session against settings of the database or the role, and against
-- triggers, event triggers among them; only what this server knows and the
-- role may set. Says what each is now, and what was wanted; the role, which
-- the statements before this one have set, with them.
-- $1: true for sessions that load rows or schemas.
SELECT s.name,
       pg_catalog.set_config(s.name, v.value, false) AS now,
       v.value AS wanted
  FROM pg_catalog.pg_settings s,
       (VALUES ('search_path', '', false),
               ('DateStyle', 'ISO, YMD', false),
               ('IntervalStyle', 'postgres', false),
               ('extra_float_digits', '3', false),
               ('bytea_output', 'hex', false),
               ('lc_monetary', 'C', false),
               ('array_nulls', 'on', false),
               ('xmloption', 'content', false),
               ('standard_conforming_strings', 'on', false),
               ('check_function_bodies', 'off', false),
               ('default_transaction_read_only', 'off', false),
               ('default_transaction_isolation', 'read committed', false),
               ('default_transaction_deferrable', 'off', false),
               ('synchronous_commit', 'on', false),
               ('quote_all_identifiers', 'off', false),
               ('statement_timeout', '0', false),
               ('lock_timeout', '0', false),
               ('idle_in_transaction_session_timeout', '0', false),
               ('idle_session_timeout', '0', false),
               ('transaction_timeout', '0', false),
               ('session_replication_role', 'replica', false),
               ('event_triggers', 'off', false),
               ('row_security', 'off', true)
       ) AS v (name, value, loading)
 WHERE pg_catalog.lower(s.name) OPERATOR(pg_catalog.=) pg_catalog.lower(v.name)
   AND (NOT v.loading OR $1::pg_catalog.bool)
   AND (s.context OPERATOR(pg_catalog.=) 'user'
        OR EXISTS (SELECT 1
                     FROM pg_catalog.pg_roles r
                    WHERE r.rolname OPERATOR(pg_catalog.=) current_user
                      AND r.rolsuper))
UNION ALL
SELECT 'role', current_user::pg_catalog.text, session_user::pg_catalog.text
