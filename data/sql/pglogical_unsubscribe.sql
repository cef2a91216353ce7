-- $1: name of the subscription.
SELECT pglogical.drop_subscription($1, true)
