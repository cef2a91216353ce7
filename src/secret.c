/* SPDX-License-Identifier: PostgreSQL */
/*
 * Secrets in locked memory, and the sealing of them with libsodium.
 *
 * A sealed value is base64 of nonce and ciphertext. Nothing here may be handed
 * to a function that formats text.
 */
#include "secret.h"

#include <sodium.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include "mem.h"

#define SALT_BYTES crypto_pwhash_SALTBYTES
#define KEY_BYTES crypto_aead_xchacha20poly1305_ietf_KEYBYTES
#define NONCE_BYTES crypto_aead_xchacha20poly1305_ietf_NPUBBYTES
#define TAG_BYTES crypto_aead_xchacha20poly1305_ietf_ABYTES
#define BASE64 sodium_base64_VARIANT_ORIGINAL
/* Changing one of these makes every sealed file unreadable. */
#define PWHASH_OPS 3
#define PWHASH_MEMORY (64 * 1024 * 1024)

struct secret {
	size_t n;
	char text[];
};

struct secret_key {
	unsigned char bytes[KEY_BYTES];
};

bool
secret_init(struct err *err)
{
	if (sodium_init() >= 0)
		return true;
	err_set(err, ERR_SYSTEM, "could not initialize libsodium");
	err_detail(err, "The system gives no random numbers.");
	return false;
}

/* Locked, guarded, left out of core dumps, wiped when it is freed. */
static void *
locked_alloc(size_t size)
{
	/* sodium_malloc() aligns the end: a whole number aligns the start. */
	size_t align = _Alignof(max_align_t);
	size_t rounded = (size + align - 1) / align * align;
	void *p = sodium_init() >= 0 ? sodium_malloc(rounded) : NULL;

	if (!p)
		abort();
	return p;
}

static struct secret *
secret_alloc(size_t n)
{
	struct secret *secret = locked_alloc(sizeof(*secret) + n + 1);

	secret->n = n;
	secret->text[n] = '\0';
	return secret;
}

struct secret *
secret_new(const char *text, size_t n)
{
	struct secret *secret;

	if (!text)
		return NULL;
	secret = secret_alloc(n);
	memcpy(secret->text, text, n);
	return secret;
}

struct secret *
secret_copy(const struct secret *secret)
{
	return secret ? secret_new(secret->text, secret->n) : NULL;
}

const char *
secret_text(const struct secret *secret)
{
	return secret ? secret->text : NULL;
}

size_t
secret_length(const struct secret *secret)
{
	return secret ? secret->n : 0;
}

void
secret_free(struct secret *secret)
{
	sodium_free(secret);
}

void
secret_wipe(void *p, size_t n)
{
	if (p)
		sodium_memzero(p, n);
}

