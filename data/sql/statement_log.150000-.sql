-- only: 150000-
-- Settings by which the server logs a statement, or one that fails, and that
-- the role may not set for itself.
-- row: current?
SELECT pg_catalog.string_agg(s.name || ' = ' || s.setting, ', '
                             ORDER BY s.name) AS current
  FROM pg_catalog.pg_settings s
  LEFT JOIN (VALUES ('log_min_duration_statement', '-1'),
                    ('log_min_duration_sample', '-1'),
                    ('log_transaction_sample_rate', '0'),
                    ('log_statement', 'none'),
                    ('pgaudit.log', 'none')
            ) AS v (name, quiet) ON v.name = s.name
 WHERE (s.setting <> v.quiet
        OR (s.name = 'log_min_error_statement'
            AND s.setting NOT IN ('log', 'fatal', 'panic')))
   AND NOT pg_catalog.has_parameter_privilege(s.name, 'SET')
