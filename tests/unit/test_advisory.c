/* SPDX-License-Identifier: PostgreSQL */
/* Which releases an advisory concerns, and that the table can be read. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "advisory.h"
#include "mechanism.h"

static const struct advisory *
row(const char *check, const char *id)
{
	size_t i;

	for (i = 0; i < n_advisories; i++)
		if (strcmp(advisories[i].check, check) == 0 &&
		    (!id || strcmp(advisories[i].id, id) == 0))
			return &advisories[i];
	fail_msg("no advisory %s of %s", id ? id : "", check);
	return NULL;
}

/* What must be there beside a release of that version; NULL: nothing. */
static const char *
needed(const struct advisory *advisory, int version, int beside)
{
	static struct strbuf text = STRBUF_INIT;
	const struct release_range *range =
		advisory_find(advisory, version, beside);

	strbuf_release(&text);
	if (range)
		advisory_needed(advisory, version, range, &text);
	return range ? text.text : NULL;
}

static void
old_minor_releases_export_no_whole_snapshots(void **state)
{
	const struct advisory *snapshots = row("snapshots", NULL);

	(void)state;
	assert_int_equal(snapshots->status, CHECK_KO);
	assert_string_equal(needed(snapshots, 90411, 0), "9.4.12 or later");
	assert_null(needed(snapshots, 90412, 0));
	assert_string_equal(needed(snapshots, 90500, 0), "9.5.7 or later");
	assert_null(needed(snapshots, 90507, 0));
	assert_string_equal(needed(snapshots, 90602, 0), "9.6.3 or later");
	assert_null(needed(snapshots, 90603, 0));
	assert_null(needed(snapshots, 100000, 0));
	assert_null(needed(snapshots, 180000, 0));
}

static void
the_end_of_a_range_is_mended(void **state)
{
	const struct advisory *a = row("minor_release",
				       "aborted-subtransactions");

	(void)state;
	assert_string_equal(needed(a, 150019, 150019), "15.20 or later");
	assert_null(needed(a, 150020, 150020));
	assert_string_equal(needed(a, 180006, 180006), "18.7 or later");
	assert_null(needed(a, 190000, 190000));
}

static void
a_major_version_may_have_no_release_that_mends_it(void **state)
{
	const struct advisory *a = row("minor_release",
				       "extract-in-expressions");
	const char *none = "14.24 or later, none of its major version";

	(void)state;
	assert_string_equal(needed(a, 130023, 130023), none);
	assert_string_equal(needed(a, 90624, 90624), none);
	assert_string_equal(needed(a, 140023, 140023), "14.24 or later");
	a = row("minor_release", "extensions-rebuilt");
	assert_string_equal(needed(a, 150020, 150020), "");
	assert_string_equal(needed(a, 190001, 190001), "");
	assert_null(needed(a, 150018, 150018));
	assert_null(needed(a, 180006, 180006));
}

static void
a_client_program_matters_beside_some_servers_only(void **state)
{
	const struct advisory *a = row("client_release", "internal-options");

	(void)state;
	assert_string_equal(needed(a, 180006, 170012), "18.7 or later");
	assert_null(needed(a, 180006, 170011));
	assert_null(needed(a, 180007, 170012));
	assert_null(needed(a, 180006, 0));
	/* what comes after it does not need the newest of its own */
	assert_string_equal(needed(a, 180006, 200001), "18.7 or later");
}

static void
pglogical_counts_in_another_way(void **state)
{
	const struct advisory *hangs = row("drop_database", NULL);

	(void)state;
	assert_string_equal(needed(hangs, 20402, 150020), "2.4.3 or later");
	assert_null(needed(hangs, 20402, 140020));
	assert_null(needed(hangs, 20403, 150020));
	assert_null(needed(hangs, 0, 150020));
}

static void
every_row_says_what_it_means_and_where_that_stands(void **state)
{
	const struct advisory *a;
	const struct release_range *range;
	size_t i, j;

	(void)state;
	for (i = 0; i < n_advisories; i++) {
		a = &advisories[i];
		assert_non_null(check_find(a->check));
		assert_true(a->status == CHECK_KO || a->status == CHECK_WARN);
		assert_true(a->means && *a->means && a->source && *a->source);
		assert_true(a->sides != 0);
		assert_true(!a->mechanism || mechanism_find(a->mechanism));
		assert_true(a->ranges[0].first > 0);
		for (range = a->ranges; range->first > 0; range++)
			assert_true(range->mended == 0 ||
				    range->mended > range->first);
		for (j = 0; j < i; j++)
			assert_false(
				strcmp(advisories[j].check, a->check) == 0 &&
				(!a->id || !advisories[j].id ||
				 strcmp(advisories[j].id, a->id) == 0));
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(old_minor_releases_export_no_whole_snapshots),
		cmocka_unit_test(the_end_of_a_range_is_mended),
		cmocka_unit_test(
			a_major_version_may_have_no_release_that_mends_it),
		cmocka_unit_test(
			a_client_program_matters_beside_some_servers_only),
		cmocka_unit_test(pglogical_counts_in_another_way),
		cmocka_unit_test(
			every_row_says_what_it_means_and_where_that_stands),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
