-- What the connecting role needs when it is no superuser, and whether it has
-- it. managed: it belongs to the administrators' role of a hosting provider.
-- $1: source or destination.
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
       ('superuser (for CREATE EXTENSION pglogical and ALTER SYSTEM)', false,
        true),
       ('CREATEROLE', r.rolcreaterole, true),
       ('REPLICATION', r.rolreplication, true),
       ('CREATEDB', r.rolcreatedb, $1::text = 'destination'),
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
                     WHERE d.datallowconn
                       AND NOT pg_catalog.pg_has_role(d.datdba, 'USAGE')),
        $1::text = 'source')
  ) AS v (needed, held, asked)
 WHERE r.rolname = current_user AND v.asked
