-- For the rest of the transaction nothing of its statements reaches the server
-- log, not even when one fails, nor the views of statements: around a statement
-- that carries a password. As far as the role may set it.
-- rows: set_config
SELECT pg_catalog.set_config(s.name, v.value, true)
  FROM pg_catalog.pg_settings s,
       (VALUES ('log_min_messages', 'panic'),
               ('log_min_error_statement', 'panic'),
               ('log_error_verbosity', 'terse'),
               ('log_statement', 'none'),
               ('log_duration', 'off'),
               ('log_min_duration_statement', '-1'),
               ('log_min_duration_sample', '-1'),
               ('log_transaction_sample_rate', '0'),
               ('log_parameter_max_length', '0'),
               ('log_parameter_max_length_on_error', '0'),
               ('log_parser_stats', 'off'),
               ('debug_print_parse', 'off'),
               ('debug_print_rewritten', 'off'),
               ('debug_print_plan', 'off'),
               ('track_activities', 'off'),
               ('pg_stat_statements.track', 'none'),
               ('pg_stat_statements.track_utility', 'off'),
               ('auto_explain.log_min_duration', '-1'),
               ('pgaudit.log', 'none')
       ) AS v (name, value)
 WHERE s.name = v.name
   AND (s.context = 'user'
        OR pg_catalog.has_parameter_privilege(s.name, 'SET'))
