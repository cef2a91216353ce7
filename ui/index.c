/* SPDX-License-Identifier: PostgreSQL */
/* Positions by name: FNV-1a, linear probing, at most half full. */
#include "index.h"

#include <stdlib.h>

#include "mem.h"

#define BASIS 2166136261u
#define PRIME 16777619u

uint32_t
index_hash(uint32_t hash, const char *text)
{
	hash = hash ? hash : BASIS;
	for (; text && *text; text++)
		hash = (hash ^ (unsigned char)*text) * PRIME;
	/* "a", "bc" is not "ab", "c"; nor is NULL the empty text. */
	return (hash ^ (text ? 0x100u : 0x200u)) * PRIME;
}

size_t
index_find(const struct index *index, uint32_t hash,
	   bool (*is_it)(const void *arg, size_t at), const void *arg)
{
	const struct index_slot *slot;
	size_t i;

	if (index->alloc == 0)
		return INDEX_NONE;
	for (i = hash;; i++) {
		slot = &index->slots[i & (index->alloc - 1)];
		if (slot->at == 0)
			return INDEX_NONE;
		if (slot->hash == hash && is_it(arg, slot->at - 1))
			return slot->at - 1;
	}
}

static void
put(struct index *index, struct index_slot slot)
{
	size_t i = slot.hash;

	while (index->slots[i & (index->alloc - 1)].at != 0)
		i++;
	index->slots[i & (index->alloc - 1)] = slot;
	index->n++;
}

static void
grow(struct index *index)
{
	struct index old = *index;
	size_t i;

	*index = (struct index){.alloc = old.alloc ? old.alloc * 2 : 16};
	index->slots = MEM_ARRAY(struct index_slot, index->alloc);
	for (i = 0; i < old.alloc; i++)
		if (old.slots[i].at != 0)
			put(index, old.slots[i]);
	free(old.slots);
}

void
index_add(struct index *index, uint32_t hash, size_t at)
{
	if (index->n * 2 >= index->alloc)
		grow(index);
	put(index, (struct index_slot){.hash = hash, .at = (uint32_t)at + 1});
}

void
index_release(struct index *index)
{
	free(index->slots);
	*index = (struct index){.slots = NULL};
}
