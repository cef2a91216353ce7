-- Is the server built with ICU? It could not be before 10.
-- row: there
SELECT false AS there
