/* SPDX-License-Identifier: PostgreSQL */
/* Questions to a person at the terminal. */
#ifndef PGREPUP_ASK_H
#define PGREPUP_ASK_H

#include <stdbool.h>

/* Asks until the answer is yes or no; Enter means preset. */
bool ask_yes_no(const char *question, bool preset);

#endif
