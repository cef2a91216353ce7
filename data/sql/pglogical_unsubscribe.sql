-- $1: name of the subscription.
SELECT pglogical.drop_subscription($1::pg_catalog.name, true)
