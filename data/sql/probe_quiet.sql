-- For one transaction: log no statement, answer in English, give up in time.
-- Only what this server knows, and what the role may set. $1: the time.
SELECT pg_catalog.set_config(s.name, v.value, true)
  FROM pg_catalog.pg_settings s,
       (VALUES ('log_statement', 'none'),
               ('log_min_duration_statement', '-1'),
               ('log_min_duration_sample', '-1'),
               ('log_transaction_sample_rate', '0'),
               ('log_min_error_statement', 'panic'),
               ('log_duration', 'off'),
               ('log_parser_stats', 'off'),
               ('debug_print_parse', 'off'),
               ('pg_stat_statements.track', 'none'),
               ('pg_stat_statements.track_utility', 'off'),
               ('pgaudit.log', 'none'),
               ('auto_explain.log_min_duration', '-1'),
               ('lc_messages', 'C'),
               ('client_min_messages', 'error'),
               ('statement_timeout', $1::text)
       ) AS v (name, value)
 WHERE s.name = v.name
   AND (s.context = 'user'
        OR EXISTS (SELECT 1
                     FROM pg_catalog.pg_roles r
                    WHERE r.rolname = current_user AND r.rolsuper))
