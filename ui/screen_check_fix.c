/* SPDX-License-Identifier: PostgreSQL */
/*
 * Fixing from the checklist, and taking a fix back: a dry run gives the plan,
 * the question shows exactly what will run, and yes runs just that. Another
 * remedy is another plan of the same thing.
 */
#include <stdlib.h>
#include <string.h>

#include "draw_text.h"
#include "mem.h"
#include "screen_check.h"

#define LABEL 8 /* columns before the text of a plan */

/* --- the question --------------------------------------------------------- */

/* What the keys of a question need. */
struct asked {
	char *target;	   /* of the only plan, without its remedy; or NULL */
	struct strbuf sql; /* of all plans */
};

static void
asked_free(void *arg)
{
	struct asked *a = arg;

	free(a->target);
	strbuf_release(&a->sql);
	free(a);
}

/* It is awaited from now on. */
static void
await(struct app *app, const char *run)
{
	struct checklist *s = app->states[SCREEN_CHECK];

	if (!s)
		return;
	free(s->fixing.run);
	s->fixing.run = mem_strdup(run);
}

static void
print_sql(struct app *app, void *arg)
{
	app_print(app, ((struct asked *)arg)->sql.text);
}

static void
copy_sql(struct app *app, void *arg)
{
	app_copy(app, ((struct asked *)arg)->sql.text);
}

static void
choose_variant(struct app *app, const struct asked *a, const char *variant)
{
	struct fixing fixing = {.undo = false};
	char *word = mem_printf("%s=%s", a->target, variant);

	text_list_add(&fixing.targets, word);
	free(word);
	check_plan(app, &fixing);
}

#define CHOOSER(name, variant)                                                 \
	static void choose_##name(struct app *app, void *arg)                  \
	{                                                                      \
		choose_variant(app, arg, variant);                             \
	}
CHOOSER(default, "default")
CHOOSER(index, "index")
CHOOSER(unique, "unique")
CHOOSER(column, "column")
CHOOSER(full, "full")
CHOOSER(insert, "insert")
CHOOSER(exclude, "exclude")

/* Remedies by the names that plans give them, and their keys. */
static const struct {
	const char *variant;
	struct ask_key key;
	const char *help;
} remedies[] = {
	{"default", {.ch = 'd', .label = "default", .act = choose_default},
	 "the primary key that is there"},
	{"index", {.ch = 'x', .label = "index", .act = choose_index},
	 "an index that is there"},
	{"unique", {.ch = 'k', .label = "new index", .act = choose_unique},
	 "an index of pgrepup (no rewrite)"},
	{"column", {.ch = 'c', .label = "column", .act = choose_column},
	 "a column of pgrepup (rewrites the table)"},
	{"full", {.ch = 'i', .label = "identity full", .act = choose_full},
	 "REPLICA IDENTITY FULL (no rewrite, slower apply)"},
	{"insert", {.ch = 'n', .label = "new rows", .act = choose_insert},
	 "only new rows travel, no UPDATE and no DELETE"},
	{"exclude", {.ch = 's', .label = "skip", .act = choose_exclude},
	 "skip: leave this table out"},
};

static const struct ask_key plain_keys[] = {
	{.ch = 'o', .label = "print SQL", .act = print_sql, .stays = true},
	{.ch = 'y', .label = "copy SQL", .act = copy_sql, .stays = true},
};

static bool
is_choice(const struct record *plan, const char *variant)
{
	const char *choices = record_get(plan, "choices");
	const char *chosen = record_get(plan, "variant");
	char *all, *one;
	bool found;

	if (!choices || (chosen && strcmp(chosen, variant) == 0))
		return false;
	all = mem_printf(" %s ", choices);
	one = mem_printf(" %s ", variant);
	found = strstr(all, one) != NULL;
	free(all);
	free(one);
	return found;
}

/* --- a plan in words ------------------------------------------------------ */

static void
add_part(struct strbuf *text, const char *label, const char *value, int width)
{
	struct text_list lines = {.n = 0};
	size_t i;

	if (!value)
		return;
	text_lines(&lines, value, width > 40 ? width - LABEL : width);
	for (i = 0; i < lines.n; i++) {
		strbuf_addf(text, "%-*s", width > 40 || i == 0 ? LABEL : 0,
			    i == 0 ? label : "");
		strbuf_addf(text, "%s\n", lines.items[i]);
	}
	text_list_release(&lines);
}

static void
add_choices(struct strbuf *text, const struct record *plan, int width)
{
	const char *label = "Instead";
	char *line;
	size_t i;

	for (i = 0; i < LENGTH_OF(remedies); i++) {
		if (!is_choice(plan, remedies[i].variant))
			continue;
		line = mem_printf("%c  %s", (char)remedies[i].key.ch,
				  remedies[i].help);
		add_part(text, label, line, width);
		free(line);
		label = "";
	}
}

