/* SPDX-License-Identifier: PostgreSQL */
/* Checks of settings (what they must be stands in needs.c) and of pglogical. */
#include <stdlib.h>
#include <string.h>

#include "check_rows.h"
#include "fix.h"
#include "mechanism.h"
#include "mem.h"
#include "needs.h"
#include "sqlcat.h"

/* --- settings ----------------------------------------------------------- */

static char *
setting_hint(const struct check_at *at, const struct need_found *found)
{
	const char *name = found->need->setting;

	if (found->enough_next)
		return mem_printf("%s is set to %s already: %s PostgreSQL",
				  name, found->next,
				  found->restart ? "restart" : "reload");
	if (found->fixed)
		return mem_printf("%s is given on the server's command line: "
				  "change it where the server is started",
				  name);
	if (!at->cluster->superuser)
		return mem_printf("have a superuser set %s to %s%s, or the "
				  "parameters of the managed service%s",
				  name, found->value,
				  found->restart ? ", and restart PostgreSQL"
						 : "",
				  strcmp(name, "wal_level") == 0
					  ? " (rds.logical_replication, "
					    "cloudsql.logical_decoding)"
					  : "");
	if (found->need->kind == NEED_IN_LIST)
		return mem_printf("add %s to %s%s (pgrepup fix %s)",
				  found->need->word, name,
				  found->restart ? ", then restart PostgreSQL"
						 : "",
				  at->check->id);
	return mem_printf("set %s to %s%s (pgrepup fix %s)", name, found->value,
			  found->restart ? ", then restart PostgreSQL" : "",
			  at->check->id);
}

/* What comes first where the fix alone would be refused; else as it is. */
static bool
refusal_first(const struct check_at *at, const struct need_found *found,
	      char **hint, bool *alone, struct err *err)
{
	char *reason = NULL, *first = NULL, *then = *hint;
	bool ok = fix_setting_refusal(at->op, at->pg, found, NULL, &reason,
				      &first, err);

	*alone = ok && !reason;
	if (ok && reason) {
		*hint = mem_printf("%s; then %s", first, then);
		free(then);
	}
	free(reason);
	free(first);
	return ok;
}

/* Says what was found; the same for a setting of its own and for a part. */
static bool
report_setting(const struct check_at *at, const struct need_found *found,
	       struct err *err)
{
	struct strbuf sql = STRBUF_INIT;
	bool fixable = !found->enough && !found->enough_next && !found->fixed;
	bool alone = fixable;
	char *hint = setting_hint(at, found);

	if (fixable && !refusal_first(at, found, &hint, &alone, err)) {
		free(hint);
		return false;
	}
	if (alone)
		need_alter_sql(found->need, found->value, &sql);
	check_report(at, &(struct finding){
				 .status = found->enough ? CHECK_OK : CHECK_KO,
				 .current = *found->current ? found->current
							    : "nothing",
				 .needed = found->needed,
				 .hint = hint,
				 .fixable = fixable,
				 .restart = found->restart,
				 .fix_sql = alone ? sql.text : NULL,
			 });
	strbuf_release(&sql);
	free(hint);
	return true;
}

bool
check_setting(const struct check_at *at, struct err *err)
{
	struct need_found found;
	size_t i;
	bool ok = true;

	for (i = 0; i < n_needs && ok; i++) {
		if (strcmp(needs[i].check, at->check->id) != 0)
			continue;
		ok = need_judge(at->op, at->pg, &needs[i], &found, err);
		if (ok && found.exists)
			ok = report_setting(at, &found, err);
		need_found_release(&found);
	}
	return ok;
}

/* What makes the source give up a slot or a connection by itself. */
bool
check_slot_limits(const struct check_at *at, struct err *err)
{
	struct rowset rows = ROWSET_INIT;
	size_t i;
	bool ok = pg_ask(at->pg, "slot_limits", PG_NONE, &rows, err);

	for (i = 0; ok && i < rows.n_rows; i++)
		check_report(at, &(struct finding){
					 .status = CHECK_WARN,
					 .object = rowset_text(&rows, i, "name"),
					 .current = rowset_text(&rows, i,
							       "current"),
					 .needed = rowset_text(&rows, i,
							      "needed"),
				 });
	rowset_release(&rows);
	return ok;
}

bool
check_truncate(const struct check_at *at, struct err *err)
{
	(void)err;
	if (at->cluster->version < at->op->mechanism->truncate_version)
		check_say(at, CHECK_WARN, NULL, NULL,
			  "PostgreSQL %s does not replicate it",
			  at->cluster->version_text);
	return true;
}

/* --- pglogical ---------------------------------------------------------- */

/* "9.6", "17" */
static char *
major_text(int version)
{
	if (version < 100000)
		return mem_printf("%d.%d", version / 10000,
				  version / 100 % 100);
	return mem_printf("%d", version / 10000);
}

/* The package by the distribution that version() names. */
static char *
package_hint(const struct check_at *at, struct err *err)
{
	char *build = pg_ask_value(at->pg, "server_build", PG_NONE, err);
	char *major = major_text(at->cluster->version), *hint;

	if (build && (strstr(build, "Debian") || strstr(build, "Ubuntu")))
		hint = mem_printf("on the host of the %s: apt-get install "
				  "postgresql-%s-pglogical",
				  side_name(at->cluster->side), major);
	else if (build && strstr(build, "Red Hat"))
		hint = mem_printf("on the host of the %s: dnf install "
				  "pglogical_%s (from PGDG)",
				  side_name(at->cluster->side), major);
	else
		hint = mem_printf("install pglogical for PostgreSQL %s on the "
				  "host of the %s (postgresql-%s-pglogical on "
				  "Debian, pglogical_%s from PGDG on Red Hat)",
				  major, side_name(at->cluster->side), major,
				  major);
	free(build);
	free(major);
	return hint;
}

/* *there: the server has the files of that extension. */
static bool
report_missing(const struct check_at *at, const char *name, bool *there,
	       struct err *err)
{
	char *version, *hint;

	version = pg_ask_value(at->pg, "extension_available", PG_BIND(name),
			       err);
	*there = version != NULL;
	free(version);
	if (*there || err_is_set(err))
		return !err_is_set(err);
	hint = package_hint(at, err);
	check_report(at, &(struct finding){
				 .status = CHECK_KO,
				 .object = name,
				 .current = "not installed",
				 .needed = "the package on the server's host",
				 .hint = hint,
			 });
	free(hint);
	return !err_is_set(err);
}

bool
check_pglogical(const struct check_at *at, struct err *err)
{
	bool there, origin = true;

	if (!report_missing(at, "pglogical", &there, err))
		return false;
	/* Origins came into the server itself with 9.5. */
	if (there && at->cluster->version < 90500 &&
	    !report_missing(at, "pglogical_origin", &origin, err))
		return false;
	return !there || !origin || check_setting(at, err);
}

/* A superuser keeps its statements out of the log by itself. */
bool
check_statement_log(const struct check_at *at, struct err *err)
{
	char *current;

	if (!sqlcat_find("statement_log", at->cluster->version))
		return true;
	current = pg_ask_value(at->pg, "statement_log", PG_NONE, err);
	if (current)
		check_report(at, &(struct finding){
					 .status = CHECK_WARN,
					 .current = current,
				 });
	free(current);
	return !err_is_set(err);
}
