/* SPDX-License-Identifier: PostgreSQL */
/*
 * What lies beside the configuration: FILE~, its former text, FILE.edit, which
 * a person edits (conf_edit.c), and what a kill leaves while a file is
 * written. Whatever is saved, none of them keeps a password that it had.
 */
#include <dirent.h>
#include <fcntl.h>
#include <libgen.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include "conf_edit.h"
#include "conf_hide.h"
#include "mem.h"

#define FORMER "~"
#define UNFINISHED_MORE 6 /* mkostemp's letters */

/* --- what a kill has left ------------------------------------------------- */

/* "FILE.new-aB3xY9" or "FILE~.new-aB3xY9" */
static bool
is_unfinished(const char *name, const char *base)
{
	size_t n = strlen(base);

	if (strncmp(name, base, n) != 0)
		return false;
	name += n;
	name += strncmp(name, FORMER, strlen(FORMER)) == 0;
	n = strlen(CONF_UNFINISHED);
	return strncmp(name, CONF_UNFINISHED, n) == 0 &&
	       strlen(name + n) == UNFINISHED_MORE;
}

/* Who still writes it holds its lock. */
static void
remove_unused(int folder, const char *name)
{
	int fd = openat(folder, name,
			O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK);
	struct stat st;

	if (fd < 0)
		return;
	if (fstat(fd, &st) == 0 && S_ISREG(st.st_mode) &&
	    flock(fd, LOCK_EX | LOCK_NB) == 0)
		unlinkat(folder, name, 0);
	close(fd);
}

static void
sweep(const char *path)
{
	char *copy = mem_strdup(path), *other = mem_strdup(path);
	const char *base = basename(other);
	DIR *folder = opendir(dirname(copy));
	const struct dirent *entry;

	while (folder && (entry = readdir(folder)))
		if (is_unfinished(entry->d_name, base))
			remove_unused(dirfd(folder), entry->d_name);
	if (folder)
		closedir(folder);
	free(copy);
	free(other);
}

/* --- FILE~ ---------------------------------------------------------------- */

static bool
write_copy(const char *path, const struct secret *former,
	   const struct secret *there, const config_t *now, struct err *err)
{
	struct secret *text = conf_former_text(former, now);
	bool ok = conf_same_text(text, there) ||
		  conf_replace(path, text, err);

	secret_free(text);
	return ok;
}

bool
conf_keep_former(const char *path, const struct secret *former,
		 const config_t *now, struct err *err)
{
	char *copy = mem_printf("%s" FORMER, path);
	struct err ignored = ERR_INIT;
	struct stat st;
	struct secret *there = conf_file_bytes(copy, &st, &ignored);
	bool ok = true;

	sweep(path);
	conf_edit_clean(path);
	/* What cannot be read cannot be said to hold none. */
	if (err_is_set(&ignored))
		unlink(copy);
	if (former || there)
		ok = write_copy(copy, former ? former : there, there, now, err);
	secret_free(there);
	err_release(&ignored);
	free(copy);
	return ok;
}

char *
conf_former_path(const struct conf *conf)
{
	struct err ignored = ERR_INIT;
	char *real = conf_real_path(conf->path, &ignored);
	char *path = mem_printf("%s" FORMER, real ? real : conf->path);

	free(real);
	err_release(&ignored);
	return path;
}

/* --- does it help? -------------------------------------------------------- */

/* Of a password the sealed text. */
static const char *
text_at(const config_t *tree, const char *name)
{
	const config_setting_t *setting = config_lookup(tree, name);
	const char *text = NULL;

	if (setting && config_setting_is_group(setting))
		config_setting_lookup_string(setting, "sealed", &text);
	else if (setting)
		text = config_setting_get_string(setting);
	return text;
}

static bool
heals(const struct secret *copy, const config_t *now, const char *lost,
      const char *same)
{
	const char *had, *has;
	config_t tree;
	bool is;

	config_init(&tree);
	is = config_read_string(&tree, secret_text(copy)) &&
	     (had = text_at(&tree, same)) && (has = text_at(now, same)) &&
	     strcmp(had, has) == 0 && (had = text_at(&tree, lost)) && *had;
	has = is ? text_at(now, lost) : NULL;
	is = is && (!has || strcmp(had, has) != 0);
	conf_tree_destroy(&tree);
	return is;
}

void
conf_hint_former(const struct conf *conf, const char *lost, const char *same,
		 const char *rest, struct err *err)
{
	const struct conf_file *file = conf->file;
	struct err ignored = ERR_INIT;
	char *path = conf_former_path(conf);
	struct stat st;
	struct secret *copy = conf_file_bytes(path, &st, &ignored);

	if (copy && heals(copy, &file->tree, lost, same))
		err_hint(err, "Take the file back from \"%s\" or a backup%s.",
			 path, rest);
	else
		err_hint(err, "Take the file back from a backup%s.", rest);
	secret_free(copy);
	err_release(&ignored);
	free(path);
}
