/* SPDX-License-Identifier: PostgreSQL */
/* The configuration file: what it takes, what it refuses, what it keeps. */
#include "conf_fixture.h"

#include "conf_internal.h"

static void
sets_and_reads_back_every_type(void **state)
{
	static const char *const values[][2] = {
		{"name", "prod-16"},
		{"tmp_dir", "/var/tmp"},
		{"source.host", "db1.example"},
		{"source.port", "5433"},
		{"source.user", "o'brien \"x\" \\ \xc3\xa4"},
		{"source.options", "-c geqo=off"},
		{"source.connect_timeout", "7"},
		{"source.sslmode", "verify-full"},
		{"destination.host", "/run/postgresql"},
		{"destination.server_host", "10.0.0.2"},
		{"destination.server_port", "65535"},
		{"databases.include", "a,\"b,c\",\" d \",\"q\"\"q\""},
		{"databases.templates", "yes"},
		{"jobs", "8"},
		{"mechanism", "native"},
		{"fix.rewrite_limit", "500MB"},
	};
	struct conf *conf = conf_new(path);
	size_t i;

	(void)state;
	for (i = 0; i < LENGTH_OF(values); i++)
		set(conf, values[i][0], values[i][1]);
	save(conf);
	conf_free(conf);
	conf = load();
	for (i = 0; i < LENGTH_OF(values); i++)
		assert_value(conf, values[i][0], values[i][1]);
	assert_string_equal(endpoint_get(&conf->source, "port"), "5433");
	assert_string_equal(endpoint_get(&conf->source, "options"),
			    "-c geqo=off");
	assert_string_equal(conf->destination.server_host, "10.0.0.2");
	assert_int_equal(conf->databases_include.n, 4);
	assert_string_equal(conf->databases_include.items[1], "b,c");
	assert_string_equal(conf->databases_include.items[2], " d ");
	assert_string_equal(conf->databases_include.items[3], "q\"q");
	assert_true(conf->databases_templates);
	assert_int_equal(conf->jobs, 8);
	assert_int_equal(conf->databases_at_once, 8);
	assert_true(conf->fix_rewrite_limit == 500LL * 1024 * 1024);
	conf_free(conf);
}

static void
defaults_apply_to_what_is_not_said(void **state)
{
	struct conf *conf;

	(void)state;
	write_file("jobs = 3;\n", 0600);
	conf = load();
	assert_string_equal(conf->name, "pgrepup");
	assert_string_equal(conf->tmp_dir, "/tmp");
	assert_string_equal(conf->mechanism, "auto");
	assert_string_equal(conf->replication_user, "pgrepup_replication");
	assert_int_equal(conf->databases_at_once, 3);
	assert_true(conf->fix_rewrite_limit == 1024LL * 1024 * 1024);
	assert_false(conf->encrypt);
	assert_null(conf->bin_dir);
	assert_value(conf, "source.host", NULL);
	set(conf, "jobs", "");
	assert_int_equal(conf->jobs, 2);
	conf_free(conf);
}

static void
hand_written_forms_are_understood(void **state)
{
	struct conf *conf;

	(void)state;
	write_file("# by hand\n"
		   "source = { host: \"h\", port = \"5433\" };\n"
		   "databases: { include = ( \"a\", \"b\" ); "
		   "exclude = \"c\"; templates = \"on\"; };\n"
		   "fix: { rewrite_limit = 3000000000L; };\n",
		   0600);
	conf = load();
	assert_true(conf_has_comments(conf));
	assert_string_equal(endpoint_get(&conf->source, "port"), "5433");
	assert_int_equal(conf->databases_include.n, 2);
	assert_int_equal(conf->databases_exclude.n, 1);
	assert_true(conf->databases_templates);
	assert_true(conf->fix_rewrite_limit == 3000000000LL);
	conf_free(conf);
	write_file("source = { user = \"a # b // c /* d\"; };\n", 0600);
	conf = load();
	assert_false(conf_has_comments(conf));
	conf_free(conf);
}

