/* SPDX-License-Identifier: PostgreSQL */
/*
 * What everybody may call on the destination and not on the source, as no dump
 * of a source before 9.6 tells. It stays so after uninstall, as roles and
 * their rights do. Run again after a kill, it goes on.
 */
#include <stdlib.h>

#include "mem.h"
#include "revoked.h"
#include "setup.h"
#include "strbuf.h"

#define STEP "schema"

struct functions {
	struct op *op;
	const char *database;
	struct pg *source;
	struct pg *destination;
};

/* Who may call it by name gets that first: PUBLIC's right says that it is
 * still to be done. */
static bool
take_function(struct functions *c, const struct revoked *f, struct err *err)
{
	struct rowset grants = ROWSET_INIT;
	char *sql = mem_printf("REVOKE EXECUTE ON %s FROM PUBLIC", f->what);
	bool ok;

	ok = pg_ask(c->source, "function_grants",
		    PG_BIND(f->schema, f->name, f->arguments), &grants, err) &&
	     setup_grant_all(c->op, c->destination, STEP, f->what, f->what,
			     &grants, err) &&
	     pg_run(c->destination, sql, NULL, err);
	if (ok)
		op_item(c->op, STEP, c->database, f->what, "ok",
			"taken from PUBLIC, as on the source");
	rowset_release(&grants);
	free(sql);
	return ok;
}

static bool
carry_function(void *arg, const struct revoked *f, struct err *err)
{
	struct functions *c = arg;
	char *name;

	if (f->what)
		return take_function(c, f, err);
	name = mem_printf("FUNCTION %s.%s(%s)", f->schema, f->name,
			  f->arguments);
	op_item(c->op, STEP, c->database, name, "warn",
		"is taken from PUBLIC on the source, and the destination has "
		"none such: see whether another one does its work there");
	free(name);
	return true;
}

bool
setup_functions(struct op *op, const char *database, struct pg *source,
		struct pg *destination, struct err *err)
{
	struct functions c = {op, database, source, destination};

	return revoked_each(source, destination, carry_function, &c, err);
}
