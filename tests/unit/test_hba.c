/* SPDX-License-Identifier: PostgreSQL */
/* Rules of pg_hba.conf: read, judged; and what a refusal tells. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "hba.h"
#include "mem.h"
#include "reach.h"

#define ROLE "pgrepup_replication"

/* What a file says to one connection. */
static enum hba_verdict
judge(const char *text, const struct hba_client *client, int *line)
{
	struct hba hba = HBA_INIT;
	enum hba_verdict verdict;
	const struct hba_rule *rule;

	hba_parse(&hba, text, NULL, NULL);
	rule = hba_judge(&hba, client, &verdict);
	if (line)
		*line = rule ? rule->line : 0;
	hba_release(&hba);
	return verdict;
}

static enum hba_verdict
from(const char *text, const char *address)
{
	const struct hba_client client = {
		.address = address,
		.database = "app",
		.user = ROLE,
		.server_address = "10.0.0.9",
	};

	return judge(text, &client, NULL);
}

struct row {
	const char *text;
	const char *address;
	enum hba_verdict verdict;
};

static void
walk(const struct row *rows, size_t n)
{
	size_t i;

	for (i = 0; i < n; i++)
		if (from(rows[i].text, rows[i].address) != rows[i].verdict)
			fail_msg("%s from %s: %d", rows[i].text,
				 rows[i].address ? rows[i].address : "[local]",
				 from(rows[i].text, rows[i].address));
}

static void
addresses_are_matched_by_their_bits(void **state)
{
	static const struct row rows[] = {
		{"host all all 10.0.0.0/8 md5", "10.200.3.4", HBA_ALLOWED},
		{"host all all 10.0.0.0/8 md5", "11.0.0.1", HBA_NO_ENTRY},
		{"host all all 10.1.2.3/32 md5", "10.1.2.3", HBA_ALLOWED},
		{"host all all 10.1.2.3/32 md5", "10.1.2.4", HBA_NO_ENTRY},
		{"host all all 10.1.2.0/23 md5", "10.1.3.255", HBA_ALLOWED},
		{"host all all 10.1.2.0/23 md5", "10.1.4.0", HBA_NO_ENTRY},
		{"host all all 10.1.2.0 255.255.255.0 md5", "10.1.2.77",
		 HBA_ALLOWED},
		{"host all all 10.1.2.0 255.255.255.0 md5", "10.1.3.77",
		 HBA_NO_ENTRY},
		{"host all all 0.0.0.0/0 md5", "1.2.3.4", HBA_ALLOWED},
		{"host all all 0.0.0.0/0 md5", "::1", HBA_NO_ENTRY},
		{"host all all ::/0 md5", "1.2.3.4", HBA_NO_ENTRY},
		{"host all all ::/0 md5", "fd00::2", HBA_ALLOWED},
		{"host all all fd00::/64 md5", "fd00::2", HBA_ALLOWED},
		{"host all all fd00::/64 md5", "fd00:0:0:1::2", HBA_NO_ENTRY},
		{"host all all fe80::/10 md5", "fe80::1%eth0", HBA_ALLOWED},
		{"host all all fd00:: ffff:ffff:: md5", "fd00::2",
		 HBA_ALLOWED},
		{"host all all all md5", "fd00::2", HBA_ALLOWED},
		{"host all all all md5", NULL, HBA_NO_ENTRY},
		{"host all all 10.0.0.0/33 md5", "10.0.0.1", HBA_NO_ENTRY},
	};

	(void)state;
	walk(rows, LENGTH_OF(rows));
}

static void
own_addresses_are_known_in_part(void **state)
{
	static const struct row rows[] = {
		{"host all all samehost md5", "127.0.0.1", HBA_ALLOWED},
		{"host all all samehost md5", "::1", HBA_ALLOWED},
		{"host all all samehost md5", "10.0.0.9", HBA_ALLOWED},
		{"host all all samehost md5", "10.0.0.8", HBA_UNSURE},
		{"host all all samenet md5", "10.0.0.9", HBA_ALLOWED},
		{"host all all samenet md5", "10.0.0.8", HBA_UNSURE},
		{"host all all localhost md5", "127.0.0.1", HBA_ALLOWED},
		{"host all all db2.example md5", "10.0.0.8", HBA_UNSURE},
		{"host all all .example md5", "10.0.0.8", HBA_UNSURE},
		{"host other all .example md5", "10.0.0.8", HBA_NO_ENTRY},
	};

	(void)state;
	walk(rows, LENGTH_OF(rows));
}

