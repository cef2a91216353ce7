/* SPDX-License-Identifier: PostgreSQL */
/* What of this machine is usable: the temporary folder, client programs. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <unistd.h>

#include "conf.h"
#include "mem.h"
#include "probe.h"
#include "strbuf.h"
#include "tools.h"

static bool
say_folder(const struct prober *p, struct err *err)
{
	const char *dir = p->probe->tmp_dir;
	struct strbuf text = STRBUF_INIT;
	struct statvfs fs;
	struct stat st;

	if (stat(dir, &st) != 0 || statvfs(dir, &fs) != 0)
		err_set(err, ERR_SYSTEM, "%s", strerror(errno));
	else if (!S_ISDIR(st.st_mode))
		err_set(err, ERR_SYSTEM, "not a folder");
	else if (access(dir, W_OK | X_OK) != 0)
		err_set(err, ERR_SYSTEM, "%s", strerror(errno));
	if (err_is_set(err)) {
		err_hint(err, "Name a folder that you may write in, or make "
			      "this one.");
		probe_say(p,
			  &(struct stage){"tmp_dir", "ko", err->message,
					  err->hint},
			  NULL);
		return false;
	}
	strbuf_bytes(&text, (long long)fs.f_bavail * (long long)fs.f_frsize);
	strbuf_addf(&text, " free in %s", dir);
	probe_say(p, &(struct stage){"tmp_dir", "ok", text.text, NULL}, NULL);
	strbuf_release(&text);
	return true;
}

static bool
say_program(const struct prober *p, const struct conf *conf,
	    const char *program, struct err *err)
{
	struct err missing = ERR_INIT;
	int version = 0;
	char *path = tools_find(conf, program, p->probe->major, &version,
				&missing);
	char *text;

	if (path) {
		text = version >= 100000
			       ? mem_printf("%d.%d, %s", version / 10000,
					    version % 10000, path)
			       : mem_printf("%d.%d.%d, %s", version / 10000,
					    version / 100 % 100, version % 100,
					    path);
		probe_say(p, &(struct stage){program, "ok", text, NULL}, NULL);
		free(text);
	} else {
		probe_say(p,
			  &(struct stage){program, "ko", missing.message,
					  missing.hint},
			  NULL);
		err_move(err, &missing);
	}
	err_release(&missing);
	free(path);
	return !err_is_set(err);
}

bool
probe_files(const struct prober *p, struct err *err)
{
	struct conf *conf = conf_new("");
	bool ok = say_folder(p, err);
	size_t i;

	if (p->probe->bin_dir)
		conf->bin_dir = mem_strdup(p->probe->bin_dir);
	for (i = 0; ok && tools_programs[i]; i++)
		ok = say_program(p, conf, tools_programs[i], err);
	conf_free(conf);
	return ok;
}
