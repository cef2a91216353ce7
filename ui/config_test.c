/* SPDX-License-Identifier: PostgreSQL */
/* Does the connection to a side work? Asked and shown. */
#include "config_test.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "mem.h"
#include "plain.h"
#include "probe.h"
#include "report.h"

/* One side's test, as its stages come. */
struct side_test {
	struct record *report; /* NULL: shown */
	struct plain plain;
	struct record *stages;
	/* what the stages have told */
	char *user;
	long long version;
	char *identifier;
};

static void
show_stage(struct plain *plain, const struct record *stage)
{
	const char *state = record_get(stage, "state");
	const char *text = record_get(stage, "text");
	const char *hint = record_get(stage, "hint");
	const char *label = probe_label(record_get(stage, "id"));
	bool ko = strcmp(state, "ko") == 0;
	char *line = mem_printf("%s%s%s", label, ko ? "" : ": ",
				ko ? "" : text);

	plain_line(plain, 1, line, plain_state(state));
	if (ko)
		plain_note(plain, 1, "", text);
	if (hint)
		plain_note(plain, 1, ko ? "Hint: " : "", hint);
	free(line);
}

static void
keep_text(char **to, const struct record *stage, const char *key)
{
	if (!record_get(stage, key))
		return;
	free(*to);
	*to = mem_strdup(record_get(stage, key));
}

static void
take_stage(void *arg, const struct record *stage)
{
	struct side_test *test = arg;

	keep_text(&test->user, stage, "user");
	keep_text(&test->identifier, stage, "system_identifier");
	if (record_has(stage, "server_version_num"))
		test->version = record_get_int(stage, "server_version_num");
	record_append(test->stages, "stages", stage);
	if (!test->report)
		show_stage(&test->plain, stage);
}

/* The verdict, below its stages. */
static void
show_verdict(struct side_test *test, const struct endpoint *ep, bool ok,
	     const struct err *err)
{
	const char *user = test->user ? test->user : endpoint_get(ep, "user");
	char *label = endpoint_label(ep);
	char *line = mem_printf("PostgreSQL connection to %s%s%s", label,
				user ? " as " : "", user ? user : "");

	plain_line(&test->plain, 0, line, ok ? PLAIN_OK : PLAIN_KO);
	if (!ok && err->detail)
		plain_note(&test->plain, 0, "Detail: ", err->detail);
	free(line);
	free(label);
}

static const char *const facts[] = {"server_version", "ssl"};
static const char *const booleans[] = {"superuser", "password_used"};

/* What the stages have told beside their text. */
static void
add_facts(struct record *r, const struct record *stages)
{
	struct record *stage;
	size_t i, k;

	for (i = 0; i < record_count(stages, "stages"); i++) {
		stage = record_item(stages, "stages", i);
		for (k = 0; k < LENGTH_OF(facts); k++)
			if (record_has(stage, facts[k]))
				record_text(r, facts[k],
					    record_get(stage, facts[k]));
		for (k = 0; k < LENGTH_OF(booleans); k++)
			if (record_has(stage, booleans[k]))
				record_bool(r, booleans[k],
					    record_get_bool(stage,
							    booleans[k]));
		record_append(r, "stages", stage);
		record_free(stage);
	}
}

static void
add_to_report(const struct side_test *test, const struct endpoint *ep, bool ok,
	      const struct err *err)
{
	struct record *r = record_new(NULL), *error;

	record_text(r, "side", side_name(ep->side));
	record_bool(r, "ok", ok);
	record_text(r, "host", endpoint_get(ep, "host"));
	record_text(r, "port", endpoint_get(ep, "port"));
	record_text(r, "user",
		    test->user ? test->user : endpoint_get(ep, "user"));
	record_text(r, "database", endpoint_dbname(ep));
	record_text(r, "ssl", NULL);
	add_facts(r, test->stages);
	if (test->version)
		record_int(r, "server_version_num", test->version);
	if (!ok) {
		error = record_new(NULL);
		record_err(error, err);
		record_append(r, "errors", error);
		record_free(error);
	}
	record_append(test->report, "tests", r);
	record_free(r);
}

static void
keep_for_destination(struct config_peer *peer, const struct side_test *test)
{
	free(peer->identifier);
	peer->version = (int)test->version;
	peer->identifier = mem_strdup(test->identifier);
}

bool
config_test_side(const struct cli *cli, const struct conf *conf,
		 enum side side, struct config_peer *source,
		 struct record *report, struct err *err)
{
	const struct endpoint *ep = conf_endpoint(conf, side);
	struct probe probe = {
		.kind = PROBE_CONNECTION,
		.ep = ep,
		.source_version = source->version,
		.source_identifier = source->identifier,
	};
	struct side_test test = {
		.report = report,
		.plain = {.out = stdout, .color = cli->color},
		.stages = record_new(NULL),
	};
	bool ok;

	if (!report) {
		printf("Testing %s...\n", side_name(side));
		fflush(stdout);
	}
	ok = probe_run(&probe, take_stage, &test, err);
	if (side == SIDE_SOURCE)
		keep_for_destination(source, &test);
	if (report)
		add_to_report(&test, ep, ok, err);
	else
		show_verdict(&test, ep, ok, err);
	plain_release(&test.plain);
	record_free(test.stages);
	free(test.user);
	free(test.identifier);
	return ok;
}

/* The sides that the words name. */
static bool
sides_of(const struct cli *cli, bool *source, bool *destination,
	 struct err *err)
{
	int i;

	*source = *destination = cli->argc == 0;
	for (i = 0; i < cli->argc; i++) {
		if (strcmp(cli->argv[i], "source") == 0) {
			*source = true;
		} else if (strcmp(cli->argv[i], "destination") == 0) {
			*destination = true;
		} else if (strcmp(cli->argv[i], "all") == 0) {
			*source = *destination = true;
		} else {
			err_set(err, ERR_USAGE, "unknown side \"%s\"",
				cli->argv[i]);
			err_hint(err, "Give source, destination or all.");
			return false;
		}
	}
	return true;
}

/* Both are tested, even when the first one fails. */
static int
test_sides(const struct cli *cli, const struct conf *conf, bool source,
	   bool destination)
{
	struct record *report = cli->json ? report_new("config") : NULL;
	struct err errs[] = {ERR_INIT, ERR_INIT}, none = ERR_INIT;
	struct config_peer peer = {.version = 0};
	bool wanted[] = {source, destination};
	int status = 0;
	size_t i;

	for (i = 0; i < LENGTH_OF(errs); i++) {
		if (!wanted[i] ||
		    config_test_side(cli, conf,
				     i == 0 ? SIDE_SOURCE : SIDE_DESTINATION,
				     &peer, report, &errs[i]))
			continue;
		if (status == 0)
			status = err_exit_status(errs[i].kind);
	}
	if (report)
		report_print(report, status,
			     err_is_set(&errs[0]) ? &errs[0]
			     : err_is_set(&errs[1]) ? &errs[1]
						    : &none);
	for (i = 0; i < LENGTH_OF(errs); i++)
		err_release(&errs[i]);
	free(peer.identifier);
	return status;
}

int
config_test(struct cli *cli, struct err *err)
{
	bool source, destination;
	struct conf *conf = NULL;
	int status;

	if (sides_of(cli, &source, &destination, err))
		conf = cli_conf(cli, err);
	if (!conf)
		return err_exit_status(err->kind);
	status = test_sides(cli, conf, source, destination);
	conf_free(conf);
	return status;
}
