/* SPDX-License-Identifier: PostgreSQL */
/*
 * The operation uninstall: every database first (subscription, nodes, what
 * the registry holds), then what is of the whole clusters. The destination
 * keeps its data. Every database of either side is looked into that has a
 * registry, whether or not it is still part of the upgrade.
 */
#include <stdlib.h>
#include <string.h>

#include "load.h"
#include "mechanism.h"
#include "mem.h"
#include "readers.h"
#include "undo.h"
#include "work.h"

/* A database that one side or both have. */
struct place {
	char *name;
	bool on[SIDE_DESTINATION + 1];
	struct err err; /* why it could not be done whole */
};

struct uninstall {
	struct op *op;
	const char *step;
	struct place *places;
	size_t n;
};

/* --- what there is ------------------------------------------------------ */

static struct place *
place_of(struct uninstall *u, const char *name)
{
	size_t i;

	for (i = 0; i < u->n; i++)
		if (strcmp(u->places[i].name, name) == 0)
			return &u->places[i];
	return NULL;
}

static bool
find_places(struct uninstall *u, enum side side, struct err *err)
{
	struct rowset rows = ROWSET_INIT;
	const struct text_list *only = &u->op->options.only;
	struct place *place;
	bool ok;
	size_t i;

	if (side == SIDE_SOURCE && u->op->source_gone)
		return true;
	ok = pg_ask(op_cluster(u->op, side)->pg, "databases", PG_NONE, &rows,
		    err);
	if (ok)
		u->places = mem_resize(u->places, u->n + rows.n_rows + 1,
				       sizeof(*u->places));
	for (i = 0; ok && i < rows.n_rows; i++) {
		const char *name = rowset_text(&rows, i, "name");

		if (!rowset_bool(&rows, i, "allow_connections") ||
		    (only->n > 0 && !text_list_has(only, name)))
			continue;
		place = place_of(u, name);
		if (!place) {
			place = &u->places[u->n++];
			*place = (struct place){.name = mem_strdup(name),
						.err = ERR_INIT};
		}
		place->on[side] = true;
	}
	rowset_release(&rows);
	return ok;
}

static void
release_places(struct uninstall *u)
{
	size_t i;

	for (i = 0; i < u->n; i++) {
		free(u->places[i].name);
		err_release(&u->places[i].err);
	}
	free(u->places);
}

/* Elsewhere only the source is asked; here either may have it. */
static bool
only_exists(struct uninstall *u, struct err *err)
{
	const struct text_list *only = &u->op->options.only;
	size_t i;

	for (i = 0; i < only->n; i++) {
		if (place_of(u, only->items[i]))
			continue;
		err_set(err, ERR_USAGE,
			"database \"%s\" exists on neither side",
			only->items[i]);
		return false;
	}
	return true;
}

/* What another destination reads is not ours to take away. */
static bool
check_readers(struct uninstall *u, struct err *err)
{
	struct rowset readers = ROWSET_INIT;
	bool ok = u->op->source_gone || readers_ask(u->op, &readers, err);
	const struct place *p;

	for (p = u->places; ok && p < u->places + u->n; p++)
		ok = readers_check(u->op, &readers, p->name,
				   p->on[SIDE_DESTINATION], err);
	rowset_release(&readers);
	return ok;
}

/* --- one database ------------------------------------------------------- */

/* One that this role has not made holds nothing of ours: it is left alone, and
 * keeps nobody from the rest. */
static bool
is_to_undo(struct uninstall *u, const struct place *place, struct pg *pg,
	   bool *to_undo, struct err *err)
{
	struct err why = ERR_INIT;
	enum registry_is is;
	bool ok = registry_look(pg, &is, &why, err);

	if (ok && is == REGISTRY_FOREIGN) {
		op_item(u->op, u->step, place->name, "schema pgrepup", "warn",
			"left alone on the %s: %s", side_name(pg_side(pg)),
			why.message);
		err_release(&why);
	}
	*to_undo = ok && is == REGISTRY_OURS;
	err_move(err, &why);
	return !err_is_set(err);
}

/* A session where there is a registry; NULL elsewhere. */
static bool
open_registry(struct uninstall *u, const struct place *place, enum side side,
	      struct pg **pg, struct err *err)
{
	bool to_undo;

	*pg = NULL;
	if (!place->on[side])
		return true;
	*pg = op_connect(u->op, side, place->name, PG_PLAIN, err);
	if (!*pg || !is_to_undo(u, place, *pg, &to_undo, err))
		return false;
	if (to_undo)
		return true;
	pg_close(*pg);
	*pg = NULL;
	return true;
}

