-- Default privileges of the database may have granted them to everybody.
REVOKE ALL ON ALL TABLES IN SCHEMA pgrepup FROM PUBLIC