struct secret *
secret_random_password(void)
{
	static const char letters[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
				      "abcdefghijklmnopqrstuvwxyz"
				      "0123456789";
	struct secret *secret = secret_alloc(32);
	size_t i;

	/* randombytes_uniform() has no modulo bias. */
	for (i = 0; i < secret->n; i++)
		secret->text[i] =
		    letters[randombytes_uniform(sizeof(letters) - 1)];
	return secret;
}

static char *
base64_text(const unsigned char *bytes, size_t n)
{
	size_t size = sodium_base64_ENCODED_LEN(n, BASE64);
	char *text = mem_zalloc(size, 1);

	return sodium_bin2base64(text, size, bytes, n, BASE64);
}

/* The bytes of base64 text, *n of them; NULL when it is not base64. */
static unsigned char *
base64_bytes(const char *text, size_t *n)
{
	size_t len = strlen(text);
	unsigned char *bytes = mem_zalloc(len + 1, 1);
	const char *end = NULL;

	if (sodium_base642bin(bytes, len + 1, text, len, NULL, n, &end,
			      BASE64) == 0 &&
	    end == text + len)
		return bytes;
	free(bytes);
	return NULL;
}

char *
secret_salt_new(void)
{
	unsigned char salt[SALT_BYTES];

	if (sodium_init() < 0)
		abort();
	randombytes_buf(salt, sizeof(salt));
	return base64_text(salt, sizeof(salt));
}

static struct secret_key *
key_derive(const struct secret *passphrase, const unsigned char *salt,
	   struct err *err)
{
	struct secret_key *key = locked_alloc(sizeof(*key));

	if (crypto_pwhash(key->bytes, sizeof(key->bytes), passphrase->text,
			  passphrase->n, salt, PWHASH_OPS, PWHASH_MEMORY,
			  crypto_pwhash_ALG_ARGON2ID13) == 0)
		return key;
	secret_key_free(key);
	err_set(err, ERR_SYSTEM, "could not derive a key from the passphrase");
	err_detail(err, "This takes 64 MB of memory.");
	return NULL;
}

struct secret_key *
secret_key_derive(const struct secret *passphrase, const char *salt,
		  struct err *err)
{
	size_t n = 0;
	unsigned char *bytes = base64_bytes(salt, &n);
	struct secret_key *key = NULL;

	if (bytes && n == SALT_BYTES)
		key = key_derive(passphrase, bytes, err);
	else
		err_set(err, ERR_CONFIG,
			"the salt of the sealed values is "
			"damaged");
	free(bytes);
	return key;
}

struct secret *
secret_key_export(const struct secret_key *key)
{
	struct secret *hex = secret_alloc(2 * KEY_BYTES);

	sodium_bin2hex(hex->text, hex->n + 1, key->bytes, KEY_BYTES);
	return hex;
}

struct secret_key *
secret_key_import(const struct secret *exported)
{
	struct secret_key *key = locked_alloc(sizeof(*key));
	size_t n = 0;

	if (exported && exported->n == 2 * KEY_BYTES &&
	    sodium_hex2bin(key->bytes, KEY_BYTES, exported->text, exported->n,
			   NULL, &n, NULL) == 0 &&
	    n == KEY_BYTES)
		return key;
	secret_key_free(key);
	return NULL;
}

void
secret_key_free(struct secret_key *key)
{
	sodium_free(key);
}

char *
secret_seal(const struct secret_key *key, const char *name,
	    const struct secret *value)
{
	size_t n = NONCE_BYTES + value->n + TAG_BYTES;
	unsigned char *bytes = mem_zalloc(n, 1);
	char *text;

	randombytes_buf(bytes, NONCE_BYTES);
	crypto_aead_xchacha20poly1305_ietf_encrypt(
	    bytes + NONCE_BYTES, NULL, (const unsigned char *)value->text,
	    value->n, (const unsigned char *)name, strlen(name), NULL, bytes,
	    key->bytes);
	text = base64_text(bytes, n);
	free(bytes);
	return text;
}

static struct secret *
open_bytes(const struct secret_key *key, const char *name,
	   const unsigned char *bytes, size_t n)
{
	struct secret *value = secret_alloc(n - NONCE_BYTES - TAG_BYTES);

	if (crypto_aead_xchacha20poly1305_ietf_decrypt(
		(unsigned char *)value->text, NULL, NULL, bytes + NONCE_BYTES,
		n - NONCE_BYTES, (const unsigned char *)name, strlen(name),
		bytes, key->bytes) == 0)
		return value;
	secret_free(value);
	return NULL;
}

struct secret *
secret_open(const struct secret_key *key, const char *name, const char *sealed,
	    struct err *err)
{
	size_t n = 0;
	unsigned char *bytes = base64_bytes(sealed, &n);
	struct secret *value = NULL;

	if (bytes && n >= NONCE_BYTES + TAG_BYTES)
		value = open_bytes(key, name, bytes, n);
	free(bytes);
	if (!value)
		err_set(err, ERR_CONFIG,
			"could not open the sealed value of "
			"\"%s\"",
			name);
	return value;
}

char *
secret_base64(const char *bytes, size_t n)
{
	return base64_text((const unsigned char *)bytes, n);
}
