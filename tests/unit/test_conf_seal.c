/* SPDX-License-Identifier: PostgreSQL */
/* Passwords in the configuration file: sealed, opened, tampered with. */
#include "conf_fixture.h"

/* A saved file with two passwords, sealed with "right". */
static void
write_sealed(void)
{
	struct err err = ERR_INIT;
	struct conf *conf;

	unlink(path);
	conf = conf_new(path);
	set_secret(conf, "source.password", "s3cret");
	assert_true(passphrase(conf_seal, conf, "right", &err));
	set_secret(conf, "destination.password", "0ther");
	set_secret(conf, "replication.password", "th1rd");
	save(conf);
	conf_free(conf);
}

static void
sealed_passwords_open_with_the_passphrase(void **state)
{
	struct err err = ERR_INIT;
	struct conf *conf;
	char *text;

	(void)state;
	write_sealed();
	text = read_file(path);
	assert_null(strstr(text, "s3cret"));
	assert_null(strstr(text, "0ther"));
	assert_null(strstr(text, "th1rd"));
	free(text);
	conf = load();
	assert_true(conf->locked);
	assert_true(conf_is_sealed(conf));
	assert_null(conf->source.password);
	assert_value(conf, "source.password", "***");
	assert_true(passphrase(conf_unlock, conf, "right", &err));
	assert_false(conf->locked);
	assert_string_equal(secret_text(conf->source.password), "s3cret");
	assert_string_equal(secret_text(conf->destination.password), "0ther");
	assert_string_equal(secret_text(conf->replication_password), "th1rd");
	conf_free(conf);
}

static void
a_wrong_passphrase_changes_nothing(void **state)
{
	struct err err = ERR_INIT;
	struct secret *value = secret_new("x", 1);
	struct conf *conf;
	char *before, *after;

	(void)state;
	write_sealed();
	before = read_file(path);
	conf = load();
	assert_false(passphrase(conf_unlock, conf, "wrong", &err));
	assert_int_equal(err.kind, ERR_CONFIG);
	assert_string_equal(err.message, "wrong passphrase");
	assert_true(conf->wrong_passphrase);
	assert_true(conf->locked);
	err_release(&err);
	assert_false(conf_set_secret(conf, "source.password", value, &err));
	err_release(&err);
	assert_false(conf_set(conf, "security.encrypt", "no", &err));
	err_release(&err);
	assert_false(passphrase(conf_seal, conf, "new", &err));
	err_release(&err);
	conf_free(conf);
	after = read_file(path);
	assert_string_equal(before, after);
	free(before);
	free(after);
	secret_free(value);
}

static void
a_locked_file_takes_other_settings(void **state)
{
	struct err err = ERR_INIT;
	struct conf *conf;

	(void)state;
	write_sealed();
	conf = load();
	set(conf, "jobs", "3");
	set(conf, "destination.password", "");
	save(conf);
	conf_free(conf);
	conf = load();
	assert_true(passphrase(conf_unlock, conf, "right", &err));
	assert_string_equal(secret_text(conf->source.password), "s3cret");
	assert_null(conf->destination.password);
	conf_free(conf);
}

/* Whoever changes it: a value like what stands between two others. */
static void
where_passwords_go_is_confirmed(void **state)
{
	struct err err = ERR_INIT;
	struct conf *conf;

	(void)state;
	write_sealed();
	conf = load();
	set(conf, "source.dbname", "h, \"source.port=1\"");
	save(conf);
	conf_free(conf);
	conf = load();
	assert_false(passphrase(conf_unlock, conf, "right", &err));
	assert_true(conf->moved);
	assert_true(conf->locked);
	assert_null(conf->source.password);
	assert_non_null(strstr(err.detail, "source.dbname is \"h, "));
	err_release(&err);
	conf->confirmed = true;
	assert_true(passphrase(conf_unlock, conf, "right", &err));
	save(conf);
	conf_free(conf);
	conf = load();
	assert_true(passphrase(conf_unlock, conf, "right", &err));
	assert_false(conf->moved);
	conf_free(conf);
}

/* The text of the n-th value in quotes behind a word. */
static char *
quoted_after(char *text, const char *word)
{
	char *at = strstr(text, word);

	assert_non_null(at);
	at = strchr(at, '"');
	assert_non_null(at);
	return at + 1;
}

