/* SPDX-License-Identifier: PostgreSQL */
/* Sealing: what goes in comes out, and only with the same key and name. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "mem.h"
#include "secret.h"

struct fixture {
	struct secret_key *key;
	char *salt;
};

static struct secret *
text_secret(const char *text)
{
	return secret_new(text, strlen(text));
}

static int
make_key(void **state)
{
	struct fixture *f = MEM_NEW(struct fixture);
	struct secret *passphrase = text_secret("correct horse");
	struct err err = ERR_INIT;

	f->salt = secret_salt_new();
	f->key = secret_key_derive(passphrase, f->salt, &err);
	secret_free(passphrase);
	*state = f;
	return f->key ? 0 : -1;
}

static int
drop_key(void **state)
{
	struct fixture *f = *state;

	secret_key_free(f->key);
	free(f->salt);
	free(f);
	return 0;
}

static char *
seal_text(const struct fixture *f, const char *name, const char *text)
{
	struct secret *secret = text_secret(text);
	char *sealed = secret_seal(f->key, name, secret);

	secret_free(secret);
	return sealed;
}

static void
assert_refused(const struct secret_key *key, const char *name,
	       const char *sealed)
{
	struct err err = ERR_INIT;

	assert_null(secret_open(key, name, sealed, &err));
	assert_int_equal(err.kind, ERR_CONFIG);
	assert_non_null(strstr(err.message, name));
	err_release(&err);
}

static void
a_sealed_value_opens_again(void **state)
{
	static const char *const texts[] = {"", "xyzzy-plugh", "p\xc3\xa4ss 'w\"ord\\"};
	struct fixture *f = *state;
	struct err err = ERR_INIT;
	struct secret *opened;
	char *sealed;
	size_t i;

	for (i = 0; i < LENGTH_OF(texts); i++) {
		sealed = seal_text(f, "source.password", texts[i]);
		if (texts[i][0])
			assert_null(strstr(sealed, texts[i]));
		opened = secret_open(f->key, "source.password", sealed, &err);
		assert_non_null(opened);
		assert_string_equal(secret_text(opened), texts[i]);
		assert_int_equal(secret_length(opened), strlen(texts[i]));
		secret_free(opened);
		free(sealed);
	}
}

static void
sealing_twice_gives_different_text(void **state)
{
	char *one = seal_text(*state, "a", "same");
	char *two = seal_text(*state, "a", "same");

	assert_string_not_equal(one, two);
	free(one);
	free(two);
}

static void
a_value_of_another_setting_is_refused(void **state)
{
	struct fixture *f = *state;
	char *sealed = seal_text(f, "source.password", "secret");

	assert_refused(f->key, "destination.password", sealed);
	free(sealed);
}

/* Every single character matters. */
static void
tampered_text_is_refused(void **state)
{
	struct fixture *f = *state;
	char *sealed = seal_text(f, "a", "secret");
	size_t i;
	char was;

	for (i = 0; sealed[i] && sealed[i] != '='; i++) {
		was = sealed[i];
		sealed[i] = was == 'A' ? 'B' : 'A';
		assert_refused(f->key, "a", sealed);
		sealed[i] = was;
	}
	sealed[strlen(sealed) - 4] = '\0';
	assert_refused(f->key, "a", sealed);
	free(sealed);
}

static void
text_that_is_no_sealed_value_is_refused(void **state)
{
	struct fixture *f = *state;

	assert_refused(f->key, "a", "");
	assert_refused(f->key, "a", "AAAA");
	assert_refused(f->key, "a", "not base64!");
}

static void
a_key_depends_on_passphrase_and_salt(void **state)
{
	struct fixture *f = *state;
	struct err err = ERR_INIT;
	struct secret *right = text_secret("correct horse");
	struct secret *wrong = text_secret("correct horsf");
	char *salt = secret_salt_new();
	char *sealed = seal_text(f, "a", "secret");
	struct secret_key *keys[] = {
	    secret_key_derive(wrong, f->salt, &err),
	    secret_key_derive(right, salt, &err),
	};
	size_t i;

	for (i = 0; i < LENGTH_OF(keys); i++) {
		assert_refused(keys[i], "a", sealed);
		secret_key_free(keys[i]);
	}
	secret_free(right);
	secret_free(wrong);
	free(salt);
	free(sealed);
}

static void
a_damaged_salt_is_an_error(void **state)
{
	struct err err = ERR_INIT;
	struct secret *passphrase = text_secret("correct horse");

	(void)state;
	assert_null(secret_key_derive(passphrase, "AAAA", &err));
	assert_int_equal(err.kind, ERR_CONFIG);
	err_release(&err);
	secret_free(passphrase);
}

static void
a_key_survives_export_and_import(void **state)
{
	struct fixture *f = *state;
	struct err err = ERR_INIT;
	struct secret *hex = secret_key_export(f->key);
	struct secret_key *key = secret_key_import(hex);
	char *sealed = seal_text(f, "a", "secret");
	struct secret *opened;

	assert_non_null(key);
	opened = secret_open(key, "a", sealed, &err);
	assert_string_equal(secret_text(opened), "secret");
	secret_free(opened);
	secret_free(hex);
	secret_key_free(key);
	free(sealed);
	hex = text_secret("00ff");
	assert_null(secret_key_import(hex));
	secret_free(hex);
}

/* 3200 draws of 62: a letter that is missing or doubled is no accident. */
static void
random_passwords_use_all_letters_alike(void **state)
{
	size_t seen[256] = {0}, i, j, used = 0;
	struct secret *secret;

	(void)state;
	for (i = 0; i < 100; i++) {
		secret = secret_random_password();
		assert_int_equal(secret_length(secret), 32);
		for (j = 0; j < 32; j++)
			seen[(unsigned char)secret_text(secret)[j]]++;
		secret_free(secret);
	}
	for (i = 0; i < 256; i++) {
		if (seen[i] == 0)
			continue;
		assert_non_null(strchr("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklm"
				       "nopqrstuvwxyz0123456789",
				       (int)i));
		assert_in_range(seen[i], 15, 110);
		used++;
	}
	assert_int_equal(used, 62);
}

static void
nothing_is_a_secret_too(void **state)
{
	(void)state;
	assert_null(secret_new(NULL, 0));
	assert_null(secret_copy(NULL));
	assert_null(secret_text(NULL));
	assert_int_equal(secret_length(NULL), 0);
	secret_free(NULL);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(a_sealed_value_opens_again),
	    cmocka_unit_test(sealing_twice_gives_different_text),
	    cmocka_unit_test(a_value_of_another_setting_is_refused),
	    cmocka_unit_test(tampered_text_is_refused),
	    cmocka_unit_test(text_that_is_no_sealed_value_is_refused),
	    cmocka_unit_test(a_key_depends_on_passphrase_and_salt),
	    cmocka_unit_test(a_damaged_salt_is_an_error),
	    cmocka_unit_test(a_key_survives_export_and_import),
	    cmocka_unit_test(random_passwords_use_all_letters_alike),
	    cmocka_unit_test(nothing_is_a_secret_too),
	};
	struct err err = ERR_INIT;

	if (!secret_init(&err))
		return 1;
	return cmocka_run_group_tests(tests, make_key, drop_key);
}
