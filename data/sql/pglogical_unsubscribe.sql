-- $1: name of the subscription.
-- row: drop_subscription
SELECT pglogical.drop_subscription($1::pg_catalog.name, true)
