/* SPDX-License-Identifier: PostgreSQL */
/*
 * Drives a fuzz target where there is no libFuzzer: changes seeds at random,
 * without a look at what that reaches, so that the seeds must be near to what
 * matters. Understands those options of libFuzzer's that tests/run gives:
 *
 *	fuzz_NAME [-max_total_time=S] [-runs=N] [-seed=N] [-dict=FILE]
 *		  [-artifact_prefix=PREFIX] [SEED | FOLDER]...
 *
 * All inputs that are given are tried as they are, then changes of them until
 * the time is over or N of them were tried (0: none). The n-th change of a
 * seed number is always the same. A child tries them: what it was at when it
 * died, or was silent for too long, is written to a file that may be given as
 * an input.
 */
#include <dirent.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "fuzz.h"
#include "mem.h"

#define SIZE_MOST 8192
#define INPUT_SECONDS 20 /* for one, on a crowded machine */
#define CHANGES_MOST 6	 /* of one seed at once */

struct text {
	char *bytes;
	size_t n;
};

struct texts {
	struct text *items;
	size_t n, alloc;
};

/* What the child is at, for its parent to see. */
struct at {
	unsigned long long run; /* 0: an input as it is */
	size_t n;
	char bytes[SIZE_MOST];
};

struct options {
	double seconds;
	long long runs; /* -1: no limit */
	unsigned long long seed;
	const char *dict;
	const char *prefix;
};

static struct at *at;
static struct texts inputs, words;
static uint64_t state;

/* --- what there is -------------------------------------------------------- */

static void
add(struct texts *texts, const char *bytes, size_t n)
{
	struct text text = {.bytes = MEM_ARRAY(char, n + 1), .n = n};

	memcpy(text.bytes, bytes, n);
	MEM_GROW(texts->items, texts->n, texts->alloc);
	texts->items[texts->n++] = text;
}

static void
read_file(const char *path)
{
	char bytes[SIZE_MOST];
	FILE *file = fopen(path, "re");

	if (!file)
		fuzz_fail("no input \"%s\"", path);
	add(&inputs, bytes, fread(bytes, 1, sizeof(bytes), file));
	fclose(file);
}

/* In the order of their names, or runs would differ. */
static void
read_inputs(const char *path)
{
	struct dirent **entries;
	struct stat st;
	char *name;
	int i, n;

	if (stat(path, &st) != 0 || !S_ISDIR(st.st_mode)) {
		read_file(path);
		return;
	}
	n = scandir(path, &entries, NULL, alphasort);
	for (i = 0; i < n; i++) {
		name = mem_printf("%s/%s", path, entries[i]->d_name);
		if (entries[i]->d_name[0] != '.')
			read_file(name);
		free(name);
		free(entries[i]);
	}
	if (n >= 0)
		free(entries);
}

/* "WORD" with \xHH, \\ and \" in it, as libFuzzer reads it. */
static void
add_word(const char *line)
{
	char word[256], digits[3] = "";
	const char *c = strchr(line, '"');
	size_t n = 0;

	for (c = c ? c + 1 : ""; *c && *c != '"' && n < sizeof(word); c++) {
		if (*c != '\\') {
			word[n++] = *c;
		} else if (c[1] == 'x' && c[2] && c[3]) {
			memcpy(digits, c + 2, 2);
			word[n++] = (char)strtol(digits, NULL, 16);
			c += 3;
		} else if (c[1]) {
			word[n++] = *++c;
		}
	}
	if (n > 0)
		add(&words, word, n);
}

static void
read_words(const char *path)
{
	static const char *const always[] = {
		"-1", "0", "2147483648", "-9223372036854775808",
		"18446744073709551616", "1e999", "\"", "'", "\\", "\n", "\001",
	};
	char line[1024];
	FILE *file = path ? fopen(path, "re") : NULL;
	size_t i;

	for (i = 0; i < LENGTH_OF(always); i++)
		add(&words, always[i], strlen(always[i]));
	if (path && !file)
		fuzz_fail("no dictionary \"%s\"", path);
	while (file && fgets(line, sizeof(line), file))
		if (line[0] != '#')
			add_word(line);
	if (file)
		fclose(file);
}

