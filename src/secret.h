/* SPDX-License-Identifier: PostgreSQL */
/*
 * Secrets in locked memory, and the sealing of them: the only user of
 * libsodium. No format function takes a struct secret, and nothing prints one.
 *
 * Sealing: a key from the passphrase by argon2id with a per-file salt, then
 * XChaCha20-Poly1305 with a fresh nonce a value; the associated data is the
 * name of the setting, so that two sealed values cannot be swapped.
 */
#ifndef PGREPUP_SECRET_H
#define PGREPUP_SECRET_H

#include <stdbool.h>
#include <stddef.h>

#include "err.h"

struct secret;

/* Must be called once before anything else here; safe to call again. */
bool secret_init(struct err *err);
/* Copies n bytes into locked memory and adds a NUL. NULL text gives NULL. */
struct secret *secret_new(const char *text, size_t n);
struct secret *secret_copy(const struct secret *secret);
/* Borrowed text, NUL-terminated; NULL for NULL. */
const char *secret_text(const struct secret *secret);
size_t secret_length(const struct secret *secret);
/* Wipes and frees; NULL is fine. */
void secret_free(struct secret *secret);
/* Wipes memory that held a secret for a moment (an input buffer). */
void secret_wipe(void *p, size_t n);
/* A random password of 32 letters and digits. */
struct secret *secret_random_password(void);

/* The key derived from a passphrase; kept in locked memory. */
struct secret_key;

/* Base64 text of a fresh salt, to be stored beside the sealed values. */
char *secret_salt_new(void);
/* Takes about half a second and 64 MiB, on purpose. salt is base64 text. */
struct secret_key *secret_key_derive(const struct secret *passphrase,
				     const char *salt, struct err *err);
/* Hex of the raw key, for handing it to the runner over a pipe, and back. */
struct secret *secret_key_export(const struct secret_key *key);
struct secret_key *secret_key_import(const struct secret *exported);
void secret_key_free(struct secret_key *key);
/* Base64 text of the sealed value. The caller frees it. */
char *secret_seal(const struct secret_key *key, const char *name,
		  const struct secret *value);
/* NULL and ERR_CONFIG when the key is wrong or the text was tampered with. */
struct secret *secret_open(const struct secret_key *key, const char *name,
			   const char *sealed, struct err *err);

/* Base64 of bytes that need not be secret. The caller frees it. */
char *secret_base64(const char *bytes, size_t n);

#endif
