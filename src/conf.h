/* SPDX-License-Identifier: PostgreSQL */
/*
 * The configuration of one upgrade: a libconfig file, by default ~/.pgrepup.
 * The only user of libconfig. (Named conf, since config.h is autoconf's.)
 *
 * A conf is loaded locked when it holds sealed values; conf_unlock opens them
 * with a passphrase or with a key. Nothing is written before conf_save, which
 * keeps settings it does not know and writes 0600 through a temporary file,
 * fsync and rename, keeping the former file as FILE~: without the passwords,
 * but for sealed ones that the new file has as well.
 */
#ifndef PGREPUP_CONF_H
#define PGREPUP_CONF_H

#include <stdbool.h>
#include <stddef.h>

#include "endpoint.h"
#include "err.h"
#include "secret.h"
#include "state_dir.h"

/* A list of texts; NULL-terminated, owned. */
struct text_list {
	char **items;
	size_t n;
};

bool text_list_has(const struct text_list *list, const char *item);
void text_list_add(struct text_list *list, const char *item);
void text_list_release(struct text_list *list);

struct conf {
	char *path;
	char *name; /* of this upgrade; names the state folder */
	bool encrypt;
	bool locked; /* sealed values not yet opened */
	char *tmp_dir;
	char *bin_dir; /* NULL: found by itself */
	struct endpoint source;
	struct endpoint destination;
	struct text_list databases_include;
	struct text_list databases_exclude;
	bool databases_templates;
	/* DATABASE.SCHEMA.TABLE or SCHEMA.TABLE */
	struct text_list tables_exclude;
	int jobs;
	int databases_at_once; /* default: jobs */
	int barriers_every;    /* seconds; 0: the monitor makes none */
	char *mechanism;       /* auto, pglogical, native */
	char *replication_user;
	struct secret *replication_password; /* NULL until setup made it */
	long long fix_rewrite_limit; /* bytes */
	struct secret_key *key;	     /* NULL when nothing is sealed or locked */
	bool wrong_passphrase;	     /* why the last conf_unlock failed */
	bool moved; /* passwords go elsewhere than when they were sealed */
	bool confirmed; /* a person has said that they may */
	struct text_list target; /* where they would go, as loaded or saved */
	void *file;		     /* the parsed libconfig file */
};

/* The path to use: given, else $PGREPUP_CONFIG, else ~/.pgrepup. The caller
 * frees it. */
char *conf_path(const char *given);
/* An empty configuration with defaults, for that path (not written). */
struct conf *conf_new(const char *path);
/*
 * NULL and ERR_CONFIG naming file and line: missing file, does not parse,
 * unknown key, value out of range, readable by others (with the chmod to
 * run), INI file of the Python pgrepup.
 */
struct conf *conf_load(const char *path, struct err *err);
/* Is there a file in the form of the Python pgrepup 0.3? */
bool conf_is_ini(const char *path);
/*
 * A configuration for path with the connection fields of such a file, not
 * written; saved over that file itself, the former is kept as FILE~. notes
 * gets a line for each value that could not be taken over.
 */
struct conf *conf_import(const char *from, const char *path,
			 struct text_list *notes, struct err *err);
void conf_free(struct conf *conf);
/* Does it hold sealed values? */
bool conf_is_sealed(const struct conf *conf);
/*
 * ERR_CONFIG when the passphrase is wrong (wrong_passphrase), when a setting
 * that decides where passwords are sent is not as it was sealed and nobody has
 * confirmed it (moved), or when a value was tampered with; the conf stays
 * locked.
 */
bool conf_unlock(struct conf *conf, const struct secret *passphrase,
		 struct err *err);
/* Keeps the key when it fits; else it stays the caller's. */
bool conf_unlock_key(struct conf *conf, struct secret_key *key,
		     struct err *err);
/* Turns sealing on with a (new) passphrase: makes salt and key. */
bool conf_seal(struct conf *conf, const struct secret *passphrase,
	       struct err *err);
/*
 * Sets KEY to a value given as text ("source.port", "5433"), with the checks
 * of conf_load. An empty value goes back to the default. A URI or connection
 * string for "source" or "source.host" is split. Passwords only through
 * conf_set_secret, but for one in such a string. After a failure conf may
 * have some of a connection string: do not save it then.
 */
bool conf_set(struct conf *conf, const char *key, const char *value,
	      struct err *err);
/* A line more, or less, of tables.exclude. */
bool conf_leave_out(struct conf *conf, const char *entry, struct err *err);
bool conf_take_in(struct conf *conf, const char *entry, struct err *err);
/* key: source.password, destination.password, replication.password */
bool conf_set_secret(struct conf *conf, const char *key,
		     const struct secret *value, struct err *err);
/* For this process alone, never saved: what a person answered
 * (ask_password). */
void conf_lend_password(struct conf *conf, enum side side,
			const struct secret *password);
/* Is that key a secret one? */
bool conf_key_is_secret(const char *key);
/* Would conf_set with that value change where sealed passwords are sent? */
bool conf_decides_target(const char *key, const char *value);
/* Would conf_set with that value set a password? */
bool conf_value_has_password(const char *key, const char *value);
/* One sentence; NULL when there is no such key. */
const char *conf_key_doc(const char *key);
/* Does the file (or conf_set) say it, or is it a default? */
bool conf_is_set(const struct conf *conf, const char *key);
/* The value as text ("***" for a secret that is there); NULL: not set. */
char *conf_get(const struct conf *conf, const char *key);
/* Every key that is known or set, in the order of the documentation. */
struct text_list conf_keys(const struct conf *conf);
/* Comments in the file are lost by conf_save: has it any? */
bool conf_has_comments(const struct conf *conf);
bool conf_save(struct conf *conf, struct err *err);
/* FILE~. The caller frees it. */
char *conf_former_path(const struct conf *conf);
/* The file as it would be written, with "***" for secrets, sealed or not. The
 * caller frees it. */
char *conf_preview(const struct conf *conf, bool sealed);
/* Is that database of the source one of the upgrade? */
bool conf_takes_database(const struct conf *conf, const char *name,
			 bool is_template);
/* Takes it in or out, by databases.include where that is set, else by
 * databases.exclude. */
bool conf_take_database(struct conf *conf, const char *name, bool is_template,
			bool take, struct err *err);
const struct endpoint *conf_endpoint(const struct conf *conf, enum side side);

/* Which upgrade it is, as a text to compare: its name, and where both clusters
 * are. The caller frees it. */
char *conf_upgrade(const struct conf *conf);
/* ${XDG_STATE_HOME:-~/.local/state}/pgrepup/NAME; the caller closes it. */
struct state_dir *conf_state_dir(const struct conf *conf, struct err *err);

#endif
