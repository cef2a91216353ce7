/* SPDX-License-Identifier: PostgreSQL */
/*
 * Expressions as the catalogs keep them (pg_node_tree, as text): whether the
 * planner could call a function in one before there is a row.
 */
#ifndef PGREPUP_NODE_TREE_H
#define PGREPUP_NODE_TREE_H

#include <stdbool.h>

/*
 * Could a call of that function (its number) be worked out as a constant? The
 * planner does so when all of its arguments are constants, or become such
 * (eval_const_expressions, the same from 9.4 to 19). False only when each call
 * has an argument that surely stays open: a column, also through casts and
 * functions of the server, of which no argument is null.
 */
bool node_tree_may_fold(const char *tree, const char *function);

#endif
