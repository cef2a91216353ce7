-- $1: name of the subscription.
SELECT pglogical.alter_subscription_disable($1::pg_catalog.name, false)
