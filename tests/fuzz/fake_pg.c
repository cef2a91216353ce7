/* SPDX-License-Identifier: PostgreSQL */
/* Servers without a server: all of pg.h. */
#include "fake_pg.h"

#include <ctype.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "fuzz.h"
#include "mem.h"
#include "pg.h"
#include "pg_copy.h"
#include "sqlcat.h"

#define COLUMNS_MOST 64
#define FAR 40000 /* versions between the two */

struct pg {
	enum side side;
	char *dbname;
	bool in_transaction;
};

static const char *const odd[] = {
	NULL, "", "t", "f", "0", "1", "-1", "9223372036854775807",
	"-9223372036854775808", "99999999999999999999", "0/0",
	"FFFFFFFF/FFFFFFFF", "16/B374D848", "{}", "{a,NULL,\"b\"}", "{{", "on",
	"logical", "app", "a.b", "\n", "\033[2J", "\377", "%s%n", "\"", "13.1",
};

static const char *text; /* the input; lines */

/* --- the input ------------------------------------------------------------ */

static uint64_t
hash(uint64_t h, const char *word, size_t n)
{
	size_t i;

	for (i = 0; i < n; i++)
		h = (h ^ (unsigned char)word[i]) * UINT64_C(1099511628211);
	return h ^ h >> 29;
}

/* The n-th line that begins with that; *length of what follows, or NULL. */
static const char *
find_line(const char *begin, size_t n_begin, size_t *length)
{
	const char *line = text;

	for (; line && *line; line += *length + (line[*length] == '\n')) {
		*length = strcspn(line, "\n");
		if (*length >= n_begin && strncmp(line, begin, n_begin) == 0) {
			*length -= n_begin;
			return line + n_begin;
		}
	}
	return NULL;
}

static const char *
value_of(const char *name, size_t *length)
{
	char *begin = mem_printf("%s=", name);
	const char *value = find_line(begin, strlen(begin), length);

	free(begin);
	return value;
}

/* Any line, or something odd. */
static char *
any_value(uint64_t h)
{
	const char *line = text ? text : "";
	size_t n = strlen(line), at, length;

	if (h % 3 != 0 || n == 0)
		return mem_strdup(odd[h / 3 % LENGTH_OF(odd)]);
	at = h / 3 % n;
	while (at > 0 && line[at - 1] != '\n')
		at--;
	length = strcspn(line + at, "\n");
	return mem_strndup(line + at, length);
}

static char *
make_value(const char *column, uint64_t h)
{
	size_t n;
	const char *value = value_of(column, &n);

	if (!value)
		return any_value(hash(h, column, strlen(column)));
	return n == 1 && *value == '?' ? NULL : mem_strndup(value, n);
}

/* --- an answer ------------------------------------------------------------ */

/* As data/sql says, "name, owner?". */
static void
make_columns(struct rowset *rows, const char *columns, bool *may_be_null)
{
	size_t n;

	rows->columns = MEM_ARRAY(char *, COLUMNS_MOST);
	while (*columns && rows->n_columns < COLUMNS_MOST) {
		n = strcspn(columns, ",?");
		may_be_null[rows->n_columns] = columns[n] == '?';
		rows->columns[rows->n_columns++] = mem_strndup(columns, n);
		columns += n;
		columns += strspn(columns, "?, ");
	}
}

/* What may not be null is so only when the input wants it. */
static void
make_rows(struct rowset *rows, const struct sqlcat_entry *statement, uint64_t h)
{
	bool may_be_null[COLUMNS_MOST] = {false};
	size_t i, c, n;
	const char *given = value_of("rows", &n);
	char *value;

	make_columns(rows, statement->columns, may_be_null);
	rows->n_rows = given && n > 0 && isdigit((unsigned char)*given)
			       ? (size_t)(*given - '0')
		       : statement->one_row ? 1
					    : h % 4;
	rows->values = MEM_ARRAY(char *, rows->n_rows * rows->n_columns + 1);
	for (i = 0; i < rows->n_rows; i++) {
		for (c = 0; c < rows->n_columns; c++) {
			h = hash(h, "row", i + 1 > 3 ? 3 : i + 1);
			value = make_value(rows->columns[c], h);
			if (!value && !may_be_null[c] &&
			    !value_of(rows->columns[c], &n))
				value = mem_strdup("");
			rows->values[i * rows->n_columns + c] = value;
		}
	}
}

static bool
fails(const char *name)
{
	char *begin = mem_printf("fail=%s", name);
	size_t n;
	bool yes = find_line(begin, strlen(begin), &n) && n == 0;

	free(begin);
	return yes;
}

static bool
answer(struct pg *pg, const struct sqlcat_entry *statement, struct rowset *rows,
       struct err *err)
{
	const char *sql = statement->text;
	uint64_t h = hash(UINT64_C(14695981039346656037), sql, strlen(sql));

	h = hash(h, text ? text : "", text ? strlen(text) : 0);
	h = hash(h, side_name(pg->side), 3);
	if (fails(statement->name)) {
		err_set(err, ERR_SERVER, "no");
		return false;
	}
	if (!rows)
		return true;
	rowset_release(rows);
	make_rows(rows, statement, h);
	return true;
}

/* What is no statement of the catalog. */
static bool
answer_text(struct pg *pg, const char *name, const char *sql,
	    struct rowset *rows, struct err *err)
{
	const struct sqlcat_entry statement = {
		.name = name, .text = sql, .columns = "schema?, name?, value?"};

	return answer(pg, &statement, rows, err);
}

void
fake_pg_answer(const char *of)
{
	text = of;
}

/* --- pg.h ----------------------------------------------------------------- */