static void
names_are_matched_as_the_server_does(void **state)
{
	static const struct row rows[] = {
		{"host app all all md5", "10.0.0.1", HBA_ALLOWED},
		{"host App all all md5", "10.0.0.1", HBA_NO_ENTRY},
		{"host \"app\" all all md5", "10.0.0.1", HBA_ALLOWED},
		{"host \"all\" all all md5", "10.0.0.1", HBA_NO_ENTRY},
		{"host all \"all\" all md5", "10.0.0.1", HBA_NO_ENTRY},
		{"host other,app all all md5", "10.0.0.1", HBA_ALLOWED},
		{"host other, app all all md5", "10.0.0.1", HBA_ALLOWED},
		{"host other all all md5", "10.0.0.1", HBA_NO_ENTRY},
		{"host all " ROLE " all md5", "10.0.0.1", HBA_ALLOWED},
		{"host all somebody all md5", "10.0.0.1", HBA_NO_ENTRY},
		{"host sameuser all all md5", "10.0.0.1", HBA_NO_ENTRY},
		{"host \"sameuser\",app all all md5", "10.0.0.1", HBA_ALLOWED},
		/* replication is no database from 10 on */
		{"host replication all all md5", "10.0.0.1", HBA_NO_ENTRY},
		{"host \"replication\" all all md5", "10.0.0.1",
		 HBA_NO_ENTRY},
		{"host /^a all all md5", "10.0.0.1", HBA_ALLOWED},
		{"host /^b all all md5", "10.0.0.1", HBA_NO_ENTRY},
		{"host all /replication$ all md5", "10.0.0.1", HBA_ALLOWED},
		{"host all /(?i)REPL all md5", "10.0.0.1", HBA_UNSURE},
	};

	(void)state;
	walk(rows, LENGTH_OF(rows));
}

static void
groups_are_asked_for_with_a_plus(void **state)
{
	struct text_list groups = {.n = 0};
	struct hba_client client = {
		.address = "10.0.0.1",
		.database = "app",
		.user = ROLE,
		.groups = &groups,
	};

	(void)state;
	assert_int_equal(judge("host all +staff all md5", &client, NULL),
			 HBA_NO_ENTRY);
	/* each role is a member of itself */
	assert_int_equal(judge("host all +" ROLE " all md5", &client, NULL),
			 HBA_ALLOWED);
	assert_int_equal(judge("host samerole all all md5", &client, NULL),
			 HBA_NO_ENTRY);
	text_list_add(&groups, "staff");
	text_list_add(&groups, "app");
	assert_int_equal(judge("host all +staff all md5", &client, NULL),
			 HBA_ALLOWED);
	assert_int_equal(judge("host all \"+staff\" all md5", &client, NULL),
			 HBA_NO_ENTRY);
	assert_int_equal(judge("host samerole all all md5", &client, NULL),
			 HBA_ALLOWED);
	assert_int_equal(judge("host samegroup all all md5", &client, NULL),
			 HBA_ALLOWED);
	text_list_release(&groups);
}

static void
first_match_wins(void **state)
{
	const struct hba_client client = {
		.address = "10.0.0.1",
		.database = "app",
		.user = ROLE,
	};
	int line;

	(void)state;
	assert_int_equal(judge("# a comment\n"
			       "local all all trust\n"
			       "\n"
			       "host other all all trust\n"
			       "host all all 10.0.0.0/24 reject # why\n"
			       "host all all all md5\n",
			       &client, &line),
			 HBA_REJECTED);
	assert_int_equal(line, 5);
	assert_int_equal(judge("host all all 10.0.0.1/32 md5\n"
			       "host all all all reject\n",
			       &client, &line),
			 HBA_ALLOWED);
	assert_int_equal(line, 1);
	/* a rule that may match hides what comes after it */
	assert_int_equal(judge("host all all .example reject\n"
			       "host all all all md5\n",
			       &client, &line),
			 HBA_UNSURE);
	assert_int_equal(line, 1);
}

static void
types_say_how_one_may_come(void **state)
{
	struct hba_client client = {
		.address = "10.0.0.1",
		.database = "app",
		.user = ROLE,
	};

	(void)state;
	assert_int_equal(judge("hostssl all all all md5", &client, NULL),
			 HBA_NO_ENTRY);
	assert_int_equal(judge("hostnossl all all all md5", &client, NULL),
			 HBA_ALLOWED);
	assert_int_equal(judge("hostgssenc all all all md5", &client, NULL),
			 HBA_NO_ENTRY);
	assert_int_equal(judge("hostnogssenc all all all md5", &client, NULL),
			 HBA_ALLOWED);
	client.ssl = true;
	assert_int_equal(judge("hostssl all all all md5", &client, NULL),
			 HBA_ALLOWED);
	assert_int_equal(judge("hostnossl all all all md5", &client, NULL),
			 HBA_NO_ENTRY);
	client.address = NULL;
	client.ssl = false;
	assert_int_equal(judge("host all all all md5", &client, NULL),
			 HBA_NO_ENTRY);
	assert_int_equal(judge("local all all md5", &client, NULL),
			 HBA_ALLOWED);
}

