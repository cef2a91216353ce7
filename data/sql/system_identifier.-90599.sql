-- Before 9.6 no function tells; an empty answer means: not known.
SELECT ''::text