static void
describe(const struct record *plan, struct strbuf *text, int width)
{
	const char *database = record_get(plan, "database");
	char *where = mem_printf("%s%s%s", record_get(plan, "side"),
				 database ? ", database " : "",
				 database ? database : "");
	const char *undo = record_get(plan, "undo");
	const char *variant = record_get(plan, "variant");
	bool conf = variant && strcmp(variant, "exclude") == 0;
	char *back = !undo ? NULL
		     : strncmp(undo, "none", 4) == 0
			     ? mem_strdup(undo)
			     : mem_printf("u here%s: %s",
					  conf ? "" : ", or pgrepup uninstall",
					  undo);

	add_part(text, "Where", where, width);
	add_part(text, "Runs", record_get(plan, "sql"), width);
	add_part(text, "Effect", record_get(plan, "cost"), width);
	add_part(text, "Undo", back, width);
	add_choices(text, plan, width);
	strbuf_addc(text, '\n');
	free(where);
	free(back);
}

static char *
title_of(const struct fixing *fixing, const struct record_list *plans)
{
	const struct record *plan = plans->items[0];
	const char *verb = fixing->undo ? "Undo" : "Fix";
	const char *object = record_get(plan, "object");

	if (plans->n > 1)
		return mem_printf("%s: %zu things", verb, plans->n);
	return mem_printf("%s: %s%s%s", verb, record_get(plan, "check"),
			  object ? " of " : "", object ? object : "");
}

/* The word of a plan without the remedy that it has chosen. */
static char *
without_variant(const struct record *plan)
{
	const char *target = record_get(plan, "target");
	const char *variant = record_get(plan, "variant");
	size_t n = strlen(target);

	if (variant && n > strlen(variant) + 1)
		n -= strlen(variant) + 1;
	return mem_strndup(target, n);
}

/* The keys of a question, of which there is room for all; how many. */
static size_t
choose_keys(struct ask_key *keys, const struct record *only)
{
	size_t i, n = 0;

	for (i = 0; only && i < LENGTH_OF(remedies); i++)
		if (is_choice(only, remedies[i].variant))
			keys[n++] = remedies[i].key;
	for (i = 0; i < LENGTH_OF(plain_keys); i++)
		keys[n++] = plain_keys[i];
	return n;
}

void
check_ask(struct app *app, const struct fixing *fixing,
	  const struct record_list *plans)
{
	struct ask_key keys[LENGTH_OF(remedies) + LENGTH_OF(plain_keys)];
	bool one = plans->n == 1 && !fixing->undo;
	struct op_options options = {.undo = fixing->undo};
	struct asked *a = MEM_NEW(struct asked);
	struct strbuf text = STRBUF_INIT;
	char *title = title_of(fixing, plans);
	size_t i;

	*a = (struct asked){.sql = STRBUF_INIT};
	for (i = 0; i < plans->n; i++) {
		describe(plans->items[i], &text, overlay_ask_width(app));
		text_list_add(&options.targets,
			      record_get(plans->items[i], "target"));
		strbuf_addf(&a->sql, "%s;\n",
			    record_get(plans->items[i], "sql"));
	}
	a->target = one ? without_variant(plans->items[0]) : NULL;
	strbuf_add(&text, "Run it?");
	app_start(app, &(struct start){
		.command = "fix",
		.options = &options,
		.begun = await,
		.plan = &(struct question){
			.title = title,
			.text = text.text,
			.arg = a,
			.free_arg = asked_free,
			.keys = keys,
			.n_keys = choose_keys(keys, one ? plans->items[0]
							: NULL),
		},
	});
	text_list_release(&options.targets);
	strbuf_release(&text);
	free(title);
}

/* --- planning ------------------------------------------------------------- */

/* A key pressed while checks run is not lost: the plan waits for their end. */
void
check_plan(struct app *app, struct fixing *fixing)
{
	struct checklist *s = app->states[SCREEN_CHECK];
	struct op_options options = {
		.dry_run = true,
		.undo = fixing->undo,
		.targets = fixing->targets,
	};

	text_list_release(&s->fixing.targets);
	free(s->fixing.run);
	s->fixing = *fixing;
	app_start(app, &(struct start){
			       .command = "fix",
			       .options = &options,
			       .begun = await,
		       });
}

static void
add_target(const struct record *check, const char *key,
	   struct text_list *targets)
{
	const char *remedy = record_get(check, "remedy");
	char *word;