/* Each refusal: the text of the file, what it says, the line it names. */
static void
faults_name_the_line(void **state)
{
	static const struct {
		const char *text;
		const char *message;
		const char *line;
	} cases[] = {
		{"jobs = 2;\nsource: {\n host = ;\n};\n", "syntax error",
		 "line 3"},
		{"jobs = 2;\nbanana = 1;\n", "unknown setting \"banana\"",
		 "line 2"},
		{"source: {\n hots = \"a\";\n};\n",
		 "unknown setting \"source.hots\"", "line 2"},
		{"\nsource: { port = 70000; };\n",
		 "invalid value for \"source.port\": \"70000\"", "line 2"},
		{"source: { port = 0; };\n", "\"source.port\"", "line 1"},
		{"source: { port = 5432.5; };\n", "wrong type", "line 1"},
		{"source: { host = 5; };\n", "wrong type", "line 1"},
		{"source: { host = \"a,b\"; };\n", "\"source.host\"", "line 1"},
		{"source = \"postgresql://h:99999/x\";\n", "\"source.port\"",
		 "line 1"},
		{"source = \"nonsense\";\n", "invalid connection string",
		 "line 1"},
		{"jobs = \"two\";\n", "\"jobs\"", "line 1"},
		{"jobs = 2;\njobs = 3;\n", "duplicate", "line 2"},
		{"jobs = { n = 2; };\n", "wrong type", "line 1"},
		{"tmp_dir = \"tmp\";\n", "\"tmp_dir\"", "line 1"},
		{"mechanism = \"magic\";\n", "\"mechanism\"", "line 1"},
		{"name = \"../x\";\n", "\"name\"", "line 1"},
		{"\n@include \"other\"\n", "@include", "line 2"},
		{"source: { sslpassword = \"x\"; };\n",
		 "\"source.sslpassword\"", "line 1"},
		{"source: { password = 5; };\n", "\"source.password\"",
		 "line 1"},
		{"source: { password: { sealed = \"AAAA\"; }; };\n",
		 "security.salt is missing", "line 1"},
		{"security: { encrypt = true; salt = \"AAAA\"; };\n",
		 "security.check", "line 1"},
		{"databases: { include = [1, 2]; };\n", "wrong type", "line 1"},
	};
	struct err err = ERR_INIT;
	char *after;
	size_t i;

	(void)state;
	for (i = 0; i < LENGTH_OF(cases); i++) {
		write_file(cases[i].text, 0600);
		if (conf_load(path, &err))
			fail_msg("accepted: %s", cases[i].text);
		assert_int_equal(err.kind, ERR_CONFIG);
		if (!strstr(err.message, cases[i].message) ||
		    !strstr(err.where, cases[i].line))
			fail_msg("%s: %s (%s)", cases[i].text, err.message,
				 err.where);
		assert_non_null(strstr(err.where, path));
		assert_non_null(err.hint);
		err_release(&err);
		after = read_file(path);
		assert_string_equal(after, cases[i].text);
		free(after);
	}
}

static void
assert_refused(const char *message, const char *hint)
{
	struct err err = ERR_INIT;

	assert_null(conf_load(path, &err));
	assert_int_equal(err.kind, ERR_CONFIG);
	assert_non_null(strstr(err.message, message));
	assert_non_null(strstr(err.hint, hint));
	assert_non_null(strstr(err.where, path));
	err_release(&err);
}

static void
files_that_are_no_configuration_are_refused(void **state)
{
	(void)state;
	assert_refused("does not exist", "config set` to create it");
	write_file("jobs = 2;\n", 0640);
	assert_refused("group or world access", "chmod 600");
	write_file("# old\n\n[Security]\nencrypted_credentials = y\n", 0644);
	assert_refused("Python pgrepup", "mv ");
}

static void
an_empty_file_is_a_configuration(void **state)
{
	struct conf *conf;

	(void)state;
	write_file("", 0600);
	conf = load();
	assert_int_equal(conf->jobs, 2);
	conf_free(conf);
}

static void
the_file_is_private_and_its_former_text_is_kept(void **state)
{
	struct conf *conf;
	struct stat st;
	char *text, *backup = mem_printf("%s~", path);
	mode_t mask = umask(0);

	(void)state;
	conf = conf_new(path);
	set(conf, "jobs", "3");
	save(conf);
	set(conf, "jobs", "4");
	save(conf);
	umask(mask);
	conf_free(conf);
	assert_int_equal(stat(path, &st), 0);
	assert_int_equal(st.st_mode & 07777, 0600);
	assert_int_equal(stat(backup, &st), 0);
	assert_int_equal(st.st_mode & 07777, 0600);
	text = read_file(backup);
	assert_non_null(strstr(text, "jobs = 3;"));
	free(text);
	free(backup);
}

static void
a_symbolic_link_is_followed(void **state)
{
	char *real = sibling("real");
	struct conf *conf;
	struct stat st;
	char *text;

	(void)state;
	write_file("jobs = 3;\n", 0600);
	assert_int_equal(rename(path, real), 0);
	assert_int_equal(symlink("real", path), 0);
	conf = load();
	set(conf, "jobs", "5");
	save(conf);
	conf_free(conf);
	assert_int_equal(lstat(path, &st), 0);
	assert_true(S_ISLNK(st.st_mode));
	text = read_file(real);
	assert_non_null(strstr(text, "jobs = 5;"));
	free(text);
	free(real);
}

