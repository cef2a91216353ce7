/* SPDX-License-Identifier: PostgreSQL */
/* What is left of the text of a configuration when its secrets are out. */
#include "conf_fixture.h"

#include "conf_hide.h"

static char *
hidden(const char *text)
{
	struct secret *former = secret_new(text, strlen(text)), *left;
	char *copy;
	config_t now;

	config_init(&now);
	left = conf_former_text(former, &now);
	config_destroy(&now);
	copy = mem_strdup(secret_text(left));
	secret_free(former);
	secret_free(left);
	return copy;
}

#define OUT "\"\" /* taken out of this copy */"

static void
secrets_are_taken_out(void **state)
{
	static const char *const texts[][2] = {
		{"source: { password = \"a\\\"b\"; port = 1; };",
		 "source: { password = " OUT "; port = 1; };"},
		{"source={password:\"a\" \"b\" jobs = 2}",
		 "source={password:" OUT " jobs = 2}"},
		{"source.password = \"x\"", "source.password = " OUT},
		{"replication: { password: { sealed = \"x\"; }; user = \"r\"; }",
		 "replication: { password: " OUT "; user = \"r\"; }"},
		{"source: { password = \"\"; };",
		 "source: { password = \"\"; };"},
		{"source: { sslpassword = \"x\"; };",
		 "source: { sslpassword = " OUT "; };"},
		{"source: { ask_password = true; passfile = \"/p\"; };",
		 "source: { ask_password = true; passfile = \"/p\"; };"},
		{"destination = \"postgresql://u:p@h/d\";",
		 "destination = " OUT ";"},
		{"destination = \"postgresql://u@h:5432/d\";",
		 "destination = \"postgresql://u@h:5432/d\";"},
		{"x = [\"a\", \"host=h PASSWORD = b\"]", "x = [\"a\", \"\"]"},
		{"jobs = 2; // Password: x\nname = \"n\";",
		 "jobs = 2; # taken out of this copy\nname = \"n\";"},
		{"jobs = 2; // pw MyPw17\nname = \"n\";",
		 "jobs = 2; # taken out of this copy\nname = \"n\";"},
		{"source.password = \"x\"; # \"Tail5\"\n# kept\njobs = 1;",
		 "source.password = " OUT "; # taken out of this copy\n# kept\n"
		 "jobs = 1;"},
		{"source: { password = [\"a\", \"b\"]; port = 1; };",
		 "source: { password = " OUT "; port = 1; };"},
		{"passphrase = (\"a\", [\")\"], { b = \"c\"; }); d = \"e\";",
		 "passphrase = " OUT "; d = \"e\";"},
		{"/* u:p@h */ /* x://u:p@h */",
		 "/* u:p@h */ /* taken out of this copy */"},
	};
	size_t i;
	char *left;

	(void)state;
	for (i = 0; i < LENGTH_OF(texts); i++) {
		left = hidden(texts[i][0]);
		assert_string_equal(left, texts[i][1]);
		free(left);
	}
}

/* Every beginning of a text, as a broken file may be one. */
static void
a_broken_text_keeps_none(void **state)
{
	static const char text[] =
		"source: { password = /* \" */ \"s3cr\\\"et\" \"s3cr\"; };\n"
		"# password s3cr\nx: ({ secret: { a = [ \"s3cr\" ]; } });\n"
		"}}} password: s3cr; password = { \"s3cr\" { } \"s3cr";
	char *part, *left;
	size_t n;

	(void)state;
	for (n = 0; n < sizeof(text); n++) {
		part = mem_strndup(text, n);
		left = hidden(part);
		if (strstr(left, "s3cr")) fail_msg("%s -> %s", part, left);
		free(left);
		free(part);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(secrets_are_taken_out),
		cmocka_unit_test(a_broken_text_keeps_none),
	};
	struct err err = ERR_INIT;

	if (!secret_init(&err))
		return 1;
	return cmocka_run_group_tests(tests, NULL, NULL);
}
