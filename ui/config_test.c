/* SPDX-License-Identifier: PostgreSQL */
/* Does the connection to a side work? Asked and shown. */
#include "config_test.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "mem.h"
#include "pg.h"
#include "plain.h"
#include "report.h"
#include "strbuf.h"

static bool
is_superuser(const struct pg *pg)
{
	const char *value = pg_parameter(pg, "is_superuser");

	return value && strcmp(value, "on") == 0;
}

static const char *
server_version(const struct pg *pg)
{
	const char *value = pg_parameter(pg, "server_version");

	return value ? value : "of unknown version";
}

static bool
is_local(const struct endpoint *ep)
{
	const char *host = endpoint_get(ep, "host");

	return host && *host == '/';
}

/* What was agreed on with the server, in words. */
static char *
describe(const struct endpoint *ep, const struct pg *pg)
{
	const char *ssl = pg_ssl(pg);
	const char *mode = endpoint_get(ep, "sslmode");
	bool verified = mode && strncmp(mode, "verify-", 7) == 0;
	struct strbuf sb = STRBUF_INIT;

	strbuf_addf(&sb, "PostgreSQL %s, %s, ", server_version(pg),
		    is_superuser(pg) ? "superuser" : "not a superuser");
	strbuf_add(&sb, pg_used_password(pg) ? "password used, "
					     : "no password asked, ");
	if (*ssl)
		strbuf_addf(&sb, "%s%s", ssl,
			    verified ? "" : " (certificate not verified)");
	else
		strbuf_add(&sb, is_local(ep) ? "local socket"
					     : "connection not encrypted");
	return strbuf_detach(&sb);
}

static void
show(const struct cli *cli, const struct endpoint *ep, const struct pg *pg,
     const struct err *err)
{
	struct plain plain = {.out = stdout, .color = cli->color};
	const char *user = endpoint_get(ep, "user");
	char *label = endpoint_label(ep);
	char *line, *text;

	if (pg)
		user = pg_user(pg);
	line = mem_printf("PostgreSQL connection to %s%s%s", label,
			  user ? " as " : "", user ? user : "");
	plain_line(&plain, 0, line, pg ? PLAIN_OK : PLAIN_KO);
	if (pg) {
		text = describe(ep, pg);
		plain_note(&plain, 0, "", text);
		free(text);
	} else {
		plain_note(&plain, 0, "", err->message);
		if (err->detail)
			plain_note(&plain, 0, "Detail: ", err->detail);
		if (err->hint)
			plain_note(&plain, 0, "Hint: ", err->hint);
	}
	plain_release(&plain);
	free(line);
	free(label);
}

static void
add_to_report(struct record *report, const struct endpoint *ep,
	      const struct pg *pg, const struct err *err)
{
	struct record *r = record_new(NULL), *error;

	record_text(r, "side", side_name(ep->side));
	record_bool(r, "ok", pg != NULL);
	record_text(r, "host", endpoint_get(ep, "host"));
	record_text(r, "port", endpoint_get(ep, "port"));
	record_text(r, "user", pg ? pg_user(pg) : endpoint_get(ep, "user"));
	record_text(r, "database", endpoint_dbname(ep));
	if (pg) {
		record_text(r, "server_version", server_version(pg));
		record_int(r, "server_version_num", pg_version(pg));
		record_bool(r, "superuser", is_superuser(pg));
		record_bool(r, "password_used", pg_used_password(pg));
		record_text(r, "ssl", *pg_ssl(pg) ? pg_ssl(pg) : NULL);
	} else {
		error = record_new(NULL);
		record_err(error, err);
		record_append(r, "errors", error);
		record_free(error);
	}
	record_append(report, "tests", r);
	record_free(r);
}

bool
config_test_side(const struct cli *cli, const struct conf *conf,
		 enum side side, struct record *report, struct err *err)
{
	const struct endpoint *ep = conf_endpoint(conf, side);
	const char *timeout = endpoint_get(ep, "connect_timeout");
	struct pg_options options = {
		.mode = PG_PLAIN,
		.connect_timeout = timeout ? strtod(timeout, NULL) : 0,
	};
	struct pg *pg;
	bool ok;

	if (!report) {
		printf("Testing %s...\n", side_name(side));
		fflush(stdout);
	}
	pg = pg_connect(ep, &options, err);
	if (report)
		add_to_report(report, ep, pg, err);
	else
		show(cli, ep, pg, err);
	ok = pg != NULL;
	pg_close(pg);
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
	bool wanted[] = {source, destination};
	int status = 0;
	size_t i;

	for (i = 0; i < LENGTH_OF(errs); i++) {
		if (!wanted[i] ||
		    config_test_side(cli, conf,
				     i == 0 ? SIDE_SOURCE : SIDE_DESTINATION,
				     report, &errs[i]))
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
