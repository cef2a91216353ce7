/* SPDX-License-Identifier: PostgreSQL */
/*
 * The text of a configuration without its secrets. What is one: the value of a
 * setting that is a secret, or whose name says so, and a text with a password
 * in it (a connection string). Within src/conf*.
 */
#ifndef PGREPUP_CONF_HIDE_H
#define PGREPUP_CONF_HIDE_H

#include "conf_internal.h"
#include "strbuf.h"

/*
 * Adds what stands instead of a secret. value: all of it as it stands in the
 * text, n bytes, and the rest of the text behind it. Returns how much of that
 * is done with, n at least.
 */
typedef size_t conf_value_fn(struct strbuf *out, const char *key,
			     const char *value, size_t n, void *arg);

/* Adds the text, with hide asked for every secret. comments: those that speak
 * of secrets are taken out as well. */
void conf_text_hide(struct strbuf *out, const char *text, bool comments,
		    conf_value_fn *hide, void *arg);
/*
 * What may be kept of a former text: no password in clear, and sealed ones
 * only as the present tree has them too. The caller frees it.
 */
struct secret *conf_former_text(const struct secret *text,
				const config_t *now);
/* Have those n bytes a URI with a password in it? */
bool conf_has_userinfo(const char *text, size_t n);
/* Do they speak of a password in any way? */
bool conf_word_is_secret(const char *text, size_t n);

#endif
