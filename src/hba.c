/* SPDX-License-Identifier: PostgreSQL */
/* Which rule of pg_hba.conf does a connection meet first? */
#include "hba.h"

#include <arpa/inet.h>
#include <regex.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "mem.h"

enum match {
	MATCH_NO,
	MATCH_MAYBE, /* only the server can tell */
	MATCH_YES,
};

static enum match
both(enum match a, enum match b)
{
	return a < b ? a : b;
}

static bool
is_keyword(const struct hba_word *word, const char *keyword)
{
	return !word->quoted && strcmp(word->text, keyword) == 0;
}

static bool
is_member(const struct hba_client *client, const char *role)
{
	/* A role counts as a member of itself. */
	return strcmp(client->user, role) == 0 ||
	       (client->groups && text_list_has(client->groups, role));
}

/* From 16 on a name that begins with a slash is a regular expression. */
static enum match
match_regex(const char *expression, const char *name)
{
	regex_t re;
	int rc;

	/* The server's dialect has more than POSIX: then only it can tell. */
	if (strpbrk(expression, "\\?") ||
	    regcomp(&re, expression, REG_EXTENDED | REG_NOSUB) != 0)
		return MATCH_MAYBE;
	rc = regexec(&re, name, 0, NULL, 0);
	regfree(&re);
	return rc == 0 ? MATCH_YES : MATCH_NO;
}

static enum match
match_name(const struct hba_word *word, const char *name)
{
	if (word->text[0] == '/')
		return match_regex(word->text + 1, name);
	return strcmp(word->text, name) == 0 ? MATCH_YES : MATCH_NO;
}

static enum match
match_database(const struct hba_word *word, const struct hba_client *client)
{
	if (client->replication)
		return is_keyword(word, "replication") ? MATCH_YES : MATCH_NO;
	if (is_keyword(word, "all"))
		return MATCH_YES;
	if (is_keyword(word, "sameuser"))
		return strcmp(client->user, client->database) == 0 ? MATCH_YES
								   : MATCH_NO;
	if (is_keyword(word, "samerole") || is_keyword(word, "samegroup"))
		return is_member(client, client->database) ? MATCH_YES
							   : MATCH_NO;
	if (is_keyword(word, "replication"))
		return MATCH_NO;
	return match_name(word, client->database);
}

static enum match
match_user(const struct hba_word *word, const struct hba_client *client)
{
	if (!word->quoted && word->text[0] == '+')
		return is_member(client, word->text + 1) ? MATCH_YES : MATCH_NO;
	if (is_keyword(word, "all"))
		return MATCH_YES;
	return match_name(word, client->user);
}

typedef enum match (*match_fn)(const struct hba_word *word,
			       const struct hba_client *client);

static enum match
match_words(const struct hba_words *words, const struct hba_client *client,
	    match_fn fn)
{
	enum match best = MATCH_NO, m;
	size_t i;

	for (i = 0; i < words->n && best != MATCH_YES; i++) {
		m = fn(&words->items[i], client);
		best = m > best ? m : best;
	}
	return best;
}

struct ip {
	int family;
	size_t n;
	unsigned char bytes[16];
};

static bool
ip_parse(const char *text, struct ip *ip)
{
	char plain[64];
	size_t n = text ? strcspn(text, "%") : sizeof(plain);

	/* A link-local address carries its interface: fe80::1%eth0 */
	if (n >= sizeof(plain))
		return false;
	memcpy(plain, text, n);
	plain[n] = '\0';
	*ip = (struct ip){.family = AF_INET, .n = 4};
	if (inet_pton(AF_INET, plain, ip->bytes) == 1)
		return true;
	*ip = (struct ip){.family = AF_INET6, .n = 16};
	return inet_pton(AF_INET6, plain, ip->bytes) == 1;
}

bool
hba_is_address(const char *text)
{
	struct ip ip;

	return ip_parse(text, &ip);
}

/* The mask in bits ("24") or as an address ("255.255.255.0"). */
static bool
mask_parse(const char *text, const struct ip *net, struct ip *mask)
{
	char *end;
	long bits;
	size_t i;

	if (!text)
		return false;
	if (ip_parse(text, mask))
		return mask->family == net->family;
	bits = strtol(text, &end, 10);
	if (end == text || *end || bits < 0 || bits > (long)net->n * 8)
		return false;
	*mask = (struct ip){.family = net->family, .n = net->n};
	for (i = 0; i < net->n; i++, bits -= 8)
		mask->bytes[i] = bits >= 8 ? 0xff
				 : bits > 0
					 ? (unsigned char)(0xff00 >> bits)
					 : 0;
	return true;
}