static void
walsender_below_10_needs_the_word_replication(void **state)
{
	const struct hba_client client = {
		.address = "10.0.0.1",
		.database = "app",
		.user = ROLE,
		.replication = true,
	};

	(void)state;
	assert_int_equal(judge("host all all all md5", &client, NULL),
			 HBA_NO_ENTRY);
	assert_int_equal(judge("host replication all all md5", &client, NULL),
			 HBA_ALLOWED);
	assert_int_equal(judge("host \"replication\" all all md5", &client,
			       NULL),
			 HBA_NO_ENTRY);
	assert_int_equal(judge("host all,replication all all md5", &client,
			       NULL),
			 HBA_ALLOWED);
}

static void
methods_let_a_password_in_or_not(void **state)
{
	static const struct row rows[] = {
		{"host all all all trust", "10.0.0.1", HBA_ALLOWED},
		{"host all all all password", "10.0.0.1", HBA_ALLOWED},
		{"host all all all md5", "10.0.0.1", HBA_ALLOWED},
		{"host all all all scram-sha-256", "10.0.0.1", HBA_ALLOWED},
		{"host all all all reject", "10.0.0.1", HBA_REJECTED},
		{"host all all all ident map=x", "10.0.0.1", HBA_METHOD},
		{"host all all all cert clientcert=1", "10.0.0.1", HBA_METHOD},
		{"local all all peer", NULL, HBA_METHOD},
	};

	(void)state;
	walk(rows, LENGTH_OF(rows));
}

static char *
read_list(void *arg, const char *path)
{
	(void)arg;
	if (strcmp(path, "users.txt") == 0)
		return mem_strdup("# ours\nalice, bob\n@more.txt\n");
	if (strcmp(path, "more.txt") == 0)
		return mem_strdup("\"" ROLE "\"\n");
	if (strcmp(path, "loop.txt") == 0)
		return mem_strdup("@loop.txt\n");
	return NULL;
}

static void
names_come_from_files(void **state)
{
	struct hba hba = HBA_INIT;
	const struct hba_client client = {
		.address = "10.0.0.1",
		.database = "app",
		.user = ROLE,
	};
	enum hba_verdict verdict;

	(void)state;
	hba_parse(&hba,
		  "host all @loop.txt all md5\n"
		  "host all @missing.txt all md5\n"
		  "host all @users.txt all md5\n",
		  read_list, NULL);
	assert_int_equal(hba.n, 3);
	assert_int_equal(hba.rules[2].users.n, 3);
	assert_int_equal(hba_judge(&hba, &client, &verdict)->line, 3);
	hba_release(&hba);
}

static void
lines_are_continued_by_a_backslash(void **state)
{
	const struct hba_client client = {
		.address = "10.0.0.1",
		.database = "app",
		.user = ROLE,
	};
	int line;

	(void)state;
	assert_int_equal(judge("# x\r\nhost all \\\n  all all \\\n md5\r\n",
			       &client, &line),
			 HBA_ALLOWED);
	assert_int_equal(line, 2);
}

static void
wrong_lines_are_kept_with_their_error(void **state)
{
	struct hba hba = HBA_INIT;
	enum hba_verdict verdict;
	const struct hba_client client = {
		.address = "10.0.0.1",
		.database = "app",
		.user = ROLE,
	};

	(void)state;
	hba_parse(&hba, "hots all all all md5\nhost all\nhost all all all\n"
			"host all all all trust",
		  NULL, NULL);
	assert_int_equal(hba.n, 4);
	assert_non_null(hba.rules[0].error);
	assert_non_null(hba.rules[1].error);
	assert_non_null(hba.rules[2].error);
	assert_int_equal(hba_judge(&hba, &client, &verdict)->line, 4);
	hba_release(&hba);
}

static void
text_of_a_rule_is_what_was_read(void **state)
{
	static const char *const lines[] = {
		"host all all 10.0.0.0/8 md5",
		"host \"a b\",other +staff 10.0.0.0 255.0.0.0 scram-sha-256",
		"local all \"quo\"\"te\" trust",
		"hostssl app all samenet cert",
	};
	struct hba hba = HBA_INIT;
	struct strbuf text = STRBUF_INIT;
	size_t i;

	(void)state;
	for (i = 0; i < LENGTH_OF(lines); i++) {
		hba_parse(&hba, lines[i], NULL, NULL);
		strbuf_reset(&text);
		hba_rule_text(&text, &hba.rules[0]);
		assert_string_equal(text.text, lines[i]);
		hba_release(&hba);
	}
	strbuf_release(&text);
}