/*
 * The schema came to the destination with our columns, indexes and
 * identities: they are recorded there as well before the source forgets.
 */
static bool
adopt(struct pg *source, struct pg *destination, struct err *err)
{
	static const char *const kinds[] = {CHANGE_REPLICA_IDENTITY,
					    CHANGE_INDEX, CHANGE_COLUMN};
	struct change_list list = {.n = 0};
	bool ok = true;
	size_t k, i;

	/* Undone newest first: the column last, so it is recorded first. */
	for (k = LENGTH_OF(kinds); ok && k-- > 0;) {
		ok = registry_list(source, kinds[k], &list, err);
		for (i = list.n; ok && i-- > 0;)
			ok = registry_add(destination, &list.items[i], NULL,
					  err);
		change_list_release(&list);
	}
	return ok;
}

static bool
undo_all(const struct undo_at *at, const char *step, bool cluster_wide,
	 struct err *err)
{
	struct change_list list;
	struct err failed = ERR_INIT;
	bool ok;
	size_t i;

	if (!registry_list(at->pg, NULL, &list, err))
		return false;
	undo_sort_settings(&list);
	for (i = 0; i < list.n; i++) {
		const struct undo *undo = undo_find(list.items[i].kind);

		if ((undo && undo->cluster_wide) != cluster_wide)
			continue;
		ok = undo_change(at, step, &list.items[i], &failed);
		err_move(err, &failed);
		if (!ok && (err->kind == ERR_STOPPED || !pg_is_alive(at->pg)))
			break;
	}
	change_list_release(&list);
	return !err_is_set(err);
}

static bool
drop_registry(const struct undo_at *at, const char *step, struct err *err)
{
	bool dropped;

	if (!registry_drop_if_empty(at->pg, &dropped, err))
		return false;
	if (dropped)
		op_item(at->op, step, at->database, "schema pgrepup", "ok",
			"dropped on the %s", side_name(at->cluster->side));
	return true;
}

static bool
undo_side(struct uninstall *u, const struct place *place, enum side side,
	  struct pg *pg, struct err *err)
{
	struct undo_at at = {
		.op = u->op,
		.cluster = op_cluster(u->op, side),
		.pg = pg,
		.database = place->name,
	};

	return !pg || (undo_all(&at, u->step, false, err) &&
		       drop_registry(&at, u->step, err));
}

/* What was on its way is said: the data on the destination is not whole. */
static bool
look_at_load(struct uninstall *u, const struct place *place, struct pg *pg,
	  struct err *err)
{
	struct load load = {.state = LOAD_NONE};
	bool ok;

	ok = load_read(pg, &load, err) &&
	     load_refuse_other(&load, place->name, u->op->conf->name, err);
	if (ok && load.state != LOAD_NONE && load.state != LOAD_HANDED_OVER)
		op_item(u->op, u->step, place->name, place->name, "warn",
			"was not handed over (%s): what is on the destination "
			"stays there, and is not the whole of the source",
			load_state_name(load.state));
	load_release(&load);
	return ok;
}

static bool
leave_replication(struct uninstall *u, const struct place *place,
		  struct pg *source, struct pg *destination, struct err *err)
{
	const struct mechanism_at at = {
		.op = u->op,
		.database = place->name,
		.source = source,
		.destination = destination,
	};

	if (destination && !u->op->mechanism->unsubscribe(&at, err))
		return false;
	return u->op->mechanism->remove(&at, err);
}

static bool
undo_both(struct uninstall *u, const struct place *place, struct pg *source,
	  struct pg *destination, struct err *err)
{
	if (!source && !destination)
		return true;
	if (destination && !look_at_load(u, place, destination, err))
		return false;
	return leave_replication(u, place, source, destination, err) &&
	       (!source || !destination ||
		adopt(source, destination, err)) &&
	       undo_side(u, place, SIDE_DESTINATION, destination, err) &&
	       undo_side(u, place, SIDE_SOURCE, source, err);
}

static void
list_rows(struct uninstall *u, const struct place *place, enum side side,
	  struct pg *pg, struct err *err)
{
	struct undo_at at = {
		.op = u->op,
		.cluster = op_cluster(u->op, side),
		.pg = pg,
		.database = place->name,
	};
	struct change_list list;
	char *label;
	size_t i;

	if (!pg || !registry_list(pg, NULL, &list, err))
		return;
	for (i = 0; i < list.n; i++) {
		label = undo_label(&at, &list.items[i]);
		op_item(u->op, u->step, place->name, label, "plan",
			"would be undone");
		free(label);
	}
	change_list_release(&list);
}