static void
what_somebody_else_wrote_is_not_overwritten(void **state)
{
	struct err err = ERR_INIT;
	struct conf *conf;
	char *text;

	(void)state;
	write_file("jobs = 3;\n", 0600);
	conf = load();
	set(conf, "jobs", "5");
	write_file("jobs = 7;\n", 0600);
	assert_false(conf_save(conf, &err));
	assert_int_equal(err.kind, ERR_CONFIG);
	err_release(&err);
	conf_free(conf);
	conf = conf_new(path);
	assert_false(conf_save(conf, &err));
	err_release(&err);
	conf_free(conf);
	text = read_file(path);
	assert_string_equal(text, "jobs = 7;\n");
	free(text);
}

static void
a_connection_string_is_split(void **state)
{
	struct conf *conf = conf_new(path);

	(void)state;
	set(conf, "source.port", "5433");
	set(conf, "source.host",
	    "postgresql://u:p%40ss@h/db?sslmode=require");
	assert_value(conf, "source.host", "h");
	assert_value(conf, "source.port", "5433");
	assert_value(conf, "source.user", "u");
	assert_value(conf, "source.dbname", "db");
	assert_value(conf, "source.sslmode", "require");
	assert_value(conf, "source.password", "***");
	assert_string_equal(secret_text(conf->source.password), "p@ss");
	set(conf, "source", "host=h2 dbname=db2");
	assert_value(conf, "source.host", "h2");
	assert_value(conf, "source.port", NULL);
	assert_value(conf, "source.user", NULL);
	assert_true(conf_value_has_password("source", "postgresql://u:p@h"));
	assert_true(conf_value_has_password("source.host", "password=x"));
	assert_false(conf_value_has_password("source", "postgresql://u@h"));
	assert_false(conf_value_has_password("source.host", "h"));
	conf_free(conf);
	write_file("source = \"postgresql://u:pw@h:5433/db\";\n", 0600);
	conf = load();
	assert_string_equal(endpoint_get(&conf->source, "host"), "h");
	assert_string_equal(secret_text(conf->source.password), "pw");
	conf_free(conf);
}

static void
the_state_folder_is_named_for_the_upgrade(void **state)
{
	struct err err = ERR_INIT;
	struct conf *conf = conf_new(path);
	struct state_dir *dir;
	char *expected = mem_printf("%s/pgrepup/pgrepup", folder);

	(void)state;
	setenv("XDG_STATE_HOME", folder, 1);
	dir = conf_state_dir(conf, &err);
	assert_non_null(dir);
	assert_string_equal(dir->path, expected);
	drop("pgrepup/pgrepup");
	drop("pgrepup");
	state_dir_close(dir);
	free(expected);
	conf_free(conf);
}

/* Of values, wherever they stand; libconfig still holds the memory. */
static void
what_a_tree_held_is_wiped(void **state)
{
	const char *password, *sealed, *item;
	config_t tree;

	(void)state;
	config_init(&tree);
	assert_true(config_read_string(
		&tree, "source: { password = \"secret\"; port = 5432; };\n"
		       "destination: { password: { sealed = \"c2VhbGVk\"; }; };"
		       "\nlist = [\"one\", \"two\"];"));
	assert_true(config_lookup_string(&tree, "source.password", &password));
	assert_true(config_lookup_string(&tree, "destination.password.sealed",
					 &sealed));
	item = config_setting_get_string_elem(config_lookup(&tree, "list"), 1);
	assert_string_equal(password, "secret");
	conf_tree_wipe(&tree);
	assert_memory_equal(password, "\0\0\0\0\0\0", 7);
	assert_memory_equal(sealed, "\0\0\0\0\0\0\0\0", 9);
	assert_memory_equal(item, "\0\0\0", 4);
	config_destroy(&tree);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		IN_FOLDER(sets_and_reads_back_every_type),
		IN_FOLDER(defaults_apply_to_what_is_not_said),
		IN_FOLDER(hand_written_forms_are_understood),
		IN_FOLDER(faults_name_the_line),
		IN_FOLDER(files_that_are_no_configuration_are_refused),
		IN_FOLDER(an_empty_file_is_a_configuration),
		IN_FOLDER(the_file_is_private_and_its_former_text_is_kept),
		IN_FOLDER(a_symbolic_link_is_followed),
		IN_FOLDER(what_somebody_else_wrote_is_not_overwritten),
		IN_FOLDER(a_connection_string_is_split),
		IN_FOLDER(the_state_folder_is_named_for_the_upgrade),
		IN_FOLDER(what_a_tree_held_is_wiped),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
