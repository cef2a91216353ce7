-- Options for the start of a walsender that holds a snapshot: no timeout of a
-- database or role may end it. Only what this server knows.
-- row: options
SELECT pg_catalog.string_agg('-c ' || s.name || '=0', ' ' ORDER BY s.name) AS options
  FROM pg_catalog.pg_settings s
 WHERE s.name IN ('statement_timeout', 'lock_timeout',
                  'idle_in_transaction_session_timeout',
                  'idle_session_timeout', 'transaction_timeout')