struct pg *
pg_connect(const struct endpoint *ep, const struct pg_options *opts,
	   struct err *err)
{
	struct pg *pg;

	if (fails("connect")) {
		err_set(err, ERR_CONNECT, "nobody there");
		return NULL;
	}
	pg = MEM_NEW(struct pg);
	pg->side = ep->side;
	pg->dbname = mem_strdup(opts->dbname ? opts->dbname : "postgres");
	return pg;
}

bool
pg_answers(const struct endpoint *ep)
{
	(void)ep;
	return true;
}

void
pg_close(struct pg *pg)
{
	if (!pg)
		return;
	free(pg->dbname);
	free(pg);
}

int
pg_version(const struct pg *pg)
{
	size_t n;
	const char *value = value_of("version", &n);
	long version = value ? strtol(value, NULL, 10) : 0;

	if (version < PG_VERSION_OLDEST || version > PG_VERSION_BEYOND)
		version = 130001;
	return (int)version + (pg->side == SIDE_DESTINATION ? FAR : 0);
}

enum side
pg_side(const struct pg *pg)
{
	return pg->side;
}

const char *
pg_dbname(const struct pg *pg)
{
	return pg->dbname;
}

const char *
pg_user(const struct pg *pg)
{
	(void)pg;
	return "pgrepup";
}

int
pg_backend_pid(const struct pg *pg)
{
	(void)pg;
	return 4711;
}

bool
pg_used_password(const struct pg *pg)
{
	(void)pg;
	return true;
}

const char *
pg_ssl(const struct pg *pg)
{
	(void)pg;
	return "";
}

const char *
pg_address(const struct pg *pg)
{
	(void)pg;
	return "10.0.0.7";
}

char *
pg_option(const struct pg *pg, const char *keyword)
{
	(void)pg;
	(void)keyword;
	return NULL;
}

const char *
pg_parameter(const struct pg *pg, const char *name)
{
	(void)pg;
	(void)name;
	return "on";
}

bool
pg_is_alive(const struct pg *pg)
{
	return pg != NULL;
}

bool
pg_in_transaction(const struct pg *pg)
{
	return pg->in_transaction;
}

double
pg_set_timeout(struct pg *pg, double seconds)
{
	(void)pg;
	return seconds;
}

const struct interrupt *
pg_set_interrupt(struct pg *pg, const struct interrupt *in)
{
	(void)pg;
	return in;
}

void
pg_on_notice(struct pg *pg, pg_notice_fn fn, void *arg)
{
	(void)pg;
	(void)fn;
	(void)arg;
}

bool
pg_run(struct pg *pg, const char *sql, struct rowset *rows, struct err *err)
{
	return answer_text(pg, "run", sql, rows, err);
}

bool
pg_query(struct pg *pg, const char *sql, struct pg_bind bind,
	 struct rowset *rows, struct err *err)
{
	(void)bind;
	return answer_text(pg, "query", sql, rows, err);
}

bool
pg_ask(struct pg *pg, const char *name, struct pg_bind bind,
       struct rowset *rows, struct err *err)
{
	const struct sqlcat_entry *statement =
		sqlcat_get(name, pg_version(pg));

	(void)bind;
	if (!statement) {
		err_set(err, ERR_SERVER, "no statement \"%s\"", name);
		return false;
	}
	/* as pg.c does */
	if (!answer(pg, statement, rows, err))
		return false;
	if (!rows || rowset_is(rows, statement->columns, err))
		return true;
	rowset_release(rows);
	return false;
}

char *
pg_ask_value(struct pg *pg, const char *name, struct pg_bind bind,
	     struct err *err)
{
	struct rowset rows = ROWSET_INIT;
	char *value = NULL;

	if (pg_ask(pg, name, bind, &rows, err) && rows.n_rows > 0)
		value = mem_strdup(rows.values[0]);
	rowset_release(&rows);
	return value;
}

bool
pg_copy_has_rows(struct pg *pg, const char *copy_out, bool *has,
		 struct err *err)
{
	struct rowset rows = ROWSET_INIT;
	bool ok = answer_text(pg, "copy", copy_out, &rows, err);

	*has = ok && rows.n_rows > 0;
	rowset_release(&rows);
	return ok;
}

bool
pg_begin(struct pg *pg, struct err *err)
{
	(void)err;
	pg->in_transaction = true;
	return true;
}

bool
pg_commit(struct pg *pg, struct err *err)
{
	(void)err;
	pg->in_transaction = false;
	return true;
}

void
pg_rollback(struct pg *pg)
{
	pg->in_transaction = false;
}

bool
pg_start(struct pg *pg, const char *sql, struct err *err)
{
	(void)pg;
	(void)sql;
	(void)err;
	return true;
}

bool
pg_wait(struct pg *pg, double seconds, bool *ready, struct err *err)
{
	(void)pg;
	(void)seconds;
	(void)err;
	*ready = true;
	return true;
}

bool
pg_finish(struct pg *pg, struct rowset *rows, struct err *err)
{
	return answer_text(pg, "finish", "", rows, err);
}

void
pg_cancel(struct pg *pg)
{
	(void)pg;
}

char *
pg_encrypt_password(struct pg *pg, const struct secret *password,
		    const char *role, struct err *err)
{
	(void)pg;
	(void)password;
	(void)role;
	(void)err;
	return mem_strdup("x");
}

bool
pg_parse_conninfo(const char *conninfo, struct endpoint *ep, struct err *err)
{
	(void)ep;
	err_set(err, ERR_CONFIG, "no: %s", conninfo);
	return false;
}

bool
pg_is_keyword(const char *keyword)
{
	return strcmp(keyword, "sslmode") == 0;
}

int
pg_library_version(void)
{
	return 150018;
}
