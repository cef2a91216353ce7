#!/usr/bin/env bash
# SPDX-License-Identifier: PostgreSQL
#
# The demonstration behind "./bootstrap demo": two throw-away clusters on
# loopback (13 and 17), the old one in use and not ready for an upgrade.
#
#	tests/demo.sh		on a terminal the dashboard on both, which can be
#				left and come back to; without one the whole
#				journey by commands, and nothing is left
#	tests/demo.sh end	stops and removes what the dashboard has left
set -euo pipefail
cd "$(dirname "$0")/.."

pgrepup=$(realpath "${PGREPUP:-build/pgrepup}")
pgclusters=$PWD/tests/pgclusters
binaries=${PGCLUSTERS_HOME:-${TMPDIR:-/var/tmp}/pgclusters}/pg
kept=${TMPDIR:-/var/tmp}/pgrepup-demo-$(id -u)
# What the caller's libpq and pgrepup were told must not reach these.
unset XDG_RUNTIME_DIR PGREPUP_CONFIG "${!PG@}"

use_folder() {
	top=$1
	export HOME=$top/home XDG_STATE_HOME=$top/home/state
	export PGCLUSTERS_HOME=$top/clusters PGCLUSTERS_PASSWORD=secret
}

make_folder() {
	chmod 755 "$top"
	mkdir -p "$HOME" "$top/tmp" "$PGCLUSTERS_HOME/data"
	ln -s "$binaries" "$PGCLUSTERS_HOME/pg"
}

remove_all() {
	stop_writer
	# ^C may come before there is a cluster, or while one starts: the
	# folder must go in any case.
	"$pgclusters" destroy all >/dev/null 2>&1 || true
	rm -rf "$top"
}

cleanup() {
	trap - EXIT INT TERM HUP
	remove_all
}

clean_up_at_end() {
	trap cleanup EXIT
	trap 'exit 130' INT
	trap 'exit 143' TERM HUP
}

say() { printf '\n== %s\n' "$*"; }

# Shows a command as one would type it, and runs it.
run() {
	local want=$1
	shift
	printf '\n$ pgrepup'
	printf ' %q' "$@"
	printf '\n'
	local rc=0
	"$pgrepup" "$@" || rc=$?
	if [ "$rc" != "$want" ]; then
		say "unexpected exit status $rc (expected $want)"
		exit 1
	fi
}

psql_in() { "$pgclusters" psql "$1" -q -v ON_ERROR_STOP=1 -d "${@:2}"; }

start_clusters() {
	say "Making two clusters: PostgreSQL 13 (the old one) and 17 (new)"
	"$pgclusters" start 13-old --bare
	"$pgclusters" start 17-new --bare
	# The old server lets in postgres alone: the replication role may not.
	local hba
	hba=$(psql_in 13-old postgres -Atc 'SHOW hba_file')
	sed -i 's/^host  *all  *all /host all postgres /' "$hba"
	psql_in 13-old postgres -Atc 'SELECT pg_reload_conf()' >/dev/null
}

fill() {
	say "Filling three databases"
	psql_in 13-old postgres <<-'SQL'
		CREATE ROLE shopkeeper LOGIN PASSWORD 'till';
		CREATE ROLE readers;
		GRANT readers TO shopkeeper;
		CREATE DATABASE shop OWNER shopkeeper;
		CREATE DATABASE stock OWNER shopkeeper;
		CREATE DATABASE blog;
	SQL
	psql_in 13-old shop <<-'SQL'
		SET ROLE shopkeeper;
		CREATE TABLE customer (id serial PRIMARY KEY, name text NOT NULL);
		CREATE TABLE orders (id bigserial PRIMARY KEY,
		    customer_id int NOT NULL REFERENCES customer,
		    placed timestamptz DEFAULT now(), total numeric(10,2));
		CREATE INDEX ON orders (placed);
		CREATE TABLE visit (at timestamptz DEFAULT now(), page text);
		INSERT INTO customer (name)
		    SELECT 'customer ' || g FROM generate_series(1, 20000) g;
		INSERT INTO orders (customer_id, total)
		    SELECT 1 + g % 20000, g % 1000 FROM generate_series(1, 200000) g;
		INSERT INTO visit (page)
		    SELECT '/item/' || g FROM generate_series(1, 50000) g;
		GRANT SELECT ON ALL TABLES IN SCHEMA public TO readers;
	SQL
	psql_in 13-old stock <<-'SQL'
		SET ROLE shopkeeper;
		CREATE TABLE item (sku text NOT NULL UNIQUE, stock int);
		INSERT INTO item
		    SELECT 'sku-' || g, g % 50 FROM generate_series(1, 100000) g;
		CREATE SEQUENCE batch START 1000;
		SELECT nextval('batch') \g /dev/null
	SQL
	psql_in 13-old blog <<-'SQL'
		CREATE TABLE post (id int GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
		    title text, body text);
		INSERT INTO post (title, body)
		    SELECT 'post ' || g, repeat('words ', 50)
		    FROM generate_series(1, 30000) g;
	SQL
}

