/* SPDX-License-Identifier: PostgreSQL */
/* Findings that are ignored, with a reason; see ignore.h */
#include "ignore.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "mem.h"
#include "strbuf.h"

/* --- the file ----------------------------------------------------------- */

static void
put(struct ignore_list *list, const char *word, const char *reason,
    const char *time)
{
	struct text_list words = {.n = 0};
	struct targets one;
	struct err err = ERR_INIT;
	size_t n = list->targets.n;

	text_list_add(&words, word);
	if (targets_parse(&one, &words, &err)) {
		list->targets.items = mem_resize(list->targets.items, n + 1,
						 sizeof(*one.items));
		list->items = mem_resize(list->items, n + 1,
					 sizeof(*list->items));
		list->targets.items[n] = one.items[0];
		list->items[n] = (struct ignored){
			.reason = mem_strdup(reason),
			.time = mem_strdup(time),
		};
		list->targets.n++;
		one.n = 0;
	}
	targets_release(&one);
	text_list_release(&words);
	err_release(&err);
}

static void
take_line(struct ignore_list *list, const char *line)
{
	struct record *r = record_parse(line);

	if (r && record_get(r, "target"))
		put(list, record_get(r, "target"), record_get(r, "reason"),
		    record_get(r, "time"));
	record_free(r);
}

bool
ignore_load(struct ignore_list *list, const struct state_dir *dir,
	    struct err *err)
{
	struct err failed = ERR_INIT;
	int fd = state_dir_file(dir, "ignored", O_RDONLY, &failed);
	FILE *file = fd >= 0 ? fdopen(fd, "r") : NULL;
	char *line = NULL;
	size_t alloc = 0;

	*list = (struct ignore_list){.items = NULL};
	/* Without one nothing is ignored. */
	if (failed.kind == ERR_STATE)
		err_release(&failed);
	err_move(err, &failed);
	while (file && getline(&line, &alloc, file) > 0)
		take_line(list, line);
	if (file)
		fclose(file);
	free(line);
	return !err_is_set(err);
}

void
ignore_release(struct ignore_list *list)
{
	size_t i;

	for (i = 0; i < list->targets.n; i++) {
		free(list->items[i].reason);
		free(list->items[i].time);
	}
	free(list->items);
	targets_release(&list->targets);
	*list = (struct ignore_list){.items = NULL};
}

static bool
save(const struct ignore_list *list, const struct state_dir *dir,
     struct err *err)
{
	struct strbuf text = STRBUF_INIT;
	struct record *r;
	char *line;
	size_t i;
	bool ok;

	for (i = 0; i < list->targets.n; i++) {
		r = record_new(NULL);
		record_text(r, "target", list->targets.items[i].text);
		record_text(r, "reason", list->items[i].reason);
		record_text(r, "time", list->items[i].time);
		line = record_line(r);
		strbuf_addf(&text, "%s\n", line);
		free(line);
		record_free(r);
	}
	ok = state_dir_write(dir, "ignored", text.text, err);
	strbuf_release(&text);
	return ok;
}

/* --- adding and taking away --------------------------------------------- */

const char *
ignore_refusal(const struct check *check, const char *status)
{
	bool warn = status ? strcmp(status, "ko") != 0
			   : (check->flags & CHECK_ALSO_WARNS) != 0;

	if (warn && (check->flags & CHECK_ALSO_WARNS))
		return NULL;
	return check->firm;
}

static bool
may_be_ignored(const struct target *target, struct err *err)
{
	const struct check *check;
	const char *why;

	if (!target->check || target->variant) {
		err_set(err, ERR_USAGE, "\"%s\" names no check to ignore",
			target->text);
		err_hint(err, "Say CHECK, CHECK:DATABASE or "
			      "CHECK:DATABASE.SCHEMA.TABLE.");
		return false;
	}
	check = check_find(target->check);
	if (!check) {
		err_set(err, ERR_USAGE, "nothing to check is called \"%s\"",
			target->check);
		return false;
	}
	why = ignore_refusal(check, NULL);
	if (!why)
		return true;
	err_set(err, ERR_STATE, "%s cannot be ignored", target->check);
	err_detail(err, "%s.", why);
	return false;
}

/* The place of a word; the number of items when it is not there. */
static size_t
find_word(const struct ignore_list *list, const char *word)
{
	size_t i;

	for (i = 0; i < list->targets.n; i++)
		if (strcmp(list->targets.items[i].text, word) == 0)
			break;
	return i;
}

