-- Databases whose locale is ICU's: there are none before 15.
-- rows: name, locale
SELECT ''::text AS name, ''::text AS locale WHERE false
