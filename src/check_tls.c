/* SPDX-License-Identifier: PostgreSQL */
/*
 * Who can read along, or answer in a server's place, on each of the three
 * ways: from here to the source, from here to the destination, and from the
 * destination to the source. Passwords, every row, and what a superuser's
 * session is told to do travel on them.
 */
#include <stdlib.h>
#include <string.h>

#include "check_rows.h"
#include "mem.h"
#include "reach.h"

/* What a value of sslmode holds a connection to; others to nothing. */
static const struct {
	const char *sslmode;
	bool verified; /* nobody else can answer in the server's place */
} asks[] = {
	{"require", false},
	{"verify-ca", true},
	{"verify-full", true},
};

#define ENCRYPT                                                                \
	"switch on ssl on that server, and run `pgrepup config set "          \
	"%s.sslmode=require`, or verify-full with sslrootcert; or see to it "  \
	"that nobody else is on that network"

/* ssl: as it is now, "" for none. */
static void
judge_way(const struct check_at *at, const char *address, const char *ssl,
	  const char *mode, const char *set_on)
{
	struct finding found = {.status = CHECK_WARN};
	char *text, *hint;
	size_t i = 0;

	/* On one machine nobody is in between. */
	if (!address || *address == '/' || reach_is_loopback(address))
		return;
	hint = mem_printf(ENCRYPT, set_on);
	while (i < LENGTH_OF(asks) && strcmp(asks[i].sslmode, mode) != 0)
		i++;
	if (!*ssl) {
		text = mem_printf("no SSL to %s: whoever is in between reads "
				  "and writes along", address);
	} else if (i == LENGTH_OF(asks)) {
		text = mem_printf("%s to %s, but sslmode=%s does not ask for "
				  "it: whoever is in between can do without",
				  ssl, address, mode);
	} else {
		found.status = CHECK_OK;
		text = mem_printf("%s to %s, certificate %sverified", ssl,
				  address, asks[i].verified ? "" : "not ");
	}
	found.current = text;
	found.hint = found.status == CHECK_OK ? NULL : hint;
	check_report(at, &found);
	free(text);
	free(hint);
}

bool
check_encryption(const struct check_at *at, struct err *err)
{
	char *mode = pg_option(at->pg, "sslmode");

	(void)err;
	judge_way(at, pg_address(at->pg), pg_ssl(at->pg),
		  mode ? mode : "prefer", side_name(at->cluster->side));
	free(mode);
	return true;
}

/* What the destination is told to connect with is what our own session has
 * (mech_dsn.c). */
bool
check_encryption_between(const struct check_at *at, struct err *err)
{
	char *mode = pg_option(at->other_pg, "sslmode");
	char *ssl = pg_ask_value(at->other_pg, "server_ssl", PG_NONE, err);
	bool never = mode && (strcmp(mode, "disable") == 0 ||
			      strcmp(mode, "allow") == 0);

	if (ssl)
		judge_way(at, endpoint_server_host(at->other->endpoint),
			  !never && strcmp(ssl, "on") == 0 ? "SSL" : "",
			  mode ? mode : "prefer", side_name(at->other->side));
	free(ssl);
	free(mode);
	return !err_is_set(err);
}