static char *
now_text(void)
{
	char text[32];
	time_t now = time(NULL);
	struct tm tm;

	gmtime_r(&now, &tm);
	strftime(text, sizeof(text), "%Y-%m-%dT%H:%M:%SZ", &tm);
	return mem_strdup(text);
}

bool
ignore_add(const struct state_dir *dir, const char *word,
	   const char *reason, struct err *err)
{
	struct text_list words = {.n = 0};
	struct targets target;
	struct ignore_list list = {.items = NULL};
	char *time = now_text();
	size_t i;
	bool ok;

	text_list_add(&words, word);
	ok = targets_parse(&target, &words, err) &&
	     may_be_ignored(&target.items[0], err) &&
	     ignore_load(&list, dir, err);
	if (ok && strspn(reason, " \t") == strlen(reason)) {
		err_set(err, ERR_USAGE, "a reason must be given");
		ok = false;
	}
	i = find_word(&list, word);
	if (ok && i == list.targets.n) {
		put(&list, word, reason, time);
	} else if (ok) {
		free(list.items[i].reason);
		list.items[i].reason = mem_strdup(reason);
	}
	ok = ok && save(&list, dir, err);
	ignore_release(&list);
	targets_release(&target);
	text_list_release(&words);
	free(time);
	return ok;
}

static void
take_away(struct ignore_list *list, size_t i)
{
	size_t last = --list->targets.n;
	struct target gone = list->targets.items[i];
	struct ignored item = list->items[i];
	struct targets one = {.items = MEM_ARRAY(struct target, 1), .n = 1};

	memmove(list->items + i, list->items + i + 1,
		(last - i) * sizeof(*list->items));
	memmove(list->targets.items + i, list->targets.items + i + 1,
		(last - i) * sizeof(*list->targets.items));
	one.items[0] = gone;
	targets_release(&one);
	free(item.reason);
	free(item.time);
}

bool
ignore_remove(const struct state_dir *dir, const char *word, struct err *err)
{
	struct ignore_list list;
	size_t i;
	bool ok;

	if (!ignore_load(&list, dir, err))
		return false;
	i = find_word(&list, word);
	ok = i < list.targets.n;
	if (!ok) {
		err_set(err, ERR_NEGATIVE, "\"%s\" is not ignored", word);
		err_hint(err, "`pgrepup ignore` lists what is.");
	} else {
		take_away(&list, i);
		ok = save(&list, dir, err);
	}
	ignore_release(&list);
	return ok;
}

/* --- findings ----------------------------------------------------------- */

static enum side
side_of(const struct record *r)
{
	const char *name = record_get(r, "side");
	int i;

	for (i = SIDE_NONE; i <= SIDE_DESTINATION; i++)
		if (name && strcmp(side_name((enum side)i), name) == 0)
			return (enum side)i;
	return SIDE_NONE;
}

static struct target_thing
thing_of(const struct record *r)
{
	const char *schema = record_get(r, "schema");
	const char *object = record_get(r, "object");

	/* The record has them joined, for people. */
	if (schema && object)
		object += strlen(schema) + 1;
	return (struct target_thing){
		.check = record_get(r, "id"),
		.side = side_of(r),
		.database = record_get(r, "database"),
		.schema = schema,
		.object = object,
	};
}

static void
take_back(struct record *r)
{
	char *was = mem_strdup(record_get(r, "was"));

	if (was)
		record_text(r, "status", was);
	free(was);
	record_drop(r, "was");
	record_drop(r, "reason");
	record_drop(r, "ignored_by");
}

void
ignore_apply(const struct ignore_list *list, struct record *r)
{
	const struct target_thing thing = thing_of(r);
	const struct check *check = check_find(thing.check);
	const struct target *target = targets_find(&list->targets, &thing);
	const char *status;

	take_back(r);
	status = record_get(r, "status");
	if (!target || !check ||
	    (strcmp(status, "ko") != 0 && strcmp(status, "warn") != 0) ||
	    ignore_refusal(check, status))
		return;
	record_text(r, "was", status);
	record_text(r, "status", check_status_name(CHECK_IGNORED));
	record_text(r, "reason",
		    list->items[target - list->targets.items].reason);
	record_text(r, "ignored_by", target->text);
}

const char *
ignore_reason(const struct ignore_list *list,
	      const struct target_thing *thing)
{
	const struct target *target = targets_find(&list->targets, thing);
	const struct check *check = check_find(thing->check);

	if (!target || !check || ignore_refusal(check, "ko"))
		return NULL;
	return list->items[target - list->targets.items].reason;
}