/* --- changes -------------------------------------------------------------- */

/* xorshift64*; n is small. */
static size_t
pick(size_t n)
{
	state ^= state >> 12;
	state ^= state << 25;
	state ^= state >> 27;
	return n ? (size_t)((state * UINT64_C(2685821657736338717)) >> 33) % n
		 : 0;
}

static void
begin_at_random(unsigned long long seed, unsigned long long run)
{
	state = (seed + 1) * UINT64_C(0x9e3779b97f4a7c15) ^
		run * UINT64_C(0xbf58476d1ce4e5b9);
	state += state == 0;
	pick(1);
	pick(1);
}

/* Puts n bytes in the place of those from..to. */
static void
replace(size_t from, size_t to, const char *bytes, size_t n)
{
	size_t rest = at->n - to;

	if (n > SIZE_MOST - from)
		n = SIZE_MOST - from;
	if (rest > SIZE_MOST - from - n)
		rest = SIZE_MOST - from - n;
	memmove(at->bytes + from + n, at->bytes + to, rest);
	memcpy(at->bytes + from, bytes, n);
	at->n = from + n + rest;
}

static void
change_byte(size_t from, size_t to)
{
	char byte = (char)pick(256);

	replace(from, to > from ? from + 1 : from, &byte, 1);
}

static void
cut(size_t from, size_t to)
{
	replace(from, to, "", 0);
}

static void
cut_end(size_t from, size_t to)
{
	(void)to;
	at->n = from;
}

static void
insert_word(size_t from, size_t to)
{
	const struct text *word = &words.items[pick(words.n)];

	replace(from, pick(2) ? to : from, word->bytes, word->n);
}

static void
repeat(size_t from, size_t to)
{
	char copy[SIZE_MOST];

	memcpy(copy, at->bytes + from, to - from);
	replace(from, from, copy, to - from);
}

/* A piece of any input. */
static void
splice(size_t from, size_t to)
{
	const struct text *other = &inputs.items[pick(inputs.n)];
	size_t start = pick(other->n + 1);

	replace(from, to, other->bytes + start, pick(other->n - start + 1));
}

static void
flip(size_t from, size_t to)
{
	if (to > from)
		at->bytes[from] = (char)(at->bytes[from] ^ (1 << pick(8)));
}

static void
make_input(void)
{
	static void (*const changes[])(size_t from, size_t to) = {
		change_byte, cut,    cut_end, insert_word, insert_word,
		repeat,	     splice, flip,
	};
	const struct text *input = &inputs.items[pick(inputs.n)];
	size_t i, n = 1 + pick(CHANGES_MOST), from, most;

	memcpy(at->bytes, input->bytes, input->n);
	at->n = input->n;
	for (i = 0; i < n; i++) {
		from = pick(at->n + 1);
		/* Mostly small ones: what is around stays of use. */
		most = pick(4) && at->n - from > 16 ? 16 : at->n - from;
		changes[pick(LENGTH_OF(changes))](from, from + pick(most + 1));
	}
}

/* --- the child ------------------------------------------------------------ */

#ifdef __SANITIZE_ADDRESS__
/* Of its library; not every gcc comes with the headers. */
int __sanitizer_install_malloc_and_free_hooks(
	void (*taken)(const volatile void *p, size_t n),
	void (*freed)(const volatile void *p));
int __lsan_do_recoverable_leak_check(void);

static size_t n_taken, n_freed;

static void
count_taken(const volatile void *p, size_t n)
{
	(void)p;
	(void)n;
	__atomic_add_fetch(&n_taken, 1, __ATOMIC_RELAXED);
}

static void
count_freed(const volatile void *p)
{
	(void)p;
	__atomic_add_fetch(&n_freed, 1, __ATOMIC_RELAXED);
}

static void
watch_memory(void)
{
	__sanitizer_install_malloc_and_free_hooks(count_taken, count_freed);
}

