/* SPDX-License-Identifier: PostgreSQL */
/* Files and pipes, where the C library leaves a loop to its caller. */
#ifndef PGREPUP_IO_H
#define PGREPUP_IO_H

#include <stdbool.h>
#include <stddef.h>

/* Writes all of it, also through signals and in parts; errno is set when not.
 * For blocking descriptors. */
bool io_write_all(int fd, const char *text, size_t n);

#endif
