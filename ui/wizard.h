/* SPDX-License-Identifier: PostgreSQL */
/*
 * The wizard of the screen Config: pages of fields for a configuration, new or
 * existing, with a live test of what they say. It works on a conf of its own,
 * and writes nothing before it is told to save at the page Review.
 */
#ifndef PGREPUP_WIZARD_H
#define PGREPUP_WIZARD_H

#include <sys/stat.h>

#include "app.h"
#include "entry.h"
#include "probe.h"
#include "record.h"

#define WIZARD_FIELDS 16 /* of one page, at most */

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

/* Fields of the pages Source and Destination. */
enum side_field {
	SIDE_WAY,
	SIDE_HOST,
	SIDE_SERVICE,
	SIDE_URI,
	SIDE_PORT,
	SIDE_DBNAME,
	SIDE_USER,
	SIDE_PASSWORD_WAY,
	SIDE_PASSWORD,
	SIDE_SSLMODE,
	SIDE_SSLROOTCERT,
	SIDE_OTHER,
	SIDE_SEEN_HOST,
	SIDE_SEEN_PORT,
};

enum field_kind {
	FIELD_TEXT,
	FIELD_SECRET,
	FIELD_CHOICE,
	FIELD_WAY,	    /* which fields a side has */
	FIELD_URI,	    /* the connection as a whole */
	FIELD_PASSWORD_WAY, /* where the password comes from */
	FIELD_OTHER,	    /* keywords without a field of their own */
	FIELD_ENCRYPT,	    /* a choice that is taken when it is saved */
	FIELD_PASSPHRASE,   /* no setting */
};

/* In which "Connect by" a field is seen; the order of its choices. */
#define WAY_FIELDS 1u
#define WAY_SERVICE 2u
#define WAY_URI 4u

struct field_row {
	const char *key; /* of a side: without its name; NULL: no setting */
	const char *label;
	const char *preset; /* in a new configuration */
	enum field_kind kind;
	const char *const *choices;
	const char *help; /* NULL: what the setting's documentation says */
	const char *variable; /* that fills it in a new configuration */
	unsigned ways;	  /* 0: all */
	bool beside;	  /* on the line of the field before it */
};

struct page_row {
	const char *title;   /* in the list of pages */
	const char *heading; /* over the fields */
	enum side side;
	bool is_tested;
	enum probe_kind test;
	const struct field_row *fields;
	int n;
};

extern const struct page_row wizard_pages[PAGE_COUNT];

struct value {
	struct entry entry;
	bool touched;  /* typed since it was read */
	bool half;     /* typed since the field was entered */
	bool stored;   /* a secret that is there */
	bool proposed; /* by the wizard, which may propose another */
	const char *from; /* the variable that filled it; NULL: none */
	char *problem; /* why it was not taken */
};

/* The last test of a page. */
struct page_test {
	struct record_list said;
	bool done;
	bool stale; /* a field was changed since: it says nothing any more */
};

struct wizard {
	struct conf *conf;
	bool is_new; /* or taken over from a file of the Python pgrepup */
	bool there;  /* a file that is replaced */
	bool changed;
	struct stat file; /* as it was read */
	int page;
	int field; /* behind the fields of Databases: its list */
	int top;   /* first line of fields that is seen */
	int list_top;
	int scroll; /* of Review */
	struct value values[PAGE_COUNT][WIZARD_FIELDS];
	struct page_test tests[PAGE_COUNT];
	double typed_at; /* 0: nothing to test */
	bool untested;	 /* not wholly, since a field is being typed in */
	struct secret *kept[2]; /* stored passwords, set aside; or NULL */
	struct secret *saved[2]; /* passwords in the file; or NULL */
	/* the test that runs */
	int testing;
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

/* --- between its files: wizard_value.c ------------------------------------ */

/* "source.host"; NULL for what is no setting. The caller frees it. */
char *wizard_key(int page, int field);
/* NULL where the cursor is on no field. */
struct value *wizard_value(struct wizard *w);
const struct field_row *wizard_row(const struct wizard *w);
/* Is the field one of those to see now? */
bool wizard_shows(const struct wizard *w, int page, int field);
/* Reads the fields of a page from conf. */
void wizard_read_page(struct wizard *w, int page);
/* Gives a field to conf; false: problem says why not. */
bool wizard_apply(struct wizard *w, int page, int field);
bool wizard_apply_page(struct wizard *w, int page);
/* Says in the message line why a field of the page was not taken. */
void wizard_say_problem(struct app *app, const struct wizard *w, int page);
void wizard_choose(struct wizard *w, int step);

/* --- wizard_side.c: fields that are no single setting --------------------- */

bool wizard_is_way(const struct wizard *w, int page, unsigned way);
/* The choice of FIELD_PASSWORD_WAY as a word. */
const char *wizard_password_way(const struct wizard *w, int page);
void wizard_read_side(struct wizard *w, int page, int field);
bool wizard_apply_side(struct wizard *w, int page, int field,
		       struct err *err);
/* Proposes verify-full where the server is another machine. */
void wizard_propose_ssl(struct wizard *w, int page);
/* What is known of the pgpass file for that page; NULL: nothing to say. */
char *wizard_pgpass(const struct wizard *w, int page);

/* --- wizard_probe.c ------------------------------------------------------- */

enum test_how {
	TEST_BY_PAUSE, /* what is being typed is not tried */
	TEST_WHOLE,
};

void wizard_test(struct app *app, struct wizard *w, enum test_how how);
void wizard_test_end(struct wizard *w);
/* Once in a while: the end of the child leaves no zombie. */
void wizard_test_look(struct wizard *w);
/* What the test of a page has said of a stage; NULL: nothing. */
const struct record *wizard_said(const struct wizard *w, int page,
				 const char *id);
bool wizard_is_testing(const struct wizard *w, int page);

/* --- wizard_list.c: the databases of the source --------------------------- */

int wizard_list_count(const struct wizard *w);
/* Takes the database under the cursor in or out. */
void wizard_list_toggle(struct app *app, struct wizard *w);
void wizard_list_draw(struct wizard *w, const struct canvas *c);

/* --- wizard_test_draw.c, wizard_review.c ---------------------------------- */

/* "ok", "ko", "run"; NULL: nothing known. */
const char *wizard_page_state(const struct wizard *w, int page);
void wizard_test_draw(struct wizard *w, const struct canvas *c);
void wizard_review_draw(struct wizard *w, const struct canvas *c);
/* The file as it will be, from a line on; how many lines it has. */
int wizard_file_draw(struct wizard *w, const struct canvas *c, int from);
/* Text over as many lines as there are; returns the next free one. */
int wizard_wrap(const struct canvas *c, int y, int x, const char *text);

/* Everything into the file; false: it was said why not. */
bool wizard_save(struct app *app, struct wizard *w);

#endif