/* Looking for what is lost is slow: only after an input that may have lost
 * something. */
static void
look_for_leaks(size_t kept)
{
	static int looks;

	if (n_taken - n_freed != kept && looks++ < 30 &&
	    __lsan_do_recoverable_leak_check())
		abort();
}

static size_t
count_kept(void)
{
	return n_taken - n_freed;
}
#else
static void
watch_memory(void)
{
}

static void
look_for_leaks(size_t kept)
{
	(void)kept;
}

static size_t
count_kept(void)
{
	return 0;
}
#endif

/* A copy of its exact size, so that one byte too far is seen. */
static void
try(void)
{
	uint8_t *copy = mem_zalloc(at->n ? at->n : 1, 1);
	size_t kept = count_kept();

	memcpy(copy, at->bytes, at->n);
	alarm(INPUT_SECONDS);
	LLVMFuzzerTestOneInput(copy, at->n);
	look_for_leaks(kept);
	alarm(0);
	free(copy);
}

static double
now(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

static void
try_all(const struct options *options)
{
	double end = now() + options->seconds;
	size_t i;

	watch_memory();
	for (i = 0; i < inputs.n; i++) {
		memcpy(at->bytes, inputs.items[i].bytes, inputs.items[i].n);
		at->n = inputs.items[i].n;
		try();
	}
	while (inputs.n > 0 && options->runs != (long long)at->run &&
	       now() < end) {
		at->run++;
		begin_at_random(options->seed, at->run);
		make_input();
		try();
	}
}

static _Noreturn void
be_child(const struct options *options)
{
	const struct rlimit none = {0, 0};

	setrlimit(RLIMIT_CORE, &none);
	prctl(PR_SET_PDEATHSIG, SIGKILL);
	try_all(options);
	exit(0);
}

/* --- the parent ----------------------------------------------------------- */

static void
keep_input(const struct options *options, int status)
{
	char *path = mem_printf("%scrash-%llu-%llu", options->prefix,
				options->seed, at->run);

	fuzz_write(path, at->bytes, at->n);
	fprintf(stderr, "fuzz: %s %d at this input (seed %llu, run %llu): %s\n",
		WIFSIGNALED(status) ? "signal" : "exit status",
		WIFSIGNALED(status) ? WTERMSIG(status) : WEXITSTATUS(status),
		options->seed, at->run, path);
	free(path);
}

static const char *
value_of(const char *word, const char *option)
{
	size_t n = strlen(option);

	return strncmp(word, option, n) == 0 ? word + n : NULL;
}

static void
read_option(struct options *options, const char *word)
{
	const char *value;

	if ((value = value_of(word, "-max_total_time=")))
		options->seconds = strtod(value, NULL);
	else if ((value = value_of(word, "-runs=")))
		options->runs = strtoll(value, NULL, 10);
	else if ((value = value_of(word, "-seed=")))
		options->seed = strtoull(value, NULL, 10);
	else if ((value = value_of(word, "-dict=")))
		options->dict = value;
	else if ((value = value_of(word, "-artifact_prefix=")))
		options->prefix = value;
	else
		fuzz_fail("no option %s", word);
}

int
main(int argc, char **argv)
{
	struct options options = {.seconds = 20, .runs = -1, .prefix = "./"};
	int i, status = 1;
	pid_t child;

	options.seed = (unsigned long long)time(NULL);
	for (i = 1; i < argc; i++) {
		if (argv[i][0] == '-')
			read_option(&options, argv[i]);
		else
			read_inputs(argv[i]);
	}
	read_words(options.dict);
	at = mmap(NULL, sizeof(*at), PROT_READ | PROT_WRITE,
		  MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	if (at == MAP_FAILED)
		fuzz_fail("no memory");
	child = fork();
	if (child == 0)
		be_child(&options);
	if (child < 0 || waitpid(child, &status, 0) != child)
		fuzz_fail("no child");
	if (status != 0)
		keep_input(&options, status);
	printf("%zu inputs, %llu changes of them (seed %llu)\n", inputs.n,
	       at->run, options.seed);
	return status != 0;
}
