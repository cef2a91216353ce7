-- Default privileges of the database may have granted it to everybody.
REVOKE ALL ON SCHEMA pgrepup FROM PUBLIC
