-- The last 64 kB of a file, in hex: it may begin amid a character. $1: path.
-- row: bytes
SELECT pg_catalog.encode(
           pg_catalog.pg_read_binary_file($1, greatest(f.size - 65536, 0),
                                          65536), 'hex') AS bytes
  FROM pg_catalog.pg_stat_file($1) f