	if (!record_get_bool(check, key))
		return;
	word = mem_printf("%s%s%s", record_get(check, "target"),
			  remedy ? "=" : "", remedy ? remedy : "");
	text_list_add(targets, word);
	free(word);
}

/* Targets of what is marked, else of what is under the cursor, where key
 * (fixable, fixed) is true. */
static void
collect(const struct checklist *s, const char *key, struct text_list *targets)
{
	const struct record *check = check_under_cursor(s);
	const struct record_list *all = &s->model->checks;
	size_t i;

	for (i = 0; s->marked.n > 0 && i < all->n; i++)
		if (text_list_has(&s->marked,
				  record_get(all->items[i], "target")))
			add_target(all->items[i], key, targets);
	if (s->marked.n == 0 && check)
		add_target(check, key, targets);
}

void
check_fix(struct app *app, struct checklist *s)
{
	struct fixing fixing = {.undo = false};

	collect(s, "fixable", &fixing.targets);
	if (fixing.targets.n > 0)
		check_plan(app, &fixing);
	else
		app_say(app, "pgrepup has no fix for this; the hint says "
			     "what to do.");
}

void
check_undo(struct app *app, struct checklist *s)
{
	struct fixing fixing = {.undo = true};

	collect(s, "fixed", &fixing.targets);
	if (fixing.targets.n > 0)
		check_plan(app, &fixing);
	else
		app_say(app, "pgrepup has fixed nothing here.");
}

void
check_fix_all(struct app *app, struct checklist *s)
{
	struct fixing fixing = {.choosing = true};

	(void)s;
	check_plan(app, &fixing);
}

/* The newest run's plans; what cannot be done says why. */
static void
take_plans(struct app *app, struct record_list *plans)
{
	const struct record_list *logs = &app->model->logs;
	const struct record *r;
	const char *why = NULL;
	size_t i;

	for (i = app->model->logs_run; i < logs->n; i++) {
		r = logs->items[i];
		if (!record_is(r, "fix"))
			continue;
		if (record_get(r, "sql") &&
		    strcmp(record_get(r, "state"), "planned") == 0)
			record_list_add(plans, record_copy(r));
		else
			why = record_get(r, "message");
	}
	if (plans->n == 0 && why)
		app_say(app, "%s", why);
	else if (plans->n == 0 && !record_get_bool(app->model->end, "ok"))
		app_say(app, "%s", record_get(app->model->end, "message"));
	else if (plans->n == 0)
		app_say(app, "There is nothing to do.");
}

/* Was a table left out, or taken in again? */
static bool
changed_conf(const struct model *model)
{
	const char *variant, *check;
	size_t i;

	for (i = model->logs_run; i < model->logs.n; i++) {
		variant = record_get(model->logs.items[i], "variant");
		check = record_get(model->logs.items[i], "check");
		if ((variant && strcmp(variant, "exclude") == 0) ||
		    (check && strcmp(check, "tables_left_out") == 0))
			return true;
	}
	return false;
}

/* What was done is looked at again, by the configuration as it is now. */
static void
after_fix(struct app *app, struct checklist *s)
{
	const struct record *begin = app->model->begin;
	bool conf = changed_conf(app->model);
	struct text_list targets = {.n = 0};
	const char *why = record_get(app->model->end, "detail");
	char *failed = mem_strdup(why);
	size_t i;

	for (i = 0; !conf && i < record_count(begin, "targets"); i++)
		text_list_add(&targets,
			      record_item_text(begin, "targets", i));
	text_list_release(&s->marked);
	if (conf)
		app_reload_conf(app);
	check_run_again(app, &targets);
	if (failed)
		app_say(app, "%s", failed);
	text_list_release(&targets);
	free(failed);
}

bool
check_fix_tick(struct app *app, struct checklist *s)
{
	const struct model *model = app->model;
	const char *command = model ? model_command(model) : NULL;
	struct fixing fixing = s->fixing;
	struct record_list plans = {.n = 0};

	if (!fixing.run || !command || !model->end ||
	    strcmp(record_get(model->begin, "run"), fixing.run) != 0)
		return false;
	/* What comes next may be the next run. */
	if (model_runner(model) > 0) {
		app_wake(app, 0.02);
		return false;
	}
	s->fixing = (struct fixing){.run = NULL};
	if (!record_get_bool(model->begin, "dry_run")) {
		after_fix(app, s);
	} else {
		take_plans(app, &plans);
		if (plans.n > 0 && fixing.choosing)
			check_choose(app, &fixing, &plans);
		else if (plans.n > 0)
			check_ask(app, &fixing, &plans);
	}
	record_list_clear(&plans);
	free(fixing.run);
	text_list_release(&fixing.targets);
	return true;
}
