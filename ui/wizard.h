/* SPDX-License-Identifier: PostgreSQL */
/*
 * The wizard of the screen Config: pages of fields for a configuration, new or
 * existing, with a live test of both connections. It works on a conf of its
 * own, and writes nothing before it is told to save at the page Review.
 */
#ifndef PGREPUP_WIZARD_H
#define PGREPUP_WIZARD_H

#include <sys/stat.h>

#include "app.h"
#include "entry.h"
#include "record.h"

#define WIZARD_FIELDS 10 /* of one page, at most */

enum wizard_page {
	PAGE_NAME,
	PAGE_SOURCE,
	PAGE_DESTINATION,
	PAGE_DATABASES,
	PAGE_FILES,
	PAGE_SECRETS,
	PAGE_REVIEW,
	PAGE_COUNT,
};

enum field_kind {
	FIELD_TEXT,
	FIELD_SECRET,
	FIELD_CHOICE,
	FIELD_ENCRYPT,	  /* a choice that is taken when it is saved */
	FIELD_PASSPHRASE, /* no setting */
};

struct field_row {
	const char *key; /* of a side: without its name; NULL: no setting */
	const char *label;
	const char *preset; /* in a new configuration */
	enum field_kind kind;
	const char *const *choices;
	const char *help; /* NULL: what the setting's documentation says */
};

struct page_row {
	const char *title;   /* in the list of pages */
	const char *heading; /* over the fields */
	enum side side;
	const struct field_row *fields;
	int n;
};

extern const struct page_row wizard_pages[PAGE_COUNT];

struct value {
	struct entry entry;
	bool touched;  /* typed since it was read */
	bool stored;   /* a secret that is there */
	char *problem; /* why it was not taken */
};

/* The last test of one side. */
struct side_test {
	struct record_list stages;
	bool done;
};

struct wizard {
	struct conf *conf;
	bool is_new;
	bool changed;
	struct stat file; /* as it was read */
	int page;
	int field;
	int top; /* first field that is seen */
	int scroll; /* of Review */
	struct value values[PAGE_COUNT][WIZARD_FIELDS];
	struct side_test tests[2];
	double typed_at; /* 0: nothing to test */
	/* the test that runs */
	enum side testing;
	pid_t child;
	int fd;
	struct loop_source *answers; /* of fd; NULL: none */
	struct app *app;
	struct strbuf pending;
};

enum wizard_end {
	WIZARD_STAYS,
	WIZARD_PASSES, /* the event is for the app */
	WIZARD_LEAVES, /* asks first when it has changes */
	WIZARD_SAVED,
};

/* NULL and err when there is a file that cannot be read or opened. */
struct wizard *wizard_new(struct app *app, struct err *err);
void wizard_free(struct wizard *w);
enum wizard_end wizard_event(struct app *app, struct wizard *w,
			     const struct event *event);
bool wizard_tick(struct app *app, struct wizard *w);
void wizard_draw(struct app *app, struct wizard *w, const struct canvas *c);

/* --- between its files ---------------------------------------------------- */

/* "source.host"; NULL for what is no setting. The caller frees it. */
char *wizard_key(int page, int field);
struct value *wizard_value(struct wizard *w);
const struct field_row *wizard_row(const struct wizard *w);
/* Reads the fields of a page from conf. */
void wizard_read_page(struct wizard *w, int page);
/* Gives a field to conf; false: problem says why not. */
bool wizard_apply(struct wizard *w, int page, int field);
bool wizard_apply_page(struct wizard *w, int page);
/* Says in the message line why a field of the page was not taken. */
void wizard_say_problem(struct app *app, const struct wizard *w, int page);
void wizard_choose(struct wizard *w, int step);

void wizard_test(struct app *app, struct wizard *w);
void wizard_test_end(struct wizard *w);
/* Once in a while: the end of the child leaves no zombie. */
void wizard_test_look(struct wizard *w);
struct side_test *wizard_test_of(struct wizard *w, enum side side);

/* Everything into the file; false: it was said why not. */
bool wizard_save(struct app *app, struct wizard *w);

#endif
