/* SPDX-License-Identifier: PostgreSQL */
/* pg_hba.conf: our lines first in the file; see hba_edit.h. */
#include <stdlib.h>
#include <string.h>

#include "fix_internal.h"
#include "hba.h"
#include "hba_backup.h"
#include "hba_edit.h"
#include "mem.h"

/* Who may not read the file cannot be helped here, and check says so: but what
 * else there is to mend can be. */
static bool
needed_lines(struct op *op, struct cluster *cluster, struct strbuf *lines,
	     struct err *err)
{
	struct err failed = ERR_INIT;
	bool ok = hba_needed_lines(op, cluster, lines, &failed);

	if (!ok && err_is(&failed, "42501")) {
		op_log(op, "notice", NULL,
		       "pg_hba.conf of the %s is left alone: %s",
		       side_name(cluster->side), failed.message);
		err_release(&failed);
		return true;
	}
	err_move(err, &failed);
	return ok;
}

bool
fix_hba_plan(FIX_PLAN_ARGS)
{
	struct strbuf lines = STRBUF_INIT;
	struct fix_plan *plan;
	bool ok;

	(void)targets;
	ok = needed_lines(op, cluster, &lines, err);
	while (lines.len > 0 && lines.text[lines.len - 1] == '\n')
		lines.text[--lines.len] = '\0';
	if (ok && lines.len > 0) {
		plan = fix_list_add(list);
		plan->fix = fix;
		plan->side = cluster->side;
		plan->sql = mem_printf("-- first in pg_hba.conf, by "
				       "lo_export(), then pg_reload_conf():\n"
				       "%s",
				       lines.text);
		plan->cost = mem_strdup("a reload of the configuration; the "
					"former file is kept beside it as "
					"pg_hba.conf" HBA_BACKUP_SUFFIX ".");
		plan->undo = mem_strdup("the lines are taken out again, which "
					"leaves the file as it was");
	}
	strbuf_release(&lines);
	return ok;
}

bool
fix_hba_apply(FIX_APPLY_ARGS)
{
	struct cluster *cluster = op_cluster(op, plan->side);
	struct strbuf lines = STRBUF_INIT;
	bool ok;

	ok = hba_needed_lines(op, cluster, &lines, err);
	if (ok && lines.len > 0)
		ok = hba_edit_add(cluster->pg, op->run, lines.text, err);
	strbuf_release(&lines);
	return ok;
}
