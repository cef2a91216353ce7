/* SPDX-License-Identifier: PostgreSQL */
/*
 * pg_hba.conf: any text, rows of the server's view with anything in them, and
 * what a file means that begins with a line of ours: what the line lets in is
 * let in, whatever follows.
 */
#include <stdlib.h>
#include <string.h>

#include "fuzz.h"
#include "hba.h"
#include "mem.h"

#define N_FIELDS 8

static const char *const groups[] = {"readers", "+all", NULL};

static const struct hba_client clients[] = {
	{.address = NULL, .database = "app", .user = "pgrepup"},
	{.address = "10.0.0.7", .database = "app", .user = "all"},
	{.address = "fe80::1%eth0", .database = "", .user = "", .ssl = true},
	{.address = "::1", .database = "app", .user = "a b",
	 .replication = true},
};

/* An @file is the text from its last line feed on. */
static char *
read_file(void *arg, const char *path)
{
	const char *text = arg, *last = strrchr(text, '\n');

	return *path == '?' ? NULL : mem_strdup(last ? last + 1 : text);
}

static void
judge(const struct hba *hba)
{
	struct text_list of = {.n = 0};
	struct strbuf sb = STRBUF_INIT;
	struct hba_client client;
	enum hba_verdict verdict;
	const struct hba_rule *rule;
	size_t i;

	for (i = 0; groups[i]; i++)
		text_list_add(&of, groups[i]);
	for (i = 0; i < LENGTH_OF(clients); i++) {
		client = clients[i];
		client.groups = i % 2 ? &of : NULL;
		rule = hba_judge(hba, &client, &verdict);
		if (!rule != (verdict == HBA_NO_ENTRY))
			fuzz_fail("a verdict without a rule, or a rule without "
				  "one");
		if (rule && rule->error)
			fuzz_fail("a line that the server refuses lets in");
	}
	for (i = 0; i < hba->n; i++) {
		hba_rule_means(&hba->rules[i], &clients[i % 4]);
		hba_rule_text(&sb, &hba->rules[i]);
	}
	strbuf_release(&sb);
	text_list_release(&of);
}

static void
read_text(char *text)
{
	struct hba hba = HBA_INIT;

	hba_parse(&hba, text, read_file, text);
	judge(&hba);
	hba_release(&hba);
}

static void
read_row(char **fields)
{
	struct hba hba = HBA_INIT;
	const char *f[N_FIELDS];
	size_t i;

	/* "?" is what a server has nothing for. */
	for (i = 0; i < N_FIELDS; i++)
		f[i] = strcmp(fields[i], "?") == 0 ? NULL : fields[i];
	hba_add(&hba, 1, f[0], f[1], f[2], f[3], f[4], f[5], f[6]);
	judge(&hba);
	hba_release(&hba);
}

/* The role has the first text for a name, the former file is the rest. */
static void
read_edited(const char *user, const char *former)
{
	const struct hba_client client = {
		.address = "10.0.0.7", .database = "app", .user = user};
	struct strbuf text = STRBUF_INIT;
	struct hba hba = HBA_INIT;
	enum hba_verdict verdict;

	strbuf_add(&text, "# pgrepup 1: begin\nhost all ");
	strbuf_ident(&text, user);
	strbuf_addf(&text, " 10.0.0.7/32 md5\n# pgrepup 1: end\n%s", former);
	hba_parse(&hba, text.text, NULL, NULL);
	hba_judge(&hba, &client, &verdict);
	if (verdict != HBA_ALLOWED)
		fuzz_fail("the role \"%s\" is not let in by\n%s", user,
			  text.text);
	hba_release(&hba);
	strbuf_release(&text);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	char *text = fuzz_text(data, size), *fields[N_FIELDS];

	read_text(text);
	free(text);
	fuzz_texts(data, size, fields, N_FIELDS);
	read_row(fields);
	/* No line of the file has a line feed in it, and what begins with a
	 * slash is a regular expression from 16 on. */
	if (!strpbrk(fields[0], "\r\n") && fields[0][0] != '/')
		read_edited(fields[0], fields[1]);
	fuzz_texts_free(fields, N_FIELDS);
	return 0;
}
