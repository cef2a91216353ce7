-- $1: name of the subscription.
-- row: alter_subscription_disable
SELECT pglogical.alter_subscription_disable($1::pg_catalog.name, false)