static enum match
match_net(const struct hba_rule *rule, const struct ip *net,
	  const struct ip *client)
{
	struct ip mask;
	size_t i;

	if (net->family != client->family ||
	    !mask_parse(rule->mask, net, &mask))
		return MATCH_NO;
	for (i = 0; i < net->n; i++)
		if ((net->bytes[i] ^ client->bytes[i]) & mask.bytes[i])
			return MATCH_NO;
	return MATCH_YES;
}

static bool
is_loopback(const struct ip *ip)
{
	static const unsigned char one[16] = {[15] = 1};

	return ip->family == AF_INET ? ip->bytes[0] == 127
				     : memcmp(ip->bytes, one, 16) == 0;
}

/* What the server's own interfaces are is known only in part from here. */
static enum match
match_own(const struct hba_client *client, const struct ip *ip)
{
	struct ip own;

	if (is_loopback(ip))
		return MATCH_YES;
	if (ip_parse(client->server_address, &own) &&
	    own.family == ip->family &&
	    memcmp(own.bytes, ip->bytes, ip->n) == 0)
		return MATCH_YES;
	return MATCH_MAYBE;
}

static enum match
match_address(const struct hba_rule *rule, const struct hba_client *client)
{
	struct ip ip, net;

	if (!rule->address || !ip_parse(client->address, &ip))
		return MATCH_NO;
	if (strcmp(rule->address, "all") == 0)
		return MATCH_YES;
	if (strcmp(rule->address, "samehost") == 0 ||
	    strcmp(rule->address, "samenet") == 0)
		return match_own(client, &ip);
	if (ip_parse(rule->address, &net))
		return match_net(rule, &net, &ip);
	if (strcmp(rule->address, "localhost") == 0)
		return is_loopback(&ip) ? MATCH_YES : MATCH_MAYBE;
	/* A host name: the server resolves it, both ways, as it sees names. */
	return MATCH_MAYBE;
}

static bool
type_matches(const struct hba_rule *rule, const struct hba_client *client)
{
	switch (rule->type) {
	case HBA_LOCAL:
		return !client->address;
	case HBA_HOSTSSL:
		return client->address && client->ssl;
	case HBA_HOSTNOSSL:
		return client->address && !client->ssl;
	case HBA_HOSTGSSENC:
		return false; /* servers do not ask each other for GSSAPI */
	case HBA_HOST:
	case HBA_HOSTNOGSSENC:
		return client->address != NULL;
	}
	return false;
}

static enum match
rule_match(const struct hba_rule *rule, const struct hba_client *client)
{
	enum match m;

	if (rule->error || !type_matches(rule, client))
		return MATCH_NO;
	m = rule->type == HBA_LOCAL ? MATCH_YES : match_address(rule, client);
	m = both(m, match_words(&rule->databases, client, match_database));
	return both(m, match_words(&rule->users, client, match_user));
}

bool
hba_rule_means(const struct hba_rule *rule, const struct hba_client *client)
{
	return !rule->error &&
	       match_words(&rule->users, client, match_user) != MATCH_NO &&
	       (!client->database ||
		match_words(&rule->databases, client, match_database) !=
			MATCH_NO);
}

static const struct {
	const char *method;
	enum hba_verdict verdict;
} methods[] = {
	{.method = "trust", .verdict = HBA_ALLOWED},
	{.method = "password", .verdict = HBA_ALLOWED},
	{.method = "md5", .verdict = HBA_ALLOWED},
	{.method = "scram-sha-256", .verdict = HBA_ALLOWED},
	{.method = "reject", .verdict = HBA_REJECTED},
};

static enum hba_verdict
method_verdict(const char *method)
{
	size_t i;

	for (i = 0; i < LENGTH_OF(methods); i++)
		if (strcasecmp(methods[i].method, method) == 0)
			return methods[i].verdict;
	return HBA_METHOD;
}

const struct hba_rule *
hba_judge(const struct hba *hba, const struct hba_client *client,
	  enum hba_verdict *verdict)
{
	enum match m;
	size_t i;

	*verdict = HBA_NO_ENTRY;
	for (i = 0; i < hba->n; i++) {
		m = rule_match(&hba->rules[i], client);
		if (m == MATCH_NO)
			continue;
		*verdict = m == MATCH_MAYBE
				   ? HBA_UNSURE
				   : method_verdict(hba->rules[i].method);
		return &hba->rules[i];
	}
	return NULL;
}
