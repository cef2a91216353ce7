/* SPDX-License-Identifier: PostgreSQL */
/* What the files of the configuration share and nobody else sees. */
#ifndef PGREPUP_CONF_INTERNAL_H
#define PGREPUP_CONF_INTERNAL_H

#include <libconfig.h>
#include <sys/stat.h>

#include "conf.h"
#include "conf_keys.h"
#include "strbuf.h"

/*
 * struct conf.file. The tree holds what the file says, and only that; struct
 * conf holds what is in effect, defaults included. Both change together.
 */
struct conf_file {
	config_t tree;
	struct secret *text; /* the file as it was read; NULL: not there */
	bool has_comments;
};

/* --- conf.c -----------------------------------------------------------------
 */

/* Fills in defaults that depend on other settings. */
void conf_derive(struct conf *conf);

/* --- conf_set.c -------------------------------------------------------------
 */

/* As conf_key_find, with an error when there is none. */
const struct conf_key *conf_find_key(const char *name, struct conf_key *made,
				     struct err *err);
/*
 * The side for which that value is a connection string: name is "source", or
 * "source.host" with such a value; else SIDE_NONE.
 */
enum side conf_conninfo_side(const char *name, const char *value);

/* --- conf_value.c: text into struct conf ---------------------------------- */

/*
 * Checks the text and puts it into conf; NULL is the default. False leaves
 * conf as it was. Not for secrets.
 */
bool conf_apply(struct conf *conf, const struct conf_key *key, const char *text,
		struct err *err);
struct endpoint *conf_side(struct conf *conf, enum side side);
/* Where the value of a secret is. */
struct secret **conf_secret_at(struct conf *conf, const struct conf_key *key);
bool conf_parse_bool(const char *text, bool *value);
/* "a,b" with double quotes where they are needed, and back. */
bool conf_parse_list(const char *text, struct text_list *list);
char *conf_format_list(const struct text_list *list);

/* --- conf_tree.c: the settings of the file -------------------------------- */

/* Text of a setting; NULL with err when its type is not that of the key. */
char *conf_tree_text(const config_setting_t *setting,
		     const struct conf_key *key, struct err *err);
/* Puts a value that conf_apply has taken; NULL removes the setting. */
void conf_tree_put(struct conf *conf, const struct conf_key *key,
		   const char *text);
/* A secret, in clear or sealed. */
void conf_tree_put_secret(struct conf *conf, const char *name,
			  const char *text);
void conf_tree_put_sealed(struct conf *conf, const char *name,
			  const char *sealed);
config_setting_t *conf_tree_find(const struct conf *conf, const char *name);
/* Sealed text of a secret; NULL when it is not there or in clear. */
const char *conf_tree_sealed(const struct conf *conf, const char *name);
const char *conf_tree_string(const struct conf *conf, const char *name);
/* Zeros its strings: what is freed of it else stays in the heap. The second
 * is what every tree ends with. */
void conf_tree_wipe(const config_t *tree);
void conf_tree_destroy(config_t *tree);
/* Says in which line of the file the error is. */
void conf_tree_at(const struct conf *conf, const config_setting_t *setting,
		  struct err *err);

/* --- conf_file.c: bytes --------------------------------------------------- */

/* The whole file; NULL with err, but without one when there is none. */
struct secret *conf_file_bytes(const char *path, struct stat *st,
			       struct err *err);
/* Reads and checks the bytes of the file, without parsing them. */
bool conf_file_read(struct conf *conf, struct err *err);
/* Parses them into the tree. */
bool conf_file_parse(struct conf *conf, struct err *err);
/* The tree as the text of a file. */
struct secret *conf_file_text(const config_t *tree);
bool conf_same_text(const struct secret *a, const struct secret *b);

/* The file to replace: what a symbolic link leads to. The caller frees it. */
char *conf_real_path(const char *path, struct err *err);
/* Replaces it by a private file; nobody ever sees half of it. */
bool conf_replace(const char *path, const struct secret *text,
		  struct err *err);
/* How the names of files begin that are being written: PATH and this. */
#define CONF_UNFINISHED ".new-"

/* --- conf_former.c: FILE~ and what else lies beside the file -------------- */

/*
 * Keeps what may be kept of a former text (NULL: of the FILE~ that is there)
 * as FILE~, and takes away what a kill has left. path: a conf_real_path; the
 * tree is that of the new file.
 */
bool conf_keep_former(const char *path, const struct secret *former,
		      const config_t *now, struct err *err);
/*
 * Hints to take the file back, from FILE~ only when that has a text for the
 * setting "lost" that the file has not, and the same one for "same". rest:
 * what else may be done.
 */
void conf_hint_former(const struct conf *conf, const char *lost,
		      const char *same, const char *rest, struct err *err);

/* --- conf_ini.c ----------------------------------------------------------- */

bool conf_text_is_ini(const struct secret *text);
/* Adds such a text without its passwords in clear. */
void conf_ini_hide(struct strbuf *out, const char *text);

/* --- conf_target.c: where sealed passwords are sent ----------------------- */

/* "source.host=db1" and so on, of what the file says. The caller releases. */
struct text_list conf_target(const struct conf *conf);
/* Seals them as they are now. */
void conf_target_put(struct conf *conf);
/* Are they as loaded what was sealed, or confirmed? */
bool conf_target_check(struct conf *conf, const struct secret_key *key,
		       struct err *err);

/* --- conf_seal.c ---------------------------------------------------------- */

/* Seals what the tree still has in clear, when there is a key. */
void conf_seal_clear(struct conf *conf);
/* Back to passwords in clear. */
bool conf_unseal(struct conf *conf, struct err *err);

#endif
