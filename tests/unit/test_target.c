/* SPDX-License-Identifier: PostgreSQL */
/* The words that name checks and fixes: read, written, matched. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "fix.h"
#include "mem.h"

static bool
parse(struct targets *targets, const char *word, struct err *err)
{
	struct text_list words = {.n = 0};
	bool ok;

	text_list_add(&words, word);
	ok = fix_targets_parse(targets, &words, err);
	text_list_release(&words);
	return ok;
}

static void
assert_refused(const char *word)
{
	struct targets targets = {.n = 0};
	struct err err = ERR_INIT;

	assert_false(parse(&targets, word, &err));
	assert_int_equal(err.kind, ERR_USAGE);
	err_release(&err);
	targets_release(&targets);
}

static const struct fix *
fix_of(const char *check)
{
	size_t i;

	for (i = 0; i < n_fixes; i++)
		if (strcmp(fixes[i].check, check) == 0)
			return &fixes[i];
	return NULL;
}

/* Does the word mean the table of that plan? */
static bool
means(const char *word, const struct fix_plan *plan)
{
	struct targets targets = {.n = 0};
	struct err err = ERR_INIT;
	bool found;

	assert_true(parse(&targets, word, &err));
	found = fix_targets_match(&targets, plan) != NULL;
	targets_release(&targets);
	return found;
}

static void
words_that_name_no_fix_are_refused(void **state)
{
	(void)state;
	assert_refused("");
	assert_refused("no_such_check");
	assert_refused("tmp_dir");
	assert_refused("wal_level@nowhere");
	assert_refused("wal_level@");
	assert_refused("replica_identity:");
	assert_refused("replica_identity:a.");
	assert_refused("replica_identity:a.b.c.d");
	assert_refused("replica_identity:\"open");
	assert_refused("replica_identity:a=");
	assert_refused("replica_identity:a b=c=d");
}

static void
what_is_left_out_matches_all(void **state)
{
	char database[] = "app", schema[] = "public", table[] = "fish";
	const struct fix_plan plan = {
		.fix = fix_of("replica_identity"),
		.side = SIDE_SOURCE,
		.database = database,
		.schema = schema,
		.object = table,
	};

	(void)state;
	assert_true(means("replica_identity", &plan));
	assert_true(means("replica_identity:app", &plan));
	assert_true(means("replica_identity:app.fish", &plan));
	assert_true(means("replica_identity:app.public.fish", &plan));
	assert_true(means("replica_identity@source:app.fish=column", &plan));
	assert_false(means("replica_identity:other", &plan));
	assert_false(means("replica_identity:app.bird", &plan));
	assert_false(means("replica_identity:app.other.fish", &plan));
	assert_false(means("replica_identity@destination", &plan));
	assert_false(means("wal_level", &plan));
}

static void
a_database_does_not_mean_what_is_cluster_wide(void **state)
{
	const struct fix_plan plan = {
		.fix = fix_of("wal_level"),
		.side = SIDE_SOURCE,
	};

	(void)state;
	assert_true(means("wal_level", &plan));
	assert_false(means("wal_level:app", &plan));
}

static void
a_part_names_the_plan_of_its_whole(void **state)
{
	char database[] = "app", schema[] = "public", table[] = "root";
	struct fix_plan plan = {
		.fix = fix_of("replica_identity"),
		.side = SIDE_SOURCE,
		.database = database,
		.schema = schema,
		.object = table,
	};

	(void)state;
	text_list_add(&plan.mended, "parts");
	text_list_add(&plan.mended, "leaf");
	assert_true(means("replica_identity:app.parts.leaf", &plan));
	assert_true(means("replica_identity:app.leaf", &plan));
	assert_false(means("replica_identity:app.public.leaf", &plan));
	text_list_release(&plan.mended);
}

/* Names a plan with that database, schema and table, and reads it back. */
static void
assert_round_trip(const char *d, const char *s, const char *t,
		  const char *expected)
{
	struct targets targets = {.n = 0};
	struct err err = ERR_INIT;
	struct fix_plan plan = {
		.fix = fix_of("replica_identity"),
		.side = SIDE_SOURCE,
		.database = mem_strdup(d),
		.schema = mem_strdup(s),
		.object = mem_strdup(t),
		.variant = mem_strdup("column"),
	};
	char *word = fix_plan_target(&plan);

	assert_string_equal(word, expected);
	assert_true(parse(&targets, word, &err));
	assert_string_equal(targets.items[0].names[0], d);
	assert_string_equal(targets.items[0].names[1], s);
	assert_string_equal(targets.items[0].names[2], t);
	assert_string_equal(targets.items[0].variant, "column");
	assert_ptr_equal(fix_targets_match(&targets, &plan),
			 &targets.items[0]);
	targets_release(&targets);
	free(plan.database);
	free(plan.schema);
	free(plan.object);
	free(plan.variant);
	free(word);
}

