/* SPDX-License-Identifier: PostgreSQL */
/*
 * The server's log: any text, and a log as a server writes it, in which a
 * session has said what the input is. It may say anything: the reason is what
 * the worker itself has said, or there is none.
 */
#include <stdlib.h>
#include <string.h>

#include "fuzz.h"
#include "mem.h"
#include "server_log.h"

#define WORKER "pglogical apply 16384:7"
#define TRUE_REASON "table \"a\" is missing"

static const char plain_reason[] = "t [4711] ERROR:  " TRUE_REASON "\n";
static const char plain_end[] =
	"t [99] LOG:  background worker \"" WORKER
	"\" (PID 4711) exited with exit code 1\n";
static const char csv_reason[] =
	"t,,,4711,,6.1,1,,t,3/2,0,ERROR,42P01,\"table \"\"a\"\" is missing\","
	",,,,,,,,\"\"\n";
static const char csv_end[] =
	"t,,,99,,6.1,1,,t,,0,LOG,00000,\"background worker \"\"" WORKER
	"\"\" (PID 4711) exited with exit code 1\",,,,,,,,,\"\"\n";

/* Further lines of a message begin with a tab. */
static void
add_plain(struct strbuf *log, const char *said)
{
	strbuf_add(log, "t [555] ERROR:  ");
	for (; *said; said++) {
		strbuf_addc(log, *said);
		if (*said == '\n')
			strbuf_addc(log, '\t');
	}
	strbuf_addc(log, '\n');
}

static void
add_csv(struct strbuf *log, const char *said)
{
	strbuf_add(log, "t,\"u\",\"d\",555,\"[local]\",6.1,1,\"idle\",t,3/2,0,"
			"ERROR,22000,");
	strbuf_ident(log, said);
	strbuf_add(log, ",,,,,,,,,\"\"\n");
}

typedef char *find_fn(const char *log, const char *postmaster,
		      const char *name);

static void
expect(find_fn *find, const struct strbuf *log, const char *name,
       const char *reason)
{
	char *found = find(log->text, "99", name);

	if (reason ? !found || strcmp(found, reason) != 0 : found != NULL)
		fuzz_fail("\"%s\" for \"%s\" out of\n%s", found ? found : "-",
			  reason ? reason : "-", log->text);
	free(found);
}

/* The same said by a session before, between and after. */
static void
write_and_read(const char *said, void (*add)(struct strbuf *, const char *),
	       const char *reason, const char *end)
{
	struct strbuf log = STRBUF_INIT;

	add(&log, said);
	add(&log, said);
	expect(server_log_find, &log, WORKER, NULL);
	expect(server_log_find_subscription, &log, "pgrepup_app", NULL);
	strbuf_add(&log, reason);
	add(&log, said);
	strbuf_add(&log, end);
	add(&log, said);
	expect(server_log_find, &log, WORKER, TRUE_REASON);
	strbuf_release(&log);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	char *text = fuzz_text(data, size);

	free(server_log_find(text, "99", WORKER));
	free(server_log_find_subscription(text, "99", "pgrepup_a"));
	write_and_read(text, add_plain, plain_reason, plain_end);
	write_and_read(text, add_csv, csv_reason, csv_end);
	free(text);
	return 0;
}
