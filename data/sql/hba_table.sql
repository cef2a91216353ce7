-- Where the lines of pg_hba.conf go for a moment.
CREATE TEMPORARY TABLE pgrepup_hba (n serial, line text) ON COMMIT DROP
