-- Not in a transaction. $1: name of the subscription.
-- row: alter_subscription_enable
SELECT pglogical.alter_subscription_enable($1::pg_catalog.name, true)
