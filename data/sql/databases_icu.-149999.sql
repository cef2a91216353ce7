-- Databases whose locale is ICU's: there are none before 15.
SELECT ''::text AS name, ''::text AS locale WHERE false