# The application: it goes on through everything but the restart.
write_for_ever() {
	while :; do
		while sleep 0.05; do
			echo "INSERT INTO orders (customer_id, total)
			          VALUES (1 + (random() * 19999)::int, 42);
			      UPDATE customer SET name = name || '.'
			       WHERE id = 1 + (random() * 19999)::int;
			      INSERT INTO visit (page) VALUES ('/now');"
		done | psql_in 13-old shop >/dev/null 2>&1 || sleep 0.2
	done
}
start_writer() {
	say "An application starts to write to database shop"
	set -m
	write_for_ever </dev/null >/dev/null 2>&1 &
	echo $! >"$top/writer"
	set +m
}
# It may be a child of an earlier run of this script, or gone after a reboot,
# when its number is somebody else's.
has_writer() {
	local pid
	pid=$(cat "$top/writer" 2>/dev/null) &&
		grep -qs demo.sh "/proc/$pid/cmdline"
}
stop_writer() {
	local i
	has_writer || return 0
	# it may have ended by itself between the look and the kill
	kill -- "-$(cat "$top/writer")" 2>/dev/null || true
	for ((i = 0; i < 50; i++)); do
		has_writer || break
		sleep 0.1
	done
	rm -f "$top/writer"
}

configure() {
	say "The configuration (\"pgrepup config\" asks for the same)"
	local side cluster
	run 0 config set security.encrypt=no tmp_dir="$top/tmp" \
		bin_dir="$("$pgclusters" bindir 17)"
	for side in source destination; do
		[ $side = source ] && cluster=13-old || cluster=17-new
		run 0 config set $side.host=127.0.0.1 \
			$side.port="$(cat "$PGCLUSTERS_HOME/data/$cluster/port")" \
			$side.user=postgres
		printf '\n$ pgrepup config set %s.password=-\n' $side
		echo secret | "$pgrepup" config set "$side.password=-"
	done
	run 0 config test
}

restart_both() {
	say "Some settings need a restart of both servers: that is yours to do"
	restart_servers
}

count_rows() {	# CLUSTER
	local db
	for db in shop stock blog; do
		psql_in "$1" $db -At <<-'SQL'
			SELECT format('SELECT %L || count(*) FROM %I.%I',
			    current_database() || '.' || relname || ' ', nspname, relname)
			FROM pg_class c JOIN pg_namespace n ON n.oid = relnamespace
			WHERE relkind = 'r' AND nspname = 'public' ORDER BY relname \gexec
		SQL
	done
}

compare() {
	say "Rows on both sides"
	diff <(count_rows 13-old) <(count_rows 17-new)
	count_rows 17-new
	say "Equal"
}

prepare() {
	make_folder
	start_clusters
	fill
	start_writer
	configure
}

walk() {
	use_folder "$(mktemp -d "${TMPDIR:-/var/tmp}/pgrepup-demo-XXXXXX")"
	clean_up_at_end
	prepare
	say "Is everything ready? Not yet"
	run 1 check
	say "pgrepup can fix that; on a terminal it asks for each"
	run 0 fix --yes
	restart_both
	run 0 fix --yes
	run 0 check
	run 0 setup
	run 0 start
	run 0 status
	say "The application is stopped: time to hand over"
	stop_writer
	run 0 stop --yes
	compare
	run 0 uninstall --yes
	say "Done. Both clusters are now as they were," \
		"but for the data of the new one."
}

# --- the dashboard -----------------------------------------------------------

explain() {
	say "Ready: PostgreSQL 13 with three databases, one of them written to,"
	cat <<-'TEXT'
		   and an empty PostgreSQL 17. The dashboard opens on the checks:
		     F fixes what can be fixed. Some settings then need a restart of
		       both servers: q leaves the dashboard, and r here does that.
		     3 ! sets up, 4 ! starts; on 4 you see it replicate.
		     X there stops. It wants the source's databases unused: q, and a
		       here stops the application.
		     6 ! uninstalls. Both want the upgrade's name typed: pgrepup.
		     w writes a report. ? shows all keys.
	TEXT
}

show_menu() {
	local application=stop
	has_writer || application=start
	say "The clusters run on, and so does an operation that was begun."
	cat <<-TEXT
		   Enter  back to the dashboard
		   r      restart both servers first
		   a      $application the application first
		   e      end: stop both servers and remove everything
		   q      leave it: "./bootstrap demo" comes back to it,
		          "./bootstrap demo-end" removes it
	TEXT
}

restart_servers() {
	"$pgclusters" restart 13-old
	"$pgclusters" restart 17-new
}

toggle_writer() {
	if has_writer; then
		stop_writer
		say "The application has stopped"
	else
		start_writer
	fi
}

open_dashboard() {
	local word
	while :; do
		"$pgrepup" || say "The dashboard ended with status $?"
		show_menu
		read -r -p '   ? ' word || word=q
		case $word in
		r) restart_servers ;;
		a) toggle_writer ;;
		e) remove_all; say "Everything is removed"; return ;;
		q) return ;;
		esac
	done
}

# Servers that a reboot has ended start again; the folder has everything.
come_back() {
	[ -O "$top" ] && [ ! -L "$top" ] || {
		say "$top is not yours: remove it"
		exit 1
	}
	say "The clusters of before, in $top"
	"$pgclusters" start 13-old
	"$pgclusters" start 17-new
}

show_dashboard() {
	use_folder "$kept"
	if [ -e "$top/ready" ]; then
		come_back
	else
		rm -rf "$top"
		mkdir "$top"
		clean_up_at_end
		prepare
		touch "$top/ready"
		trap - EXIT INT TERM HUP
	fi
	explain
	read -r -p '   Enter opens it ' _ || return 0
	open_dashboard
}

end_kept() {
	use_folder "$kept"
	[ -e "$top" ] || { say "There is none"; return; }
	remove_all
	say "Everything is removed"
}

if [ "${1:-}" = end ]; then
	end_kept
elif [ -t 0 ] && [ -t 1 ] && [ "${TERM:-dumb}" != dumb ]; then
	show_dashboard
else
	walk
fi
