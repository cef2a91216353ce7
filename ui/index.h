/* SPDX-License-Identifier: PostgreSQL */
/*
 * Where a thing stands in an array, by its name: an open hash table of
 * positions. The array and the names are the caller's.
 *
 *	hash = index_hash(0, "a table");
 *	at = index_find(&index, hash, is_it, &wanted);
 *	if (at == INDEX_NONE)
 *		index_add(&index, hash, n++);
 */
#ifndef PGREPUP_INDEX_H
#define PGREPUP_INDEX_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define INDEX_NONE SIZE_MAX

struct index_slot {
	uint32_t hash;
	uint32_t at; /* position + 1; 0: free */
};

struct index {
	struct index_slot *slots;
	size_t n, alloc; /* alloc: a power of 2 */
};

/* Goes on from a hash (0: begins) with one more text; NULL is one as well. */
uint32_t index_hash(uint32_t hash, const char *text);
size_t index_find(const struct index *index, uint32_t hash,
		  bool (*is_it)(const void *arg, size_t at), const void *arg);
void index_add(struct index *index, uint32_t hash, size_t at);
void index_release(struct index *index);

#endif
