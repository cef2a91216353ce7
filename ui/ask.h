/* SPDX-License-Identifier: PostgreSQL */
/*
 * Questions to a person at the terminal (/dev/tty), line by line. A signal
 * that arrives while an answer is typed gives the terminal back as it was,
 * then has its usual effect; after ^Z and fg the question is asked again.
 */
#ifndef PGREPUP_ASK_H
#define PGREPUP_ASK_H

#include <stdbool.h>

#include "err.h"
#include "secret.h"

/* Is there a person: is standard input a terminal that can be asked on? */
bool ask_is_possible(void);
/*
 * "QUESTION [PRESET]: "; Enter means preset (NULL: nothing). The caller frees
 * the answer. NULL and ERR_STOPPED when there is none (end of input).
 */
char *ask_line(const char *question, const char *preset, struct err *err);
/* Shows nothing of what is typed; Enter gives an empty secret. */
struct secret *ask_secret(const char *question, struct err *err);
/* Asks until the answer is yes or no; Enter means preset. */
bool ask_yes_no(const char *question, bool preset);
/* The same, but an end of input is an error and not a "no". */
bool ask_decide(const char *question, bool preset, bool *yes, struct err *err);
/*
 * One line of a file that is no terminal, without the line feed, and not a
 * byte more. what names it in the error ("passphrase").
 */
struct secret *ask_read_secret(int fd, const char *what, struct err *err);

#endif
