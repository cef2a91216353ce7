/* SPDX-License-Identifier: PostgreSQL */
/*
 * What the fuzz targets share. A target is one file fuzz_NAME.c with the one
 * function that libFuzzer knows, which makes nothing that outlives it and ends
 * the program when what it looked at is wrong. It is driven by libFuzzer where
 * the compiler has that, else by driver.c.
 */
#ifndef PGREPUP_FUZZ_H
#define PGREPUP_FUZZ_H

#include <stddef.h>
#include <stdint.h>

#include "strbuf.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* What the input is cut by where a target wants several texts of it. */
#define FUZZ_CUT '\001'

/* The input as a text that ends where it ends, or at its first zero byte. The
 * caller frees it. */
char *fuzz_text(const uint8_t *data, size_t size);
/* The same cut into n texts, all owned by the caller; "" where there are no
 * more. */
void fuzz_texts(const uint8_t *data, size_t size, char **texts, size_t n);
void fuzz_texts_free(char **texts, size_t n);
/* A property does not hold: says so and ends the program. */
void fuzz_fail(const char *fmt, ...)
	__attribute__((format(printf, 1, 2), noreturn));
/* A folder of this process, in memory where there is such a place; gone at the
 * end of a program that ends well. */
const char *fuzz_folder(void);
/* Makes a private file of it. */
void fuzz_write(const char *path, const char *text, size_t n);

#endif
