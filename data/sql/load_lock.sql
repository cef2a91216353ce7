-- Keeps the state as it is until the transaction ends. Shared, so that
-- several tables can be copied at once.
-- rows: state, run?
SELECT l.state, l.run FROM pgrepup.load l FOR SHARE
