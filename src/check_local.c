/* SPDX-License-Identifier: PostgreSQL */
/* Checks of this machine: where files go, the programs that are needed. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <unistd.h>

#include "check_rows.h"
#include "mem.h"
#include "tools.h"

/* Dumps of schemas and globals, no rows: this is plenty. */
#define TMP_NEEDED (64LL * 1024 * 1024)

/* Asked of the system itself: root passes every look at permissions. */
static bool
can_make_folder(const char *dir, char **why)
{
	char *template = mem_printf("%s/pgrepup-check-XXXXXX", dir);
	bool ok = mkdtemp(template) != NULL;

	*why = NULL;
	if (ok)
		rmdir(template);
	else
		*why = mem_strdup(strerror(errno));
	free(template);
	return ok;
}

static void
report_space(const struct check_at *at, const char *dir)
{
	struct strbuf text = STRBUF_INIT;
	struct statvfs fs;
	long long bytes;

	if (statvfs(dir, &fs) != 0) {
		check_say(at, CHECK_KO, dir, NULL, "%s", strerror(errno));
		return;
	}
	bytes = (long long)fs.f_bavail * (long long)fs.f_frsize;
	strbuf_bytes(&text, bytes);
	strbuf_add(&text, " free");
	check_report(at, &(struct finding){
				 .status = bytes < TMP_NEEDED ? CHECK_KO
							      : CHECK_OK,
				 .object = dir,
				 .current = text.text,
				 .needed = "64 MB free",
			 });
	strbuf_release(&text);
}

bool
check_tmp_dir(const struct check_at *at, struct err *err)
{
	const char *dir = at->op->conf->tmp_dir;
	struct stat st;
	char *why;

	(void)err;
	if (!dir || !*dir) {
		check_say(at, CHECK_KO, NULL, NULL, "no folder is named");
	} else if (stat(dir, &st) != 0) {
		check_say(at, CHECK_KO, dir, NULL, "%s", strerror(errno));
	} else if (!S_ISDIR(st.st_mode)) {
		check_say(at, CHECK_KO, dir, NULL, "not a folder");
	} else if (!can_make_folder(dir, &why)) {
		check_say(at, CHECK_KO, dir, NULL, "%s", why);
		free(why);
	} else {
		report_space(at, dir);
	}
	return true;
}

/* False when it is not there; its path and version go to text. */
static bool
find_program(const struct check_at *at, const char *program, int major,
	     struct strbuf *text)
{
	struct err failed = ERR_INIT;
	int version = 0;
	char *path = tools_find(at->op->conf, program, major, &version,
				&failed);

	if (path) {
		strbuf_sep(text, ", ");
		strbuf_addf(text, "%s (%d.%d)", path, version / 10000,
			    version % 10000);
	} else {
		check_report(at, &(struct finding){
					 .status = CHECK_KO,
					 .object = program,
					 .current = failed.message,
					 .needed = failed.detail,
					 .hint = failed.hint,
				 });
	}
	free(path);
	err_release(&failed);
	return path != NULL;
}

bool
check_client_tools(const struct check_at *at, struct err *err)
{
	struct strbuf text = STRBUF_INIT;
	int version = at->op->destination.version;
	size_t i, found = 0;

	(void)err;
	for (i = 0; tools_programs[i]; i++)
		found += find_program(at, tools_programs[i], version / 10000,
				      &text);
	/* Any at all must be there; which, nobody has said. */
	if (found == i && version == 0)
		check_say(at, CHECK_SKIP, NULL, NULL,
			  "%s; the destination does not say which version it "
			  "needs",
			  text.text);
	else if (found == i)
		check_say(at, CHECK_OK, NULL, NULL, "%s", text.text);
	strbuf_release(&text);
	return true;
}
