/* SPDX-License-Identifier: PostgreSQL */
/* The copy of pg_hba.conf as it was before pgrepup, on the server. */
#ifndef PGREPUP_HBA_BACKUP_H
#define PGREPUP_HBA_BACKUP_H

#include "pg.h"

/* What is added to the path of the file. */
#define HBA_BACKUP_SUFFIX ".pgrepup-backup"

/*
 * Makes it, as a superuser and within a transaction: with the owner and mode
 * of the file, by "cp -p" of the server's machine; where that fails, only
 * inside the data folder. object: large object that has the file, md5: of it;
 * the copy is read back and compared.
 */
bool hba_backup_write(struct pg *pg, const char *path, const char *object,
		      const char *md5, struct err *err);
/* Removes it, by "rm". */
bool hba_backup_remove(struct pg *pg, const char *path, struct err *err);

#endif
