/* SPDX-License-Identifier: PostgreSQL */
/* Allocation that aborts when memory is out; nothing else in src/ aborts. */
#ifndef PGREPUP_MEM_H
#define PGREPUP_MEM_H

#include <stdarg.h>
#include <stddef.h>

/* Zeroed memory for n things of a size; release with free(). */
void *mem_zalloc(size_t n, size_t size);
/* Grows an array (see MEM_GROW); the new part is not cleared. */
void *mem_resize(void *p, size_t n, size_t size);
/* A copy of text; NULL stays NULL. */
char *mem_strdup(const char *text);
char *mem_strndup(const char *text, size_t n);
char *mem_printf(const char *fmt, ...) __attribute__((format(printf, 1, 2)));
char *mem_vprintf(const char *fmt, va_list ap)
	__attribute__((format(printf, 1, 0)));

#define MEM_NEW(type) ((type *)mem_zalloc(1, sizeof(type)))
#define MEM_ARRAY(type, n) ((type *)mem_zalloc((n), sizeof(type)))
/* Makes room for one more element in array[n], of which alloc are allocated. */
#define MEM_GROW(array, n, alloc)                                              \
	do {                                                                   \
		if ((n) == (alloc)) {                                          \
			(alloc) = (alloc) ? (alloc) * 2 : 8;                   \
			(array) = mem_resize((array), (alloc),                 \
					     sizeof(*(array)));                \
		}                                                              \
	} while (0)
#define LENGTH_OF(array) (sizeof(array) / sizeof((array)[0]))

#endif