static void
uninstall_place(struct uninstall *u, struct place *place)
{
	struct pg *source = NULL, *destination = NULL;

	if (open_registry(u, place, SIDE_SOURCE, &source, &place->err) &&
	    open_registry(u, place, SIDE_DESTINATION, &destination,
			  &place->err)) {
		if (u->op->options.dry_run) {
			list_rows(u, place, SIDE_SOURCE, source, &place->err);
			list_rows(u, place, SIDE_DESTINATION, destination,
				  &place->err);
		} else {
			undo_both(u, place, source, destination, &place->err);
		}
	}
	pg_close(source);
	pg_close(destination);
}

static const char *
state_of(const struct place *place)
{
	if (!err_is_set(&place->err))
		return "ok";
	return place->err.kind == ERR_STOPPED ? "wait" : "ko";
}

static void
one_place(void *arg, size_t i)
{
	struct uninstall *u = arg;
	struct place *place = &u->places[i];
	double began = clock_now();

	if (interrupt_raised(u->op->interrupt))
		return;
	op_say_database(u->op, place->name, "run", 0);
	uninstall_place(u, place);
	op_say_database(u->op, place->name, state_of(place),
			clock_now() - began);
}

/* --- the steps ---------------------------------------------------------- */

static bool
collect(struct uninstall *u, struct err *err)
{
	size_t failed = 0, i;
	struct err first = ERR_INIT;

	for (i = 0; i < u->n; i++) {
		struct err *e = &u->places[i].err;

		if (!err_is_set(e) || e->kind == ERR_STOPPED)
			continue;
		op_error(u->op, u->places[i].name, e);
		failed++;
		err_move(&first, e);
	}
	if (interrupt_raised(u->op->interrupt)) {
		interrupt_error(err);
	} else if (failed > 0) {
		err_set(err, first.kind, "%zu of %zu databases failed", failed,
			u->n);
		err_hint(err, "Their errors are above; uninstall run again "
			      "goes on from here.");
	}
	err_release(&first);
	return !err_is_set(err);
}

static void
say_places(const struct uninstall *u)
{
	const char **names = MEM_ARRAY(const char *, u->n);
	size_t i;

	for (i = 0; i < u->n; i++)
		names[i] = u->places[i].name;
	op_say_databases(u->op, names, u->n);
	free(names);
}

static bool
uninstall_databases(struct op *op, struct err *err)
{
	struct uninstall u = {.op = op, .step = "databases"};
	bool ok;

	ok = find_places(&u, SIDE_SOURCE, err) &&
	     find_places(&u, SIDE_DESTINATION, err) &&
	     only_exists(&u, err) && check_readers(&u, err);
	if (ok) {
		say_places(&u);
		work_each((size_t)op->conf->jobs, u.n, one_place, &u);
		ok = collect(&u, err);
	}
	release_places(&u);
	return ok;
}

static bool
uninstall_cluster(struct op *op, enum side side, struct err *err)
{
	struct cluster *cluster = op_cluster(op, side);
	struct undo_at at = {
		.op = op,
		.cluster = cluster,
		.pg = cluster->pg,
		.database = NULL,
	};

	return undo_all(&at, "clusters", true, err) &&
	       drop_registry(&at, "clusters", err);
}

/* With --only the rest of the upgrade goes on, and needs it. */
static bool
uninstall_clusters(struct op *op, struct err *err)
{
	if (op->options.only.n > 0) {
		op_item(op, "clusters", NULL, "clusters", "skip",
			"left for the other databases (--only)");
		return true;
	}
	if (op->options.dry_run)
		return true;
	return uninstall_cluster(op, SIDE_DESTINATION, err) &&
	       (op->source_gone || uninstall_cluster(op, SIDE_SOURCE, err));
}

static const struct step steps[] = {
	{
		.id = "databases",
		.title = "Undo what was done in each database",
		.leaves = "The rows of your tables are as they were.",
		.run = uninstall_databases,
	},
	{
		.id = "clusters",
		.title = "Undo settings, rules and roles",
		.leaves = "No database was touched by this step.",
		.run = uninstall_clusters,
	},
};

bool
uninstall_run(struct op *op, struct err *err)
{
	if ((!op->source_gone && !op_open_side(op, SIDE_SOURCE, err)) ||
	    !op_open_side(op, SIDE_DESTINATION, err))
		return false;
	return mechanism_choose(op, err) &&
	       op_run_steps(op, steps, LENGTH_OF(steps), err);
}
