/* SPDX-License-Identifier: PostgreSQL */
/* The report of an upgrade: its head, and the file that it goes into. */
#include "report_file.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "config.h"
#include "io.h"
#include "markdown.h"
#include "mem.h"

#define NAMES_MOST 100 /* of one second: then somebody fills the folder */

void
report_add_time(struct strbuf *sb, const char *time)
{
	char *when;

	if (!time || strlen(time) < 19)
		return;
	when = mem_printf("%.10s %.8s", time, time + 11);
	md_text(sb, when);
	free(when);
}

static const char *
fact(const struct record *record, const char *key)
{
	const char *value = record ? record_get(record, key) : NULL;

	return value ? value : "not yet met";
}

static void
add_fact(struct strbuf *sb, const struct report *report, const char *label,
	 const char *key)
{
	int i;

	strbuf_addf(sb, "| %s", label);
	for (i = 0; i < 2; i++) {
		strbuf_add(sb, " | ");
		md_code(sb, fact(report->clusters[i], key));
	}
	strbuf_add(sb, " |\n");
}

static void
add_clusters(struct strbuf *sb, const struct report *report)
{
	md_head(sb, " | Source (the old one) | Destination (the new one)");
	add_fact(sb, report, "Address", "address");
	add_fact(sb, report, "PostgreSQL", "version");
	add_fact(sb, report, "Connected as", "role");
	if (!report->mechanism)
		return;
	strbuf_add(sb, "\nReplication by ");
	md_code(sb, record_get(report->mechanism, "name"));
	if (record_get(report->mechanism, "reason")) {
		strbuf_add(sb, ": ");
		md_text(sb, record_get(report->mechanism, "reason"));
	}
	strbuf_add(sb, ".\n");
}

static void
add_newest(struct strbuf *sb, const struct report *report)
{
	const struct report_run *run;

	if (report->n_runs == 0)
		return;
	run = &report->runs[report->n_runs - 1];
	strbuf_add(sb, "\nThe newest operation is ");
	md_text(sb, record_get(run->begin, "command"));
	strbuf_add(sb, ", begun ");
	report_add_time(sb, record_get(run->begin, "time"));
	strbuf_add(sb, ": ");
	report_add_result(sb, run);
	strbuf_add(sb, ".\n");
}

static void
add_head(struct strbuf *sb, const struct conf *conf,
	 const struct state_dir *dir)
{
	char now[32];
	time_t t = time(NULL);
	struct tm tm;
	char *journal = mem_printf("%s/journal", dir->path);

	gmtime_r(&t, &tm);
	strftime(now, sizeof(now), "%Y-%m-%d %H:%M:%S", &tm);
	strbuf_add(sb, "# Upgrade ");
	md_code(sb, conf->name);
	strbuf_addf(sb,
		    "\n\nWritten %s UTC by pgrepup %s. All of it comes from "
		    "the journal,\n",
		    now, PACKAGE_VERSION);
	md_code(sb, journal);
	strbuf_add(sb, ", which `pgrepup log` shows; times are UTC.\n\n");
	free(journal);
}

bool
report_file_text(const struct conf *conf, struct strbuf *text,
		 struct err *err)
{
	struct report report = {0};
	struct state_dir *dir = conf_state_dir(conf, err);
	bool ok = dir && report_read(&report, dir, err);

	if (ok) {
		add_head(text, conf, dir);
		add_clusters(text, &report);
		add_newest(text, &report);
		report_add_findings(text, &report);
		report_add_runs(text, &report);
	}
	report_release(&report);
	state_dir_close(dir);
	return ok;
}

bool
report_file_write(const char *path, const char *text, struct err *err)
{
	int fd = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
	bool ok = false;

	if (fd < 0 && errno == EEXIST) {
		err_set(err, ERR_USAGE, "file \"%s\" exists", path);
		err_hint(err, "Give another name, or remove it first.");
		return false;
	}
	if (fd >= 0) {
		ok = io_write_all(fd, text, strlen(text)) && fsync(fd) == 0;
		ok = close(fd) == 0 && ok;
	}
	if (!ok)
		err_set(err, ERR_SYSTEM, "could not write \"%s\": %s", path,
			strerror(errno));
	return !err_is_set(err);
}

char *
report_file_path(const struct conf *conf, struct err *err)
{
	struct state_dir *dir = conf_state_dir(conf, err);
	char now[32], *path = NULL;
	time_t t = time(NULL);
	struct tm tm;
	int i;

	if (!dir)
		return NULL;
	localtime_r(&t, &tm);
	strftime(now, sizeof(now), "%Y%m%d-%H%M%S", &tm);
	path = mem_printf("%s/report-%s.md", dir->path, now);
	for (i = 2; access(path, F_OK) == 0 && i < NAMES_MOST; i++) {
		free(path);
		path = mem_printf("%s/report-%s-%d.md", dir->path, now,
				  i);
	}
	state_dir_close(dir);
	return path;
}
