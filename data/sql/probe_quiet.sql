-- For one transaction: answer in English, give up in time. As far as the role
-- may set it. $1: the time.
-- rows: set_config
SELECT pg_catalog.set_config(s.name, v.value, true)
  FROM pg_catalog.pg_settings s,
       (VALUES ('lc_messages', 'C'),
               ('client_min_messages', 'error'),
               ('statement_timeout', $1::text)
       ) AS v (name, value)
 WHERE s.name = v.name
   AND (s.context = 'user'
        OR EXISTS (SELECT 1
                     FROM pg_catalog.pg_roles r
                    WHERE r.rolname = current_user AND r.rolsuper))
