/* SPDX-License-Identifier: PostgreSQL */
/* Reading expressions as the catalogs keep them. */
#include "node_tree.h"

#include <stdlib.h>
#include <string.h>

#include "mem.h"

/* Numbers below are of objects that initdb makes. */
#define FIRST_OF_USERS 16384

/* Behind the node, list or word that begins at p. */
static const char *
skip(const char *p)
{
	int depth = 0;

	for (; *p; p++) {
		if (*p == '\\' && p[1])
			p++;
		else if (*p == '{' || *p == '(')
			depth++;
		else if ((*p == '}' || *p == ')') && --depth <= 0)
			return depth < 0 ? p : p + 1;
		else if (*p == ' ' && depth == 0)
			return p;
	}
	return p;
}

/* The value of a field of the node at p itself, or NULL. */
static const char *
field(const char *p, const char *name)
{
	size_t n = strlen(name);

	for (p = skip(p + 1); *p == ' '; p = skip(p)) {
		p++;
		if (strncmp(p, name, n) == 0 && p[n] == ' ')
			return p + n + 1;
	}
	return NULL;
}

static bool
is_node(const char *p, const char *name)
{
	size_t n = strlen(name);

	return *p == '{' && strncmp(p + 1, name, n) == 0 && p[n + 1] == ' ';
}

static bool
has_null(const char *p)
{
	const char *null = strstr(p, ":constisnull true");

	return null && null < skip(p);
}

static bool stays_open(const char *p);

static bool
any_stays_open(const char *list)
{
	const char *p;

	if (!list || *list != '(')
		return false;
	for (p = list + 1; *p == '{'; p = skip(p) + (*skip(p) == ' '))
		if (stays_open(p))
			return true;
	return false;
}

/* Is the value of the node at p known for a row alone? */
static bool
stays_open(const char *p)
{
	const char *function;

	if (is_node(p, "VAR"))
		return true;
	if (is_node(p, "RELABELTYPE") || is_node(p, "COERCEVIAIO") ||
	    is_node(p, "COLLATEEXPR")) {
		function = field(p, ":arg");
		return function && stays_open(function);
	}
	if (!is_node(p, "FUNCEXPR") && !is_node(p, "OPEXPR"))
		return false;
	function = field(p, *(p + 1) == 'F' ? ":funcid" : ":opfuncid");
	return function && atoi(function) < FIRST_OF_USERS && !has_null(p) &&
	       any_stays_open(field(p, ":args"));
}

/* The node that the text at p is in, where p is in no list of it. */
static const char *
node_of(const char *tree, const char *p)
{
	while (p > tree && *p != '{')
		p--;
	return p;
}

/* By a field that names it; adds how many calls there are. */
static bool
all_stay_open(const char *tree, const char *name, const char *function,
	      size_t *calls)
{
	char *call = mem_printf("%s %s ", name, function);
	const char *p = tree;
	bool open = true;

	while (open && (p = strstr(p, call))) {
		open = any_stays_open(field(node_of(tree, p), ":args"));
		++*calls;
		p++;
	}
	free(call);
	return open;
}

bool
node_tree_may_fold(const char *tree, const char *function)
{
	size_t calls = 0;

	return !all_stay_open(tree, ":funcid", function, &calls) ||
	       !all_stay_open(tree, ":opfuncid", function, &calls) ||
	       calls == 0;
}
