// SPDX-License-Identifier: GPL-2.0-only
/*
 * hostile DEV SEED COUNT: ethtool's ioctls with boundary and random values. What the
 * kernel may write is told by the request; behind it lies a pattern that must stay.
 * hostile DEV denied: each request that changes something, by who may not: all must be
 * refused with EPERM.
 *
 * Prints how many requests of each kind were taken and refused. Exit 1: something was
 * written behind a buffer, a count that came back is larger than what was asked for, a
 * name has no end, or a change was not refused.
 */
#include <errno.h>
#include <linux/ethtool.h>
#include <linux/sockios.h>
#include <net/if.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/socket.h>

#define ROOM	0x100000
#define FILL	0xa5

/* How much the kernel may write into a request, by its kind */
enum kind { PLAIN, REGS, EEPROM, STRINGS, STATS, TUNABLE, VALUE };

static const struct request {
	uint32_t cmd;
	const char *name;
	enum kind kind;
	size_t size;
	int sets;
	uint32_t get;	/* what is there now, to change a word or two of */
} requests[] = {
	{ ETHTOOL_GDRVINFO, "drvinfo", PLAIN, sizeof(struct ethtool_drvinfo), 0, 0 },
	{ ETHTOOL_GREGS, "regs", REGS, sizeof(struct ethtool_regs), 0, 0 },
	{ ETHTOOL_GEEPROM, "eeprom", EEPROM, sizeof(struct ethtool_eeprom), 0, 0 },
	{ ETHTOOL_SEEPROM, "set eeprom", EEPROM, sizeof(struct ethtool_eeprom), 1, 0 },
	{ ETHTOOL_GSTRINGS, "strings", STRINGS, sizeof(struct ethtool_gstrings), 0, 0 },
	{ ETHTOOL_GSTATS, "stats", STATS, sizeof(struct ethtool_stats), 0, 0 },
	{ ETHTOOL_GTUNABLE, "tunable", TUNABLE, sizeof(struct ethtool_tunable), 0, 0 },
	{ ETHTOOL_STUNABLE, "set tunable", TUNABLE, sizeof(struct ethtool_tunable), 1, 0 },
	{ ETHTOOL_SCOALESCE, "set coalesce", PLAIN, sizeof(struct ethtool_coalesce), 1,
	  ETHTOOL_GCOALESCE },
	{ ETHTOOL_SRINGPARAM, "set rings", PLAIN, sizeof(struct ethtool_ringparam), 1,
	  ETHTOOL_GRINGPARAM },
	{ ETHTOOL_SCHANNELS, "set channels", PLAIN, sizeof(struct ethtool_channels), 1,
	  ETHTOOL_GCHANNELS },
	{ ETHTOOL_SPAUSEPARAM, "set pause", PLAIN, sizeof(struct ethtool_pauseparam), 1,
	  ETHTOOL_GPAUSEPARAM },
	{ ETHTOOL_SSET, "set link", PLAIN, sizeof(struct ethtool_cmd), 1,
	  ETHTOOL_GSET },
	{ ETHTOOL_SWOL, "set wol", PLAIN, sizeof(struct ethtool_wolinfo), 1,
	  ETHTOOL_GWOL },
	{ ETHTOOL_SMSGLVL, "set msglvl", VALUE, sizeof(struct ethtool_value), 1, 0 },
	{ ETHTOOL_SFLAGS, "set flags", VALUE, sizeof(struct ethtool_value), 1, 0 },
	{ ETHTOOL_SPFLAGS, "set priv flags", VALUE, sizeof(struct ethtool_value), 1, 0 },
	{ ETHTOOL_SRXCSUM, "set rx csum", VALUE, sizeof(struct ethtool_value), 1, 0 },
	{ ETHTOOL_STSO, "set tso", VALUE, sizeof(struct ethtool_value), 1, 0 },
	{ ETHTOOL_SRXFH, "set rss fields", PLAIN, sizeof(struct ethtool_rxnfc), 1, 0 },
	{ ETHTOOL_SRSSH, "set rss", PLAIN, sizeof(struct ethtool_rxfh), 1, 0 },
	{ ETHTOOL_SEEE, "set eee", PLAIN, sizeof(struct ethtool_eee), 1, 0 },
	{ ETHTOOL_NWAY_RST, "renegotiate", VALUE, sizeof(struct ethtool_value), 1, 0 },
	{ ETHTOOL_RESET, "reset", VALUE, sizeof(struct ethtool_value), 1, 0 },
};

#define KINDS (sizeof(requests) / sizeof(requests[0]))

static uint8_t *buf;
static uint64_t state;
static int sock, bad;
static const char *dev;

/* xorshift64 */
static uint64_t rnd(void)
{
	state ^= state << 13;
	state ^= state >> 7;
	state ^= state << 17;
	return state;
}

/* Boundaries, what lies near the driver's limits, anything */
static uint32_t value(void)
{
	static const uint32_t edges[] = {
		0, 1, 2, 7, 8, 16, 79, 80, 81, 127, 128, 129, 255, 256, 4088, 4096,
		4097, 8191, 65535, 65536, 0x7fffffff, 0x80000000, 0xfffffff8, 0xffffffff,
	};

	return rnd() % 4 ? edges[rnd() % (sizeof(edges) / sizeof(edges[0]))] : rnd();
}

