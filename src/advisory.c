/* SPDX-License-Identifier: PostgreSQL */
/* The table of advisories, and which releases each concerns. */
#include "advisory.h"

#include "mem.h"

const struct advisory advisories[] = {
#include "advisories.def"
};
const size_t n_advisories = LENGTH_OF(advisories);

static const struct release_range *
find_range(const struct release_range *ranges, int version)
{
	size_t i;

	for (i = 0; i < ADVISORY_RANGES && ranges[i].first > 0; i++)
		if (version >= ranges[i].first &&
		    (ranges[i].mended == 0 || version < ranges[i].mended))
			return &ranges[i];
	return NULL;
}

const struct release_range *
advisory_find(const struct advisory *advisory, int version, int beside)
{
	if (advisory->beside[0].first > 0 &&
	    !find_range(advisory->beside, beside))
		return NULL;
	return find_range(advisory->ranges, version);
}

void
advisory_release(const struct advisory *advisory, int version,
		 struct strbuf *text)
{
	if (advisory->of == ADVISORY_PGLOGICAL || version < 100000)
		strbuf_addf(text, "%d.%d.%d", version / 10000,
			    version / 100 % 100, version % 100);
	else
		strbuf_addf(text, "%d.%d", version / 10000, version % 10000);
}

const struct advisory *
advisory_refuses_client(int version)
{
	const struct advisory *a;
	size_t i;

	for (i = 0; i < n_advisories; i++) {
		a = &advisories[i];
		if (a->of == ADVISORY_CLIENT && a->status == CHECK_KO &&
		    find_range(a->ranges, version))
			return a;
	}
	return NULL;
}

/* What makes a major version: 9.6, 10; of pglogical 2. */
static int
major_of(const struct advisory *advisory, int version)
{
	if (advisory->of != ADVISORY_PGLOGICAL && version < 100000)
		return version / 100;
	return version / 10000;
}

void
advisory_needed(const struct advisory *advisory, int version,
		const struct release_range *range, struct strbuf *text)
{
	if (range->mended == 0)
		return;
	advisory_release(advisory, range->mended, text);
	strbuf_add(text, " or later");
	if (major_of(advisory, version) != major_of(advisory, range->mended))
		strbuf_add(text, ", none of its major version");
}
