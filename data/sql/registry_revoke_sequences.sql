-- Default privileges of the database may have granted them to everybody.
REVOKE ALL ON ALL SEQUENCES IN SCHEMA pgrepup FROM PUBLIC
