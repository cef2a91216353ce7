/* SPDX-License-Identifier: PostgreSQL */
/*
 * Stop: has the destination all that the source has besides rows? DDL does not
 * travel, and an application that finds its new view or enum value missing is
 * as broken as one without its rows. What only makes rows faster or safer
 * (indexes, constraints, triggers) is said and no reason to refuse: a person
 * may have dropped it on purpose, so that changes arrive.
 */
#include <stdlib.h>
#include <string.h>

#include "advice.h"
#include "schema.h"
#include "stop.h"
#include "strbuf.h"

/* What the destination lacks of one part, a line each. What it has besides, a
 * person put there. */
static bool
compare(struct stop *s, enum schema_part part, size_t *n, struct strbuf *text,
	struct err *err)
{
	struct rowset source = ROWSET_INIT, destination = ROWSET_INIT;
	bool ok;

	*n = 0;
	ok = schema_read(s->source, part, &source, err) &&
	     schema_read(s->destination, part, &destination, err);
	if (ok)
		*n = schema_lacks(&source, "on the source", &destination,
				  "on the destination", text);
	rowset_release(&source);
	rowset_release(&destination);
	return ok;
}

/* In their exact words: those of the source then and now, for no other server
 * has the same. */
static bool
compare_with_then(struct stop *s, enum schema_part part, const char *when,
		  size_t *n, struct strbuf *text, struct err *err)
{
	struct rowset then = ROWSET_INIT, now = ROWSET_INIT;
	bool ok;

	*n = 0;
	ok = schema_stored(s->destination, part, &then, err) &&
	     schema_read(s->source, part, &now, err);
	if (ok)
		*n = schema_differences(&then, when, &now, "now", text);
	rowset_release(&then);
	rowset_release(&now);
	return ok;
}

static void
say(struct stop *s, const char *object, const char *state,
    const struct strbuf *text)
{
	op_item(s->op, "tables", s->db->name, object, state, "%s", text->text);
}

static bool
refuse(size_t n, const struct strbuf *text, struct err *err)
{
	err_set(err, ERR_NEGATIVE, "not the same on both sides: %zu %s", n,
		n == 1 ? "object" : "objects");
	err_detail(err, "%s", text->text);
	err_hint(err, "Make the destination like the source, or --force goes "
		      "on without.");
	return false;
}

/* What an application may need to work at all. */
static bool
check_objects(struct stop *s, size_t *n, struct err *err)
{
	struct strbuf text = STRBUF_INIT;
	bool ok = compare(s, SCHEMA_OBJECTS, n, &text, err);

	if (ok && *n > 0 && s->op->options.force)
		say(s, "objects", "warn", &text);
	else if (ok && *n > 0)
		ok = refuse(*n, &text, err);
	strbuf_release(&text);
	return ok;
}

static bool
say_rest(struct stop *s, bool exact, struct err *err)
{
	struct strbuf text = STRBUF_INIT;
	size_t n;
	bool ok = compare(s, SCHEMA_POST_DATA, &n, &text, err);

	if (ok && n > 0)
		say(s, "indexes, constraints, triggers", "warn", &text);
	strbuf_release(&text);
	text = (struct strbuf)STRBUF_INIT;
	/* Views, owners, rights, defaults. */
	ok = ok && (!exact || compare_with_then(s, SCHEMA_PRE_DATA, "at setup",
						&n, &text, err));
	if (ok && exact && n > 0)
		say(s, "altered since setup", "warn", &text);
	strbuf_release(&text);
	return ok;
}

static bool
refuse_firing(const struct stop *s, size_t n, const struct strbuf *text,
	      struct err *err)
{
	char *anew = advice_anew(s->db->name);

	err_set(err, ERR_NEGATIVE,
		"altered on the source since start: %zu %s", n,
		n == 1 ? "object" : "objects");
	err_detail(err, "%s", text->text);
	err_hint(err, "Do the same on the destination, then --force goes on; "
		      "else run %s.",
		 anew);
	free(anew);
	return false;
}

/* Whom an application trusts to look at each row: what was off while the dump
 * was made would stay off for good, and a policy shows what it hides now. With
 * them attributes of types, and large objects, which do not travel. */
static bool
check_firing(struct stop *s, struct err *err)
{
	struct strbuf text = STRBUF_INIT;
	size_t n;
	bool ok = compare_with_then(s, SCHEMA_FIRING, "at start", &n, &text,
				    err);

	if (ok && n > 0 && s->op->options.force)
		say(s, "triggers, rules, policies", "warn", &text);
	else if (ok && n > 0)
		ok = refuse_firing(s, n, &text, err);
	strbuf_release(&text);
	return ok;
}

bool
stop_check_schema(struct stop *s, struct err *err)
{
	size_t n;

	/* What differs is not told twice. */
	return check_objects(s, &n, err) && say_rest(s, n == 0, err) &&
	       check_firing(s, err);
}
