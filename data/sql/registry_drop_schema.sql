-- Without CASCADE: what somebody else put there is an error that names it.
DROP SCHEMA pgrepup
