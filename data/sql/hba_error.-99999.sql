-- Before 10 there is no asking the server about the file.
SELECT NULL::text WHERE false
