-- What the connecting role needs when it is no superuser, and whether it has
-- it. managed: it belongs to the administrators' role of a hosting provider.
-- $1: source or destination, $2: mechanism, $3: databases of the upgrade.
-- rows: needed, held, managed
SELECT v.needed,
       v.held,
       EXISTS (SELECT 1
                 FROM pg_catalog.pg_roles g
                WHERE g.rolname IN ('rds_superuser', 'azure_pg_admin',
                                    'cloudsqlsuperuser', 'alloydbsuperuser')
                  AND pg_catalog.pg_has_role(current_user, g.oid, 'USAGE'))
           AS managed
  FROM pg_catalog.pg_roles r,
  LATERAL (VALUES
       ('superuser (for CREATE EXTENSION pglogical)', false,
        $2::text <> 'native'),
       ('superuser (below 16 nobody else may subscribe, or make a role that '
        'replicates)', false,
        $2::text = 'native'
        AND pg_catalog.current_setting('server_version_num')::integer < 160000),
       ('CREATEROLE', r.rolcreaterole, true),
       ('REPLICATION', r.rolreplication,
        $1::text = 'source' OR $2::text <> 'native'),
       ('CREATEDB', r.rolcreatedb, $1::text = 'destination'),
       ('membership in pg_create_subscription',
        EXISTS (SELECT 1
                  FROM pg_catalog.pg_roles g
                 WHERE g.rolname = 'pg_create_subscription'
                   AND pg_catalog.pg_has_role(current_user, g.oid, 'USAGE')),
        $1::text = 'destination' AND $2::text = 'native'),
       ('CONNECT on every database',
        NOT EXISTS (SELECT 1
                      FROM pg_catalog.pg_database d
                     WHERE d.datallowconn
                       AND NOT pg_catalog.has_database_privilege(d.oid,
                                                                 'CONNECT')),
        true),
       ('ownership of every database',
        NOT EXISTS (SELECT 1
                      FROM pg_catalog.pg_database d
                     WHERE d.datname = ANY ($3::text[])
                       AND NOT pg_catalog.pg_has_role(d.datdba, 'USAGE')),
        $1::text = 'source')
  ) AS v (needed, held, asked)
 WHERE r.rolname = current_user AND v.asked
