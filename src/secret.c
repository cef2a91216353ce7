/* SPDX-License-Identifier: PostgreSQL */
/* Secrets in locked memory, and the sealing of them, by libsodium. */
#include "secret.h"

#include <sodium.h>
#include <stdlib.h>
#include <string.h>

#include "mem.h"

#define VARIANT sodium_base64_VARIANT_ORIGINAL
#define KEY_BYTES crypto_aead_xchacha20poly1305_ietf_KEYBYTES
#define NONCE_BYTES crypto_aead_xchacha20poly1305_ietf_NPUBBYTES
#define TAG_BYTES crypto_aead_xchacha20poly1305_ietf_ABYTES
#define MEMORY_LIMIT (64U * 1024 * 1024)
#define OPERATIONS_LIMIT 3

struct secret {
	size_t length;
	char text[]; /* NUL-terminated */
};

struct secret_key {
	unsigned char bytes[KEY_BYTES];
};

bool
secret_init(struct err *err)
{
	if (sodium_init() >= 0)
		return true;
	err_set(err, ERR_SYSTEM, "could not start libsodium");
	return false;
}

/* Locked, between guard pages, wiped when freed. */
static void *
locked_alloc(size_t n)
{
	void *p;

	if (sodium_init() < 0 || !(p = sodium_malloc(n)))
		abort();
	return p;
}

struct secret *
secret_new(const char *text, size_t n)
{
	struct secret *secret;
	size_t size = sizeof(*secret) + n + 1;

	if (!text)
		return NULL;
	/* sodium_malloc aligns the end; keep the start aligned as well. */
	size = (size + 15) & ~(size_t)15;
	secret = locked_alloc(size);
	secret->length = n;
	memcpy(secret->text, text, n);
	secret->text[n] = '\0';
	return secret;
}

struct secret *
secret_copy(const struct secret *secret)
{
	return secret ? secret_new(secret->text, secret->length) : NULL;
}

const char *
secret_text(const struct secret *secret)
{
	return secret ? secret->text : NULL;
}

size_t
secret_length(const struct secret *secret)
{
	return secret ? secret->length : 0;
}

void
secret_free(struct secret *secret)
{
	sodium_free(secret);
}

void
secret_wipe(void *p, size_t n)
{
	sodium_memzero(p, n);
}

struct secret *
secret_random_password(void)
{
	static const char letters[] = "abcdefghijklmnopqrstuvwxyz"
				      "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789";
	char text[32];
	struct secret *secret;
	size_t i;

	if (sodium_init() < 0)
		abort();
	for (i = 0; i < sizeof(text); i++)
		text[i] = letters[randombytes_uniform(sizeof(letters) - 1)];
	secret = secret_new(text, sizeof(text));
	sodium_memzero(text, sizeof(text));
	return secret;
}

static char *
to_base64(const unsigned char *bytes, size_t n)
{
	size_t size = sodium_base64_encoded_len(n, VARIANT);
	char *text = MEM_ARRAY(char, size);

	return sodium_bin2base64(text, size, bytes, n, VARIANT);
}

char *
secret_salt_new(void)
{
	unsigned char salt[crypto_pwhash_SALTBYTES];

	if (sodium_init() < 0)
		abort();
	randombytes_buf(salt, sizeof(salt));
	return to_base64(salt, sizeof(salt));
}

struct secret_key *
secret_key_derive(const struct secret *passphrase, const char *salt,
		  struct err *err)
{
	unsigned char raw[crypto_pwhash_SALTBYTES];
	struct secret_key *key = locked_alloc(sizeof(*key));
	size_t n;

	if (sodium_base642bin(raw, sizeof(raw), salt, strlen(salt), NULL, &n,
			      NULL, VARIANT) != 0 ||
	    n != sizeof(raw)) {
		err_set(err, ERR_CONFIG, "the salt in the file is damaged");
	} else if (crypto_pwhash(key->bytes, KEY_BYTES, passphrase->text,
				 passphrase->length, raw, OPERATIONS_LIMIT,
				 MEMORY_LIMIT,
				 crypto_pwhash_ALG_ARGON2ID13) != 0) {
		err_set(err, ERR_SYSTEM,
			"not enough memory to derive the key (64 MB)");
	} else {
		return key;
	}
	sodium_free(key);
	return NULL;
}

struct secret *
secret_key_export(const struct secret_key *key)
{
	char hex[KEY_BYTES * 2 + 1];
	struct secret *secret;

	sodium_bin2hex(hex, sizeof(hex), key->bytes, KEY_BYTES);
	secret = secret_new(hex, sizeof(hex) - 1);
	sodium_memzero(hex, sizeof(hex));
	return secret;
}

struct secret_key *
secret_key_import(const struct secret *exported)
{
	struct secret_key *key = locked_alloc(sizeof(*key));
	size_t n;

	if (sodium_hex2bin(key->bytes, KEY_BYTES, exported->text,
			   exported->length, NULL, &n, NULL) == 0 &&
	    n == KEY_BYTES)
		return key;
	sodium_free(key);
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
	size_t n = NONCE_BYTES + value->length + TAG_BYTES;
	unsigned char *box = MEM_ARRAY(unsigned char, n);
	char *text;

	randombytes_buf(box, NONCE_BYTES);
	crypto_aead_xchacha20poly1305_ietf_encrypt(
		box + NONCE_BYTES, NULL, (const unsigned char *)value->text,
		value->length, (const unsigned char *)name, strlen(name), NULL,
		box, key->bytes);
	text = to_base64(box, n);
	free(box);
	return text;
}

static struct secret *
open_box(const struct secret_key *key, const char *name,
	 const unsigned char *box, size_t n)
{
	struct secret *plain = locked_alloc(sizeof(*plain) + 16 +
					    ((n + 15) & ~(size_t)15));
	struct secret *secret = NULL;
	unsigned long long length;

	if (crypto_aead_xchacha20poly1305_ietf_decrypt(
		    (unsigned char *)plain->text, &length, NULL,
		    box + NONCE_BYTES, n - NONCE_BYTES,
		    (const unsigned char *)name, strlen(name), box,
		    key->bytes) == 0)
		secret = secret_new(plain->text, (size_t)length);
	sodium_free(plain);
	return secret;
}

struct secret *
secret_open(const struct secret_key *key, const char *name, const char *sealed,
	    struct err *err)
{
	size_t size = strlen(sealed) + 1, n = 0;
	unsigned char *box = MEM_ARRAY(unsigned char, size);
	struct secret *secret = NULL;

	if (sodium_base642bin(box, size, sealed, strlen(sealed), NULL, &n,
			      NULL, VARIANT) == 0 &&
	    n >= NONCE_BYTES + TAG_BYTES)
		secret = open_box(key, name, box, n);
	free(box);
	if (!secret)
		err_set(err, ERR_CONFIG,
			"could not open the sealed value of \"%s\"", name);
	return secret;
}
