/* SPDX-License-Identifier: PostgreSQL */
/* The end of the wizard: everything is looked at again, then written. */
#include <errno.h>
#include <string.h>

#include "mem.h"
#include "wizard.h"

static bool
fail_at(struct app *app, struct wizard *w, int page, int field,
	const char *message)
{
	w->page = page;
	w->field = field;
	app_say(app, "%s", message);
	return false;
}

static bool
apply_all(struct app *app, struct wizard *w)
{
	int page, field;

	for (page = 0; page < PAGE_COUNT; page++) {
		for (field = 0; field < wizard_pages[page].n; field++) {
			if (wizard_apply(w, page, field))
				continue;
			return fail_at(app, w, page, field,
				       w->values[page][field].problem);
		}
	}
	return true;
}

/* What is kept nowhere must be typed for the dashboard that goes on. */
static bool
has_asked_password(struct app *app, struct wizard *w, int page)
{
	const struct endpoint *ep =
		conf_endpoint(w->conf, wizard_pages[page].side);

	return !ep->ask_password || ep->password ||
	       fail_at(app, w, page, SIDE_PASSWORD,
		       "Type the password for this session; it is kept "
		       "nowhere.");
}

static bool
seal(struct app *app, struct wizard *w, struct err *err)
{
	struct value *v = w->values[PAGE_SECRETS];
	const char *one = entry_text(&v[1].entry);
	const char *two = entry_text(&v[2].entry);
	struct secret *passphrase;
	bool ok;

	if (strcmp(one, two) != 0)
		return fail_at(app, w, PAGE_SECRETS, 2,
			       "The two passphrases differ.");
	if (!*one && conf_is_sealed(w->conf))
		return true;
	if (!*one)
		return fail_at(app, w, PAGE_SECRETS, 1,
			       "Sealing needs a passphrase (or choose no).");
	passphrase = secret_new(one, strlen(one));
	ok = conf_seal(w->conf, passphrase, err);
	secret_free(passphrase);
	if (!ok)
		fail_at(app, w, PAGE_SECRETS, 1, err->message);
	return ok;
}

static bool
apply_secrets(struct app *app, struct wizard *w, struct err *err)
{
	const char *yes = entry_text(&w->values[PAGE_SECRETS][0].entry);

	if (strcmp(yes, "yes") == 0)
		return seal(app, w, err);
	if (conf_set(w->conf, "security.encrypt", "no", err))
		return true;
	return fail_at(app, w, PAGE_SECRETS, 0, err->message);
}

/* A check only reads; others may write the file, or live by it. */
static bool
is_in_use(const struct app *app)
{
	const char *command = app->model ? model_command(app->model) : NULL;

	return app->model && model_runner(app->model) > 0 &&
	       !(command && strcmp(command, "check") == 0);
}

/* Somebody else may have written it, a setup for one. */
static bool
is_as_read(struct app *app, const struct wizard *w)
{
	struct stat now;
	bool there = stat(w->conf->path, &now) == 0;

	if (is_in_use(app)) {
		app_say(app, "An operation runs with this configuration: "
			     "save when it has ended.");
		return false;
	}
	if (there != w->there ||
	    (there && (now.st_ino != w->file.st_ino ||
		       now.st_mtim.tv_sec != w->file.st_mtim.tv_sec ||
		       now.st_mtim.tv_nsec != w->file.st_mtim.tv_nsec))) {
		app_say(app, "The file has been changed by somebody else: "
			     "leave with Esc and begin again.");
		return false;
	}
	return true;
}

bool
wizard_save(struct app *app, struct wizard *w)
{
	struct err err = ERR_INIT;
	bool ok;

	if (app->cli->dry_run) {
		app_say(app, "Not saved (--dry-run).");
		return false;
	}
	ok = apply_all(app, w) && is_as_read(app, w) &&
	     has_asked_password(app, w, PAGE_SOURCE) &&
	     has_asked_password(app, w, PAGE_DESTINATION) &&
	     apply_secrets(app, w, &err);
	if (ok) {
		ok = conf_save(w->conf, &err);
		if (!ok)
			app_say_err(app, &err);
	}
	err_release(&err);
	return ok;
}
