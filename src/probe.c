/* SPDX-License-Identifier: PostgreSQL */
/* The test of a connection: what is asked, and the process that asks. */
#include "probe.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "mem.h"
#include "runner.h"

/* --- stages --------------------------------------------------------------- */

static const struct {
	const char *id;
	const char *label;
	enum side side; /* of one only */
} stages[] = {
	{"resolve", "name resolves", SIDE_NONE},
	{"port", "port answers", SIDE_NONE},
	{"ssl", "SSL", SIDE_NONE},
	{"login", "login", SIDE_NONE},
	{"version", "version", SIDE_NONE},
	{"wal_level", "wal_level", SIDE_SOURCE},
	{"empty", "databases", SIDE_DESTINATION},
};

const char *
probe_label(const char *id)
{
	size_t i;

	for (i = 0; i < LENGTH_OF(stages); i++)
		if (strcmp(stages[i].id, id) == 0)
			return stages[i].label;
	return id;
}

const char *
probe_stage(enum side side, int i)
{
	size_t k;

	for (k = 0; k < LENGTH_OF(stages); k++)
		if ((stages[k].side == SIDE_NONE || stages[k].side == side) &&
		    i-- == 0)
			return stages[k].id;
	return NULL;
}

void
probe_say(const struct prober *p, const struct stage *stage,
	  struct record *more)
{
	struct record *r = more ? more : record_new("stage");

	record_text(r, "id", stage->id);
	record_text(r, "state", stage->state);
	record_text(r, "text", stage->text);
	if (stage->hint)
		record_text(r, "hint", stage->hint);
	p->say(p->arg, r);
	record_free(r);
}

const char *
probe_value(const struct endpoint *ep, const char *keyword, const char *deflt)
{
	const char *value = endpoint_get(ep, keyword);

	return value && *value ? value : deflt;
}

/* --- asking --------------------------------------------------------------- */

static bool
connection(const struct prober *p, struct err *err)
{
	if (!probe_way(p, err))
		return false;
	if (!p->probe->no_login)
		return probe_session(p, err);
	probe_say(p,
		  &(struct stage){"login", "wait",
				  "when the field is left, or with ^T", NULL},
		  NULL);
	return true;
}

bool
probe_run(const struct probe *probe, probe_fn say, void *arg, struct err *err)
{
	static bool (*const run[])(const struct prober *, struct err *) = {
		[PROBE_CONNECTION] = connection,
		[PROBE_DATABASES] = probe_databases,
		[PROBE_FILES] = probe_files,
	};
	struct prober p = {probe, say, arg};

	return run[probe->kind](&p, err);
}

/* --- the process ---------------------------------------------------------- */

static void
put_keywords(struct record *r, const struct endpoint *ep)
{
	struct record *item;
	size_t i;

	record_text(r, "side", side_name(ep->side));
	for (i = 0; i < ep->n; i++) {
		item = record_new(NULL);
		record_text(item, "keyword", ep->keywords[i]);
		record_text(item, "value", ep->values[i]);
		record_append(r, "keywords", item);
		record_free(item);
	}
	record_bool(r, "password", ep->password != NULL);
}

struct record *
probe_request(const struct probe *probe)
{
	struct record *r = record_new("request");

	record_int(r, "kind", probe->kind);
	record_bool(r, "no_login", probe->no_login);
	record_int(r, "source_version", probe->source_version);
	record_text(r, "source_identifier", probe->source_identifier);
	record_text(r, "tmp_dir", probe->tmp_dir);
	record_text(r, "bin_dir", probe->bin_dir);
	record_int(r, "major", probe->major);
	if (probe->ep)
		put_keywords(r, probe->ep);
	return r;
}

static void
read_endpoint(const struct record *request, struct endpoint *ep)
{
	const char *side = record_get(request, "side");
	struct secret *password = runner_read_line();
	struct record *item;
	size_t i;

	ep->side = side && strcmp(side, "source") == 0 ? SIDE_SOURCE
						       : SIDE_DESTINATION;
	for (i = 0; i < record_count(request, "keywords"); i++) {
		item = record_item(request, "keywords", i);
		endpoint_set(ep, record_get(item, "keyword"),
			     record_get(item, "value"));
		record_free(item);
	}
	if (record_get_bool(request, "password"))
		ep->password = password;
	else
		secret_free(password);
}

/* A face that has gone wants no answer. */
static void
write_line(void *arg, const struct record *said)
{
	char *line = record_line(said);
	size_t n = strlen(line);

	(void)arg;
	line = mem_resize(line, n + 2, 1);
	line[n++] = '\n';
	if (write(STDOUT_FILENO, line, n) < 0)
		_exit(0);
	free(line);
}

static void
run_request(const struct record *request)
{
	struct endpoint ep = {.side = SIDE_NONE};
	struct probe probe = {
		.kind = (enum probe_kind)record_get_int(request, "kind"),
		.ep = &ep,
		.no_login = record_get_bool(request, "no_login"),
		.source_version =
			(int)record_get_int(request, "source_version"),
		.source_identifier = record_get(request, "source_identifier"),
		.tmp_dir = record_get(request, "tmp_dir"),
		.bin_dir = record_get(request, "bin_dir"),
		.major = (int)record_get_int(request, "major"),
	};
	struct err told = ERR_INIT;

	read_endpoint(request, &ep);
	if (probe.kind <= PROBE_FILES)
		probe_run(&probe, write_line, NULL, &told);
	err_release(&told);
	endpoint_release(&ep);
}

int
probe_main(struct err *err)
{
	struct record *request = NULL;

	if (secret_init(err))
		request = runner_read_request(err);
	if (request)
		run_request(request);
	record_free(request);
	return err_exit_status(err->kind);
}
