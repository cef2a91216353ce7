/* SPDX-License-Identifier: PostgreSQL */
/* The copy that a person edits: without the passwords, which come back when
 * it becomes the file. */
#include "conf_edit.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "conf_hide.h"
#include "mem.h"

#define AS_IT_IS "\"\" /* as it is */"

static char *
copy_path(const char *path, struct err *err)
{
	char *real = conf_real_path(path, err);
	char *copy = real ? mem_printf("%s.edit", real) : NULL;

	free(real);
	return copy;
}

/* Sealed ones may be seen by everybody. */
static size_t
hide(struct strbuf *out, const char *key, const char *value, size_t n,
     void *arg)
{
	(void)key;
	(void)arg;
	if (*value == '{' || strncmp(value, "\"\"", n) == 0)
		strbuf_addn(out, value, n);
	else
		strbuf_add(out, AS_IT_IS);
	return n;
}

static bool
write_hidden(const char *copy, const struct secret *text,
	     const struct secret *there, struct err *err)
{
	struct strbuf out = STRBUF_INIT;
	struct secret *hidden;
	bool ok;

	conf_text_hide(&out, secret_text(text), false, hide, NULL);
	hidden = secret_new(out.text, out.len);
	ok = conf_same_text(hidden, there) || conf_replace(copy, hidden, err);
	secret_free(hidden);
	strbuf_release(&out);
	return ok;
}

char *
conf_edit_begin(const char *path, struct err *err)
{
	char *copy = copy_path(path, err);
	struct secret *text, *there;
	struct stat st;
	bool ok;

	if (!copy)
		return NULL;
	/* One that is there is broken, and what the person was at. */
	there = conf_file_bytes(copy, &st, err);
	text = there || err_is_set(err) ? NULL
					: conf_file_bytes(path, &st, err);
	ok = (there || text) &&
	     write_hidden(copy, there ? there : text, there, err);
	secret_free(there);
	secret_free(text);
	if (ok)
		return copy;
	free(copy);
	return NULL;
}

void
conf_edit_clean(const char *path)
{
	struct err ignored = ERR_INIT;
	char *copy = copy_path(path, &ignored);
	struct stat st;
	struct secret *there = copy ? conf_file_bytes(copy, &st, &ignored)
				    : NULL;

	if (there)
		write_hidden(copy, there, there, &ignored);
	secret_free(there);
	err_release(&ignored);
	free(copy);
}

/* --- back ----------------------------------------------------------------- */

struct wanted {
	const char *key;
	const char *value; /* in the text of the file; NULL: not found */
	size_t n;
};

static size_t
find(struct strbuf *out, const char *key, const char *value, size_t n,
     void *arg)
{
	struct wanted *w = arg;

	(void)out;
	if (strcmp(key, w->key) == 0) {
		w->value = value;
		w->n = n;
	}
	return n;
}

/* What the file has there, arg: a struct secret, its text. */
static size_t
fill(struct strbuf *out, const char *key, const char *value, size_t n,
     void *arg)
{
	const struct secret *file = arg;
	struct wanted w = {.key = key};
	struct strbuf unused = STRBUF_INIT;

	if (strncmp(value, AS_IT_IS, strlen(AS_IT_IS)) != 0) {
		strbuf_addn(out, value, n);
		return n;
	}
	conf_text_hide(&unused, secret_text(file), false, find, &w);
	strbuf_release(&unused);
	if (w.value)
		strbuf_addn(out, w.value, w.n);
	else
		strbuf_add(out, "\"\"");
	return strlen(AS_IT_IS);
}

static struct secret *
fill_in(const struct secret *copy, struct secret *file)
{
	struct strbuf out = STRBUF_INIT;
	struct secret *text;

	conf_text_hide(&out, secret_text(copy), false, fill, file);
	text = secret_new(out.text, out.len);
	secret_wipe(out.text, out.len);
	strbuf_release(&out);
	return text;
}

/* FILE~ is of a file before this one, and may not know more than it. */
static bool
write_file(const char *path, const struct secret *text, struct err *err)
{
	config_t tree;
	bool ok;

	config_init(&tree);
	ok = config_read_string(&tree, secret_text(text)) &&
	     conf_replace(path, text, err) &&
	     conf_keep_former(path, NULL, &tree, err);
	conf_tree_destroy(&tree);
	return ok;
}

bool
conf_edit_take(const char *path, struct err *err)
{
	char *real = conf_real_path(path, err), *copy = copy_path(path, err);
	struct secret *file = NULL, *edited = NULL, *text = NULL;
	struct stat st;
	bool ok;

	file = real ? conf_file_bytes(real, &st, err) : NULL;
	edited = file && copy ? conf_file_bytes(copy, &st, err) : NULL;
	text = edited ? fill_in(edited, file) : NULL;
	ok = text && write_file(real, text, err);
	if (ok)
		unlink(copy);
	else if (!err_is_set(err))
		err_set(err, ERR_CONFIG, "the copy or the file is gone");
	secret_free(file);
	secret_free(edited);
	secret_free(text);
	free(real);
	free(copy);
	return ok;
}
