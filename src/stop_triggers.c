/* SPDX-License-Identifier: PostgreSQL */
/*
 * Stop: triggers and rules that start switched off, since they would have
 * fired for copied and replicated rows. Switched on when nothing is applied
 * any more, each in one transaction with the end of its row in the registry.
 */
#include <stdlib.h>
#include <string.h>

#include "mem.h"
#include "registry.h"
#include "stop.h"
#include "strbuf.h"

static const struct {
	char letter; /* tgenabled, ev_enabled */
	const char *words;
} modes[] = {
	{'O', "ENABLE"},
	{'A', "ENABLE ALWAYS"},
	{'R', "ENABLE REPLICA"},
	{'D', "DISABLE"},
};

static const char *
mode_words(const struct change *c)
{
	size_t i;

	for (i = 0; c->old_value && i < LENGTH_OF(modes); i++)
		if (modes[i].letter == *c->old_value)
			return modes[i].words;
	return "ENABLE ALWAYS";
}

static bool
alter(struct pg *pg, const struct change *c, struct err *err)
{
	struct strbuf sql = STRBUF_INIT;
	bool ok;

	strbuf_add(&sql, "ALTER TABLE ONLY ");
	strbuf_ident2(&sql, c->schema, c->name);
	strbuf_addf(&sql, " %s %s ", mode_words(c),
		    strcmp(c->kind, CHANGE_RULE) == 0 ? "RULE" : "TRIGGER");
	strbuf_ident(&sql, c->part);
	ok = pg_run(pg, sql.text, NULL, err);
	strbuf_release(&sql);
	return ok;
}

/* When stop was killed, the application may have dropped it since. */
static bool
find(struct pg *pg, const struct change *c, bool *there, struct err *err)
{
	char *now = pg_ask_value(pg, strcmp(c->kind, CHANGE_RULE) == 0
					     ? "rule_now"
					     : "trigger_now",
				 PG_BIND(c->schema, c->name, c->part), err);

	*there = now;
	free(now);
	return !err_is_set(err);
}

static bool
switch_on(struct stop *s, struct pg *pg, const struct change *c,
	  struct err *err)
{
	bool there;

	if (pg_begin(pg, err) && find(pg, c, &there, err) &&
	    (!there || alter(pg, c, err)) &&
	    registry_forget(pg, c->id, err) && pg_commit(pg, err)) {
		op_item(s->op, "triggers", s->db->name, c->part,
			there ? "ok" : "skip", "%s of %s.%s %s%s", c->kind,
			c->schema, c->name, there ? "on again: " : "is gone",
			there ? mode_words(c) : "");
		return true;
	}
	pg_rollback(pg);
	return false;
}

static bool
switch_all(struct stop *s, struct pg *pg, const char *kind, struct err *err)
{
	struct change_list list;
	size_t i;
	bool ok = registry_list(pg, kind, &list, err);

	for (i = 0; ok && i < list.n; i++)
		ok = switch_on(s, pg, &list.items[i], err);
	change_list_release(&list);
	return ok;
}

bool
stop_triggers(struct stop *s, struct err *err)
{
	struct pg *pg = op_connect(s->op, SIDE_DESTINATION, s->db->name,
				   PG_LOAD, err);
	bool ok = pg && switch_all(s, pg, CHANGE_TRIGGER, err) &&
		  switch_all(s, pg, CHANGE_RULE, err);

	pg_close(pg);
	return ok;
}
