/* SPDX-License-Identifier: PostgreSQL */
/*
 * The rules of pg_hba.conf, and what they mean: which rule a connection meets
 * first, and by which method it would be let in. Words in a rule are judged
 * as the server does (hba.c of PostgreSQL): a quoted "all" is a name.
 */
#ifndef PGREPUP_HBA_H
#define PGREPUP_HBA_H

#include <stdbool.h>
#include <stddef.h>

#include "conf.h"
#include "err.h"
#include "op.h"
#include "strbuf.h"

enum hba_type {
	HBA_LOCAL,
	HBA_HOST,
	HBA_HOSTSSL,
	HBA_HOSTNOSSL,
	HBA_HOSTGSSENC,
	HBA_HOSTNOGSSENC,
};

struct hba_word {
	char *text;
	bool quoted; /* then it is a name, never a keyword */
};

struct hba_words {
	struct hba_word *items;
	size_t n;
	size_t alloc;
};

struct hba_rule {
	int line; /* in the file */
	enum hba_type type;
	struct hba_words databases;
	struct hba_words users;
	char *address; /* "10.0.0.0", "samenet", ".example.com"; NULL: local */
	char *mask;    /* "8", "255.0.0.0"; NULL where there is none */
	char *method;
	char *error; /* why the server does not accept the line; or NULL */
};

struct hba {
	struct hba_rule *rules;
	size_t n;
	size_t alloc;
};

#define HBA_INIT                                                               \
	{                                                                      \
		.n = 0                                                         \
	}

/* Who connects, as the server that judges sees it. */
struct hba_client {
	const char *address; /* NULL: a Unix-domain socket */
	const char *database;
	const char *user;
	bool ssl;
	/* a walsender below 10: matches the word "replication" only */
	bool replication;
	const struct text_list *groups; /* roles user is in; NULL: none */
	const char *server_address;	/* of that server; NULL: unknown */
};

enum hba_verdict {
	HBA_NO_ENTRY, /* no rule matches: refused */
	HBA_REJECTED, /* the rule says reject */
	HBA_METHOD,   /* by a method that takes no password (peer, cert) */
	HBA_UNSURE,   /* by a rule whose match only the server can tell */
	HBA_ALLOWED,  /* trusted, or with a password */
};

/* Gets the text of an @file; NULL when it cannot be read. Caller frees. */
typedef char *(*hba_read_fn)(void *arg, const char *path);

/* Reads the text of a pg_hba.conf (read may be NULL). Never fails: lines that
 * are wrong become rules with an error. */
void hba_parse(struct hba *hba, const char *text, hba_read_fn read, void *arg);
/* Adds one rule as pg_hba_file_rules shows it; words separated by \001. */
void hba_add(struct hba *hba, int line, const char *type, const char *databases,
	     const char *users, const char *address, const char *mask,
	     const char *method, const char *error);
void hba_release(struct hba *hba);
/* The first rule that matches, or NULL; and what it means. */
const struct hba_rule *hba_judge(const struct hba *hba,
				 const struct hba_client *client,
				 enum hba_verdict *verdict);
/* Does that rule mean the user and the database, whatever the address? */
bool hba_rule_means(const struct hba_rule *rule,
		    const struct hba_client *client);
/* Is the text a numeric IPv4 or IPv6 address? */
bool hba_is_address(const char *text);
/* The rule as a line of the file. */
void hba_rule_text(struct strbuf *sb, const struct hba_rule *rule);

/* The rules in the file of a server: the view from 10 on, else the file
 * itself through a temporary table. Only for superusers. */
bool hba_read(struct pg *pg, struct hba *hba, struct err *err);

/* What a server's rules say about the replication role from the other one, and
 * below 10 about our own role's walsender from here. */
struct hba_need {
	bool needed;   /* something connects to that server as that role */
	char *address; /* that it comes from; NULL: a Unix-domain socket */
	bool guessed;  /* not seen, concluded */
	enum hba_verdict verdict; /* the worst of all databases */
	char *problem;	/* in words; NULL when all are let in */
	size_t refused; /* databases that are refused */
	char *broken;	/* a line that the server does not accept; or NULL */
	struct strbuf lines; /* to put first in the file; "" when none */
};

/*
 * Judges the rules of that server for the replication role, coming from where
 * the destination server really comes from.
 */
bool hba_need_read(struct op *op, struct cluster *cluster,
		   struct hba_need *need, struct err *err);
void hba_need_release(struct hba_need *need);
/* Only the lines; empty when everything that is needed is let in. */
bool hba_needed_lines(struct op *op, struct cluster *cluster,
		      struct strbuf *lines, struct err *err);

#endif
