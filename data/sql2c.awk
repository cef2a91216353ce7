# SPDX-License-Identifier: PostgreSQL
# Turns data/sql/NAME[.MIN-MAX].sql into the table of sqlcat.h: one entry a
# file, the text as a C string. Comment lines before the statement stay in the
# file only, but for those that tell what it answers: "-- rows: name, owner?",
# or "-- row:" for one and no more, may go on in another line. A line #include "NAME" is data/sql/NAME.inc, without its comments.
# POSIX awk: mawk, gawk and busybox all do.
#
#	awk -f sql2c.awk data/sql/*.sql >sqlcat_data.c
# NAME.sql holds for every version, NAME.100000-.sql from 10 on,
# NAME.-90699.sql up to 9.6, NAME.90500-90699.sql between, ends included.

BEGIN {
	print "/* Generated from data/sql by sql2c.awk: do not edit. */"
	print "#include <limits.h>"
	print "#include <stddef.h>"
	print ""
	print "#include \"sqlcat.h\""
	print ""
	print "const struct sqlcat_entry sqlcat_entries[] = {"
}

function fail(why) {
	printf "%s: %s\n", FILENAME, why | "cat 1>&2"
	failed = 1
	exit 1
}

function entry_end() {
	if (n == 0)
		return
	if (!in_text)
		text_begin()
	print "\t},"
}

function text_begin() {
	printf "\t\t%s, \"%s\",\n", rows == "row" ? "true" : "false", answer
	if (!in_text)
		print "\t\t\"\""
}

function answers(line,	word) {
	word = line ~ /^-- row:/ ? "row" : "rows"
	if (rows != "" && rows != word)
		fail("row: and rows:")
	rows = word
	sub(/^-- rows?: */, "", line)
	answer = answer (answer == "" ? "" : ", ") line
}

function entry_begin(	base, part, parts, range) {
	base = FILENAME
	sub(/^.*\//, "", base)
	sub(/\.sql$/, "", base)
	parts = split(base, part, ".")
	range[1] = ""
	range[2] = ""
	if (parts == 2 && part[2] ~ /^[0-9]*-[0-9]*$/ && part[2] != "-")
		split(part[2], range, "-")
	else if (parts != 1)
		fail("not NAME.sql or NAME.MIN-MAX.sql")
	if (part[1] !~ /^[a-z][a-z0-9_]*$/)
		fail("a statement's name is lower case letters, digits and _")
	printf "\t{ \"%s\", %s, %s,\n", part[1],
	    range[1] == "" ? "0" : range[1],
	    range[2] == "" ? "INT_MAX" : range[2]
	in_text = 0
	rows = ""
	answer = ""
	n++
}

function put(line) {
	gsub(/\\/, "&&", line)
	gsub(/"/, "\\\"", line)
	gsub(/\t/, "\\t", line)
	gsub(/\?\?/, "?\"\"?", line)
	print "\t\t\"" line "\\n\""
}

function include(name,	path, line, got) {
	if (name !~ /^"[a-z][a-z0-9_]*"$/)
		fail("not #include \"NAME\"")
	path = FILENAME
	sub(/[^\/]*$/, "", path)
	path = path substr(name, 2, length(name) - 2) ".inc"
	while ((got = (getline line <path)) > 0)
		if (line !~ /^[ \t]*--/)
			put(line)
	if (got < 0)
		fail(path " cannot be read")
	close(path)
}

FNR == 1 {
	entry_end()
	entry_begin()
}

!in_text && /^-- rows?:/ {
	answers($0)
	next
}

!in_text && (/^[ \t]*--/ || /^[ \t]*$/) {
	next
}

!in_text {
	in_text = 1
	text_begin()
}

/^#/ {
	if ($1 != "#include" || NF != 2)
		fail("not #include \"NAME\"")
	include($2)
	next
}

{
	put($0)
}

END {
	if (failed)
		exit 1
	entry_end()
	if (n == 0)
		print "\t{ NULL, 0, 0, false, NULL, NULL },"
	print "};"
	print ""
	print "const size_t sqlcat_n_entries = " n + 0 ";"
}
