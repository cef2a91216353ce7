/* SPDX-License-Identifier: PostgreSQL */
/*
 * Does a connection work, and at which stage does it fail? Asked by a process
 * of its own, so that a face goes on while a name is resolved or a host is
 * silent. It says a record a stage, each as soon as it is known:
 *
 *	{"type": "stage", "id": "login", "state": "ko", "text": "...",
 *	 "hint": "..."}
 *
 * in this order: resolve, port, ssl, login, version. After a "ko" there are no
 * more.
 */
#ifndef PGREPUP_PROBE_H
#define PGREPUP_PROBE_H

#include <sys/types.h>

#include "endpoint.h"
#include "err.h"

/* Starts it for ep, password included; fd gets the records, then its end. */
bool probe_start(const struct endpoint *ep, pid_t *pid, int *fd,
		 struct err *err);
/* The process itself ("--probe"). */
int probe_main(struct err *err);

#endif