static void complain(const struct request *req, const char *what)
{
	printf("hostile: %s: %s\n", req->name, what);
	bad++;
}

static int call(void)
{
	struct ifreq ifr = { .ifr_data = (void *)buf };

	snprintf(ifr.ifr_name, sizeof(ifr.ifr_name), "%s", dev);
	return ioctl(sock, SIOCETHTOOL, &ifr) ? errno : 0;
}

/* Mostly what is there, so that it comes as far as the driver */
static void mutate(const struct request *req)
{
	uint32_t *word = (void *)buf;
	int i;

	word[0] = req->get;
	if (call())
		return;
	for (i = rnd() % 3; i >= 0; i--)
		word[1 + rnd() % (req->size / 4 - 1)] = value();
}

/* What may be written behind the request's head; the buffer is never the limit */
static size_t prepare(const struct request *req)
{
	uint32_t *word = (void *)buf;
	size_t i, room = 0;

	for (i = 1; i < req->size / 4; i++)
		word[i] = value();
	if (req->get && rnd() % 4)
		mutate(req);
	word[0] = req->cmd;
	if (req->kind == REGS) {
		word[2] = value() % (ROOM / 2);
		room = word[2];
	} else if (req->kind == EEPROM) {
		/* of any length, but for what this side has; half of them within the part */
		if (rnd() % 2) {
			word[2] = rnd() % 128;
			word[3] = rnd() % (130 - word[2]);
		}
		room = word[3] < ROOM / 2 ? word[3] : (word[3] = 128);
	} else if (req->kind == STRINGS || req->kind == STATS) {
		word[1] = rnd() % 24;
		room = ROOM / 2;	/* as many as there are: checked by the count */
	} else if (req->kind == TUNABLE) {
		word[1] = value() % 8;
		word[2] = value() % 8;
		if (rnd() % 2) {
			word[1] = ETHTOOL_TX_COPYBREAK;
			word[2] = ETHTOOL_TUNABLE_U32;
			word[3] = 4;
		}
		word[3] = word[3] < 4096 ? word[3] : 4;
		room = word[3];
	}
	return room;
}

static void judge(const struct request *req, size_t room, int count_asked)
{
	struct ethtool_gstrings *strings = (void *)buf;
	struct ethtool_regs *regs = (void *)buf;
	struct ethtool_eeprom *eeprom = (void *)buf;
	uint32_t i;

	if (req->kind == STRINGS) {
		for (i = 0; i < strings->len && i < 4096; i++)
			if (!memchr(strings->data + i * ETH_GSTRING_LEN, 0, ETH_GSTRING_LEN))
				complain(req, "a name without an end");
		room = (size_t)strings->len * ETH_GSTRING_LEN;
	} else if (req->kind == STATS) {
		room = (size_t)((struct ethtool_stats *)buf)->n_stats * 8;
	} else if (req->kind == REGS && regs->len > (uint32_t)count_asked) {
		complain(req, "more registers than asked for");
	} else if (req->kind == EEPROM && eeprom->len > (uint32_t)count_asked) {
		complain(req, "more of the EEPROM than asked for");
	}
	for (i = req->size + room; i < ROOM; i++)
		if (buf[i] != FILL) {
			complain(req, "written behind the buffer");
			break;
		}
}

static int ask(const struct request *req)
{
	size_t room;
	int rc;

	memset(buf, FILL, ROOM);
	room = prepare(req);
	rc = call();
	if (!rc)
		judge(req, room, room);
	return rc;
}

static void denied(void)
{
	unsigned int i, n = 0;

	for (i = 0; i < KINDS; i++) {
		if (!requests[i].sets)
			continue;
		n++;
		if (ask(&requests[i]) != EPERM)
			complain(&requests[i], "not refused with EPERM");
	}
	printf("hostile: %u requests that change something, by who may not\n", n);
}

static void storm(unsigned long count)
{
	unsigned int taken[KINDS] = { 0 }, refused[KINDS] = { 0 }, i;

	while (count--) {
		i = rnd() % KINDS;
		/* these take half a second each */
		if ((requests[i].cmd == ETHTOOL_RESET || requests[i].cmd == ETHTOOL_NWAY_RST ||
		     requests[i].cmd == ETHTOOL_SSET) && rnd() % 8)
			continue;
		if (ask(&requests[i]))
			refused[i]++;
		else
			taken[i]++;
	}
	for (i = 0; i < KINDS; i++)
		printf("hostile: %-15s %5u taken %5u refused\n", requests[i].name, taken[i],
		       refused[i]);
}

int main(int argc, char **argv)
{
	buf = malloc(ROOM);
	sock = socket(AF_INET, SOCK_DGRAM, 0);
	if (!buf || sock < 0 || argc < 3) {
		fputs("hostile DEV SEED COUNT | hostile DEV denied\n", stderr);
		return 2;
	}
	dev = argv[1];
	state = strtoull(argv[2], NULL, 0) * 0x9e3779b97f4a7c15 + 1;
	if (!strcmp(argv[2], "denied"))
		denied();
	else
		storm(argc > 3 ? strtoul(argv[3], NULL, 0) : 1000);
	return !!bad;
}
