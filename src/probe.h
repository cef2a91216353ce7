/* SPDX-License-Identifier: PostgreSQL */
/*
 * Does a connection work, and at which stage does it fail? What databases are
 * there, and what of this machine is usable? Said in records, each as soon as
 * it is known, and by a process of its own for a face that must go on while a
 * name is resolved or a host is silent:
 *
 *	{"type": "stage", "id": "login", "state": "ko", "text": "...",
 *	 "hint": "..."}
 *
 * Of a connection in this order: resolve, port, ssl, login, version, and of
 * the source wal_level, of the destination empty. States are ok, warn, skip,
 * wait and ko; after a "ko" there are no more.
 */
#ifndef PGREPUP_PROBE_H
#define PGREPUP_PROBE_H

#include <sys/types.h>

#include "endpoint.h"
#include "err.h"
#include "record.h"

enum probe_kind {
	PROBE_CONNECTION,
	PROBE_DATABASES, /* {"type": "database", "name", "size", "template"} */
	PROBE_FILES,	 /* stages tmp_dir and one a client program */
};

struct probe {
	enum probe_kind kind;
	const struct endpoint *ep; /* not of PROBE_FILES */
	bool no_login;		   /* name and port only */
	/* for the destination, as the version stage of the source said it */
	int source_version; /* 0: not known */
	const char *source_identifier;
	/* of PROBE_FILES */
	const char *tmp_dir;
	const char *bin_dir; /* NULL: where they usually are */
	int major; /* that the programs must have at least; 0: not known */
};

typedef void (*probe_fn)(void *arg, const struct record *said);

/* Says it all from here; false with the reason of what is "ko". */
bool probe_run(const struct probe *probe, probe_fn say, void *arg,
	       struct err *err);
/* Starts a process for it; fd gets the records, a line each, then its end. */
bool probe_start(const struct probe *probe, pid_t *pid, int *fd,
		 struct err *err);
/* The process itself ("--probe"). */
int probe_main(struct err *err);
/* What a stage is called: "name resolves". */
const char *probe_label(const char *id);
/* The id of stage i of a connection to a side; NULL behind the last. */
const char *probe_stage(enum side side, int i);

/* --- between its files ---------------------------------------------------- */

struct prober {
	const struct probe *probe;
	probe_fn say;
	void *arg;
};

struct stage {
	const char *id;
	const char *state;
	const char *text;
	const char *hint; /* or NULL */
};

/* more (may be NULL): facts beside; it is freed. */
void probe_say(const struct prober *p, const struct stage *stage,
	       struct record *more);
/* Value of a keyword, or deflt where it is not set or empty. */
const char *probe_value(const struct endpoint *ep, const char *keyword,
			const char *deflt);
/* Name and port. */
bool probe_way(const struct prober *p, struct err *err);
bool probe_session(const struct prober *p, struct err *err);
bool probe_databases(const struct prober *p, struct err *err);
bool probe_files(const struct prober *p, struct err *err);
/* The request as a record, without the password. */
struct record *probe_request(const struct probe *probe);

#endif