static void
assert_tampered(const char *text, const char *name)
{
	struct err err = ERR_INIT;
	struct conf *conf;

	write_file(text, 0600);
	conf = load();
	assert_false(passphrase(conf_unlock, conf, "right", &err));
	assert_int_equal(err.kind, ERR_CONFIG);
	assert_non_null(strstr(err.message, "tampered"));
	assert_non_null(strstr(err.message, name));
	assert_false(conf->wrong_passphrase);
	assert_null(conf->source.password);
	err_release(&err);
	conf_free(conf);
}

static void
tampering_is_told_from_a_wrong_passphrase(void **state)
{
	char *text, *one, *two, *check, was;
	char swap[64];

	(void)state;
	write_sealed();
	text = read_file(path);
	one = quoted_after(strstr(text, "source"), "sealed");
	one[9] = one[9] == 'A' ? 'B' : 'A';
	assert_tampered(text, "source.password");
	free(text);
	write_sealed();
	text = read_file(path);
	check = quoted_after(text, "check");
	was = check[9];
	check[9] = was == 'A' ? 'B' : 'A';
	assert_tampered(text, "security.check");
	check[9] = was;
	/* s3cret and 0ther are sealed to 46 and 45 bytes: 64 and 60 letters */
	two = quoted_after(strstr(text, "destination"), "sealed");
	memcpy(swap, two, 60);
	memcpy(two, quoted_after(strstr(text, "source"), "sealed"), 60);
	assert_tampered(text, "destination.password");
	free(text);
}

static void
a_key_of_a_runner_opens_too(void **state)
{
	struct err err = ERR_INIT;
	struct secret *hex;
	struct conf *conf;

	(void)state;
	write_sealed();
	conf = load();
	assert_true(passphrase(conf_unlock, conf, "right", &err));
	hex = secret_key_export(conf->key);
	conf_free(conf);
	conf = load();
	assert_true(conf_unlock_key(conf, secret_key_import(hex), &err));
	assert_string_equal(secret_text(conf->source.password), "s3cret");
	secret_free(hex);
	conf_free(conf);
}

/* The former file is there, and does not have it. */
static void
assert_former_without(const char *secret)
{
	char *backup = mem_printf("%s~", path), *text = read_file(backup);

	assert_non_null(strstr(text, "password"));
	assert_null(strstr(text, secret));
	free(text);
	free(backup);
}

static void
sealing_leaves_no_clear_copy_behind(void **state)
{
	struct err err = ERR_INIT;
	struct conf *conf = conf_new(path);
	char *text;

	(void)state;
	set_secret(conf, "source.password", "s3cret");
	save(conf);
	text = read_file(path);
	assert_non_null(strstr(text, "s3cret"));
	free(text);
	set(conf, "jobs", "3");
	save(conf);
	assert_former_without("s3cret");
	assert_true(passphrase(conf_seal, conf, "right", &err));
	save(conf);
	assert_former_without("s3cret");
	text = read_file(path);
	assert_null(strstr(text, "s3cret"));
	free(text);
	conf_free(conf);
}

static void
sealing_can_be_switched_off(void **state)
{
	struct err err = ERR_INIT;
	struct conf *conf;

	(void)state;
	write_sealed();
	conf = load();
	assert_true(passphrase(conf_unlock, conf, "right", &err));
	set(conf, "security.encrypt", "no");
	save(conf);
	conf_free(conf);
	conf = load();
	assert_false(conf->locked);
	assert_string_equal(secret_text(conf->source.password), "s3cret");
	assert_string_equal(secret_text(conf->destination.password), "0ther");
	conf_free(conf);
}

static void
encryption_without_a_passphrase_is_not_saved(void **state)
{
	struct err err = ERR_INIT;
	struct conf *conf = conf_new(path);

	(void)state;
	set(conf, "security.encrypt", "yes");
	assert_false(conf_save(conf, &err));
	assert_int_equal(err.kind, ERR_CONFIG);
	err_release(&err);
	assert_int_equal(access(path, F_OK), -1);
	conf_free(conf);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		IN_FOLDER(sealed_passwords_open_with_the_passphrase),
		IN_FOLDER(a_wrong_passphrase_changes_nothing),
		IN_FOLDER(a_locked_file_takes_other_settings),
		IN_FOLDER(where_passwords_go_is_confirmed),
		IN_FOLDER(tampering_is_told_from_a_wrong_passphrase),
		IN_FOLDER(a_key_of_a_runner_opens_too),
		IN_FOLDER(sealing_leaves_no_clear_copy_behind),
		IN_FOLDER(sealing_can_be_switched_off),
		IN_FOLDER(encryption_without_a_passphrase_is_not_saved),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
