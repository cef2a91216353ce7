/* SPDX-License-Identifier: PostgreSQL */
/* Allocation that aborts when memory is out. */
#include "mem.h"

#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static void *
checked(void *p)
{
	if (!p)
		abort();
	return p;
}

void *
mem_zalloc(size_t n, size_t size)
{
	return checked(calloc(n ? n : 1, size));
}

void *
mem_resize(void *p, size_t n, size_t size)
{
	if (n > SIZE_MAX / size)
		abort();
	return checked(realloc(p, n * size));
}

char *
mem_strdup(const char *text)
{
	return text ? checked(strdup(text)) : NULL;
}

char *
mem_strndup(const char *text, size_t n)
{
	return checked(strndup(text, n));
}

char *
mem_vprintf(const char *fmt, va_list ap)
{
	char *text;

	if (vasprintf(&text, fmt, ap) < 0)
		abort();
	return text;
}

char *
mem_printf(const char *fmt, ...)
{
	char *text;
	va_list ap;

	va_start(ap, fmt);
	text = mem_vprintf(fmt, ap);
	va_end(ap);
	return text;
}