/* What is in no database is named by itself. */
static void
an_object_of_the_cluster_has_a_name_of_its_own(void **state)
{
	const struct target_thing thing = {
		.check = "tablespaces",
		.side = SIDE_DESTINATION,
		.object = "fast.disk",
	};
	const struct target_thing other = {
		.check = "tablespaces",
		.side = SIDE_DESTINATION,
		.object = "slow",
	};
	struct text_list words = {.n = 0};
	struct targets targets;
	struct err err = ERR_INIT;
	char *word = target_word(&thing);

	(void)state;
	assert_string_equal(word, "tablespaces@destination:.\"fast.disk\"");
	text_list_add(&words, word);
	assert_true(targets_parse(&targets, &words, &err));
	assert_non_null(targets_find(&targets, &thing));
	assert_null(targets_find(&targets, &other));
	targets_release(&targets);
	text_list_release(&words);
	free(word);
}

static void
a_side_means_all_that_is_there(void **state)
{
	const struct target_thing thing = {
		.check = "wal_level",
		.side = SIDE_SOURCE,
		.database = "app",
	};
	static const struct {
		const char *word;
		bool means;
	} cases[] = {
		{"source", true},	{"source:app", true},
		{"all", true},		{"all:app", true},
		{"destination", false}, {"local", false},
		{"source:other", false},
	};
	size_t i;

	(void)state;
	for (i = 0; i < LENGTH_OF(cases); i++) {
		struct text_list words = {.n = 0};
		struct targets targets;
		struct err err = ERR_INIT;

		text_list_add(&words, cases[i].word);
		assert_true(targets_parse(&targets, &words, &err));
		assert_int_equal(targets_find(&targets, &thing) != NULL,
				 cases[i].means);
		targets_release(&targets);
		text_list_release(&words);
	}
}

static void
names_with_special_characters_are_quoted(void **state)
{
	(void)state;
	assert_round_trip("app", "public", "fish",
			  "replica_identity@source:app.public.fish=column");
	assert_round_trip(
		"we'ird", "Mixed Schema", "fi\\sh",
		"replica_identity@source:we'ird.Mixed Schema.fi\\sh=column");
	assert_round_trip("a.b", "c\"d", "e=f@g:h",
			  "replica_identity@source:\"a.b\".\"c\"\"d\"."
			  "\"e=f@g:h\"=column");
}

/* A terminal shows "?" in their place, which would name nothing. */
static void
names_that_cannot_be_shown_are_escaped(void **state)
{
	(void)state;
	assert_round_trip("a\nb", "\033[2J", "\xff\"\\x41",
			  "replica_identity@source:\"a\\x0ab\"."
			  "\"\\x1b[2J\".\"\\xff\\x22\\x5cx41\"=column");
	assert_round_trip("a.\\x41", "s", "t",
			  "replica_identity@source:\"a.\\x5cx41\".s.t=column");
}

/* Else nothing can take it back. */
static void
a_fix_that_sets_a_setting_says_so(void **state)
{
	size_t i;

	(void)state;
	for (i = 0; i < n_fixes; i++)
		if (fixes[i].setting && !fixes[i].leaves)
			fail_msg("%s", fixes[i].setting);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(words_that_name_no_fix_are_refused),
		cmocka_unit_test(what_is_left_out_matches_all),
		cmocka_unit_test(a_database_does_not_mean_what_is_cluster_wide),
		cmocka_unit_test(a_part_names_the_plan_of_its_whole),
		cmocka_unit_test(a_side_means_all_that_is_there),
		cmocka_unit_test(
			an_object_of_the_cluster_has_a_name_of_its_own),
		cmocka_unit_test(names_with_special_characters_are_quoted),
		cmocka_unit_test(names_that_cannot_be_shown_are_escaped),
		cmocka_unit_test(a_fix_that_sets_a_setting_says_so),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
