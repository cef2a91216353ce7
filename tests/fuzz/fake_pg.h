/* SPDX-License-Identifier: PostgreSQL */
/*
 * Servers without a server: all of pg.h, of which fake_pg.c is linked in place
 * of libpq. What a statement answers depends on the input, its text, the side
 * and how often it was asked, so that threads get the same in whatever order
 * they ask.
 */
#ifndef PGREPUP_FAKE_PG_H
#define PGREPUP_FAKE_PG_H

/*
 * From now on answers are made of that text, which is borrowed until NULL
 * takes it away. Lines of it are
 *
 *	version=N	server_version_num of the source; the destination has
 *			40000 more
 *	fail=STATEMENT	that one fails
 *	rows=N		rows of each answer; else 0 to 3, or the one
 *	COLUMN=VALUE	what columns of that name have; "?" is null, also where
 *			none may be
 *	VALUE		what any other may have, beside odd values that there are
 *			always
 */
void fake_pg_answer(const char *text);

#endif
