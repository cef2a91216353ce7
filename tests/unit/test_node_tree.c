/* SPDX-License-Identifier: PostgreSQL */
/* Calls that the planner could work out; trees as 18 writes them, shortened. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "node_tree.h"

static const struct row {
	const char *what;
	const char *function;
	bool folds;
	const char *tree;
} rows[] = {
	{"a column", "16445", false,
	 "{FUNCEXPR :funcid 16445 :args ({VAR :varattno 1})}"},
	{"through a cast and a function of the server", "16445", false,
	 "{FUNCEXPR :funcid 16445 :args ({FUNCEXPR :funcid 870 "
	 ":args ({RELABELTYPE :arg {RELABELTYPE :arg {VAR :varattno "
	 "1}}})})}"},
	{"a constant, which looks like a call", "16445", true,
	 "{OPEXPR :opno 654 :opfuncid 1258 :args ({VAR :varattno 1} "
	 "{FUNCEXPR :funcid 16445 :args ({CONST :constisnull false "
	 ":constvalue 13 [ 52 0 0 0 97 123 58 102 117 110 99 105 "
	 "100 ]})})}"},
	{"what becomes a constant", "16445", true,
	 "{FUNCEXPR :funcid 16445 :args ({CASEEXPR :arg <> :args "
	 "({CASEWHEN :expr {CONST :constisnull false :constvalue 1 "
	 "[ 1 0 0 0 0 0 0 0 ]} :result {CONST :constisnull false "
	 ":constvalue 5 [ 20 0 0 0 113 ]}}) :defresult {VAR "
	 ":varattno 1}})}"},
	{"an operator", "16446", false,
	 "{OPEXPR :opno 16447 :opfuncid 16446 :args ({VAR :varattno "
	 "1} {CONST :constisnull false :constvalue 5 [ 20 0 0 0 97 "
	 "]})}"},
	{"an operator, of constants", "16446", true,
	 "{OPEXPR :opno 16447 :opfuncid 16446 :args ({CONST "
	 ":constisnull false :constvalue 5 [ 20 0 0 0 98 ]} {CONST "
	 ":constisnull false :constvalue 5 [ 20 0 0 0 97 ]})}"},
	{"a function of null is null", "16445", true,
	 "{OPEXPR :opno 654 :opfuncid 1258 :args ({FUNCEXPR :funcid "
	 "16445 :args ({FUNCEXPR :funcid 870 :args ({CONST "
	 ":constisnull true :constvalue <>})})} {VAR :varattno 1})}"},
	{"one call is open, one is not", "16445", true,
	 "{FUNCEXPR :funcid 16445 :args ({OPEXPR :opno 654 "
	 ":opfuncid 1258 :args ({FUNCEXPR :funcid 883 :args ({VAR "
	 ":varattno 1} {CONST :constisnull false :constvalue 4 [ 1 "
	 "0 0 0 0 0 0 0 ]})} {FUNCEXPR :funcid 16445 :args ({CONST "
	 ":constisnull false :constvalue 5 [ 20 0 0 0 97 ]})})})}"},
	{"another collation", "16445", false,
	 "{FUNCEXPR :funcid 16445 :args ({COLLATEEXPR :arg {VAR "
	 ":varattno 1}})}"},
	{"strict, and one argument is null", "16445", true,
	 "{FUNCEXPR :funcid 16445 :args ({FUNCEXPR :funcid 2087 "
	 ":args ({VAR :varattno 1} {CONST :constisnull true "
	 ":constvalue <>} {CONST :constisnull false :constvalue 5 [ "
	 "20 0 0 0 97 ]})})}"},
	{"not called as we know it", "16445", true, "{VAR :varattno 1}"},
	{"cut short", "16445", true, "{FUNCEXPR :funcid 16445 :args ("},
	{"cut shorter", "16445", true, "{FUNCEXPR :funcid 16445 "},
};

static void
test_rows(void **state)
{
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
		if (node_tree_may_fold(rows[i].tree, rows[i].function) !=
		    rows[i].folds)
			fail_msg("%s", rows[i].what);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_rows),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