static void
rows_of_the_view_are_rules_too(void **state)
{
	struct hba hba = HBA_INIT;
	enum hba_verdict verdict;
	const struct hba_client client = {
		.address = "10.0.0.1",
		.database = "app",
		.user = ROLE,
	};

	(void)state;
	hba_add(&hba, 3, NULL, NULL, NULL, NULL, NULL, NULL,
		"invalid CIDR mask");
	hba_add(&hba, 7, "host", "x\001app", "y\001" ROLE, "10.0.0.0",
		"255.255.255.0", "scram-sha-256", NULL);
	/* in force all the same: it is only that it never matches */
	hba_add(&hba, 9, "hostssl", "all", "all", "all", NULL, "md5",
		"hostssl record cannot match because SSL is disabled");
	assert_string_equal(hba.rules[0].error, "invalid CIDR mask");
	assert_null(hba.rules[2].error);
	assert_int_equal(hba_judge(&hba, &client, &verdict)->line, 7);
	assert_int_equal(verdict, HBA_ALLOWED);
	hba_release(&hba);
}

static void
refusal_tells_what_and_from_where(void **state)
{
	static const struct {
		const char *message;
		enum reach_result result;
		const char *address;
	} rows[] = {
		{"connection to server at \"10.0.0.5\", port 5432 failed: "
		 "FATAL:  no pg_hba.conf entry for host \"10.9.9.9\", user "
		 "\"pgrepup_replication\", database \"app\", no encryption",
		 REACH_NO_ENTRY, "10.9.9.9"},
		{"FATAL:  no pg_hba.conf entry for host \"fd00::2\", user "
		 "\"1.2.3.4\", database \"app\"",
		 REACH_NO_ENTRY, "fd00::2"},
		{"FATAL:  pg_hba.conf rejects connection for host "
		 "\"10.9.9.9\", user \"u\", database \"app\", SSL encryption",
		 REACH_NO_ENTRY, "10.9.9.9"},
		{"FATAL:  no pg_hba.conf entry for host \"[local]\", user "
		 "\"u\", database \"app\"",
		 REACH_NO_ENTRY, NULL},
		{"connection to server at \"127.0.0.1\", port 1 failed: "
		 "FATAL:  password authentication failed for user \"u\"",
		 REACH_REFUSED_ROLE, NULL},
		{"connection to server at \"127.0.0.1\", port 1 failed: "
		 "fe_sendauth: no password supplied",
		 REACH_REFUSED_ROLE, NULL},
		{"FATAL:  role \"u\" does not exist", REACH_REFUSED_ROLE,
		 NULL},
		{"FATAL:  database \"app\" does not exist", REACH_NO_DATABASE,
		 NULL},
		{"connection to server at \"127.0.0.1\", port 1 failed: "
		 "Connection refused\n\tIs the server running on that host "
		 "and accepting TCP/IP connections?",
		 REACH_CLOSED, NULL},
		{"could not translate host name \"x\" to address: Name or "
		 "service not known",
		 REACH_UNKNOWN_HOST, NULL},
		{"connection to server at \"10.0.0.1\", port 1 failed: "
		 "timeout expired",
		 REACH_TIMEOUT, NULL},
		{"could not connect to server: No route to host",
		 REACH_UNREACHABLE, NULL},
		{"server does not support SSL, but SSL was required",
		 REACH_SSL, NULL},
		{"FATAL:  sorry, too many clients already", REACH_ANSWERED,
		 NULL},
	};
	struct reach reach;
	size_t i;

	(void)state;
	for (i = 0; i < LENGTH_OF(rows); i++) {
		reach = (struct reach){.result = REACH_OK};
		reach_classify(rows[i].message, &reach);
		if (reach.result != rows[i].result)
			fail_msg("%s: %d", rows[i].message, reach.result);
		if (rows[i].address)
			assert_string_equal(reach.address, rows[i].address);
		else
			assert_null(reach.address);
		reach_release(&reach);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(addresses_are_matched_by_their_bits),
		cmocka_unit_test(own_addresses_are_known_in_part),
		cmocka_unit_test(names_are_matched_as_the_server_does),
		cmocka_unit_test(groups_are_asked_for_with_a_plus),
		cmocka_unit_test(first_match_wins),
		cmocka_unit_test(types_say_how_one_may_come),
		cmocka_unit_test(walsender_below_10_needs_the_word_replication),
		cmocka_unit_test(methods_let_a_password_in_or_not),
		cmocka_unit_test(names_come_from_files),
		cmocka_unit_test(lines_are_continued_by_a_backslash),
		cmocka_unit_test(wrong_lines_are_kept_with_their_error),
		cmocka_unit_test(text_of_a_rule_is_what_was_read),
		cmocka_unit_test(rows_of_the_view_are_rules_too),
		cmocka_unit_test(refusal_tells_what_and_from_where),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
