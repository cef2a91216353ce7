-- The next barrier of this database of the source; see src/barrier.h.
-- row: n
INSERT INTO pgrepup.barrier (n)
SELECT coalesce(max(b.n), 0) + 1
  FROM pgrepup.barrier b
RETURNING n
