// SPDX-License-Identifier: GPL-2.0-only
/*
 * netdev_nl WHAT DEV: what generic netlink's family netdev tells of a device. Exit 3
 * if this kernel has no such thing, or the device none of it.
 *
 *	qstats	since 6.10, a line a queue: "rx-0 packets=1 bytes=60 alloc_fail=0"
 *	queues	since 6.7: "rx-0 napi=8193"
 *	napis	since 6.7: "napi-8193 irq=11"
 *	pools	page_pools, since 6.8: "pool-7 napi=8193 inflight=256 bytes=1048576"
 *
 * The numbers are those of linux/netdev.h, which older systems lack.
 */
#include <errno.h>
#include <linux/genetlink.h>
#include <linux/netlink.h>
#include <net/if.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#define NONE		3	/* exit status */

enum { A_IFINDEX = 1, A_QUEUE_TYPE, A_QUEUE_ID, A_SCOPE, NR_ATTRS = 64 };
enum { SCOPE_QUEUE = 1 };

/* What a line is made of: the attributes that name it, then those with a name each */
struct query {
	const char *what;
	int command;
	int ifindex;			/* which attribute that is, */
	int asks_for_it;		/* and whether the kernel sorts by it */
	int type, id;			/* type 0: the object has none */
	const char *object;
	struct {
		int attr;
		const char *name;
	} values[8];
};

static const struct query queries[] = {
	{
		.what = "qstats", .command = 12, .ifindex = A_IFINDEX, .asks_for_it = 1,
		.type = A_QUEUE_TYPE, .id = A_QUEUE_ID,
		.values = {
			{ 8, "packets" }, { 9, "bytes" }, { 12, "alloc_fail" },	/* rx */
			{ 10, "packets" }, { 11, "bytes" }, { 28, "stop" },	/* tx */
		},
	}, {
		.what = "queues", .command = 10, .ifindex = 2, .asks_for_it = 1,
		.type = 3, .id = 1, .values = { { 4, "napi" } },
	}, {
		.what = "napis", .command = 11, .ifindex = 1, .asks_for_it = 1,
		.id = 2, .object = "napi", .values = { { 3, "irq" } },
	}, {
		.what = "pools", .command = 5, .ifindex = 2, .id = 1, .object = "pool",
		.values = { { 3, "napi" }, { 4, "inflight" }, { 5, "bytes" } },
	},
};

static const struct query *query;
static unsigned int ifindex;
static int lines;

struct request {
	struct nlmsghdr nlh;
	struct genlmsghdr genl;
	char attrs[64];
};

static char buf[32768];

static void die(const char *what)
{
	fprintf(stderr, "netdev_nl: %s: %s\n", what, strerror(errno));
	exit(errno == ENOENT || errno == EOPNOTSUPP ? NONE : 1);
}

static void add(struct request *req, int type, const void *data, int len)
{
	struct nlattr *nla = (void *)req + NLMSG_ALIGN(req->nlh.nlmsg_len);

	nla->nla_type = type;
	nla->nla_len = NLA_HDRLEN + len;
	memcpy((void *)nla + NLA_HDRLEN, data, len);
	req->nlh.nlmsg_len = NLMSG_ALIGN(req->nlh.nlmsg_len) + NLA_ALIGN(nla->nla_len);
}

static void add_u32(struct request *req, int type, uint32_t value)
{
	add(req, type, &value, sizeof(value));
}

/* Attributes of a message, by type */
static void parse(struct nlmsghdr *nlh, struct nlattr **attrs)
{
	int left = nlh->nlmsg_len - NLMSG_LENGTH(GENL_HDRLEN);
	struct nlattr *nla = NLMSG_DATA(nlh) + GENL_HDRLEN;

	memset(attrs, 0, NR_ATTRS * sizeof(*attrs));
	while (left >= NLA_HDRLEN && nla->nla_len >= NLA_HDRLEN && nla->nla_len <= left) {
		int type = nla->nla_type & NLA_TYPE_MASK;

		if (type < NR_ATTRS)
			attrs[type] = nla;
		left -= NLA_ALIGN(nla->nla_len);
		nla = (void *)nla + NLA_ALIGN(nla->nla_len);
	}
}

/* The kernel sends as few bytes as a number needs */
static uint64_t number(const struct nlattr *nla)
{
	const void *data = (const void *)nla + NLA_HDRLEN;
	uint64_t value = 0;

	memcpy(&value, data, nla->nla_len - NLA_HDRLEN < 8 ? nla->nla_len - NLA_HDRLEN : 8);
	return value;
}

static void print_line(struct nlattr **attrs)
{
	const char *object = query->object;
	unsigned int i;

	if (!attrs[query->id] || !attrs[query->ifindex] ||
	    number(attrs[query->ifindex]) != ifindex)
		return;
	/* 0 is receive, and a number that is 0 has its attribute all the same */
	if (query->type) {
		if (!attrs[query->type])
			return;
		object = number(attrs[query->type]) ? "tx" : "rx";
	}
	printf("%s-%llu", object, (unsigned long long)number(attrs[query->id]));
	for (i = 0; i < 8 && query->values[i].name; i++)
		if (attrs[query->values[i].attr])
			printf(" %s=%llu", query->values[i].name,
			       (unsigned long long)number(attrs[query->values[i].attr]));
	puts("");
	lines++;
}

/* Return: the family's id, for a request for that; else 0 */
static int ask(int sock, struct request *req, void (*each)(struct nlattr **))
{
	struct nlattr *attrs[NR_ATTRS];
	struct nlmsghdr *nlh;
	int len;

	if (send(sock, req, req->nlh.nlmsg_len, 0) < 0)
		die("send");
	for (;;) {
		len = recv(sock, buf, sizeof(buf), 0);
		if (len < 0)
			die("receive");
		for (nlh = (void *)buf; NLMSG_OK(nlh, (unsigned int)len);
		     nlh = NLMSG_NEXT(nlh, len)) {
			if (nlh->nlmsg_type == NLMSG_DONE)
				return 0;
			if (nlh->nlmsg_type == NLMSG_ERROR) {
				errno = -((struct nlmsgerr *)NLMSG_DATA(nlh))->error;
				die(each ? query->what : "family netdev");
			}
			parse(nlh, attrs);
			if (!each) {
				if (!attrs[CTRL_ATTR_FAMILY_ID])
					die("family netdev");
				return number(attrs[CTRL_ATTR_FAMILY_ID]);
			}
			each(attrs);
		}
	}
}

static int family(int sock)
{
	struct request req = {
		.nlh = { .nlmsg_len = NLMSG_LENGTH(GENL_HDRLEN), .nlmsg_type = GENL_ID_CTRL,
			 .nlmsg_flags = NLM_F_REQUEST },
		.genl = { .cmd = CTRL_CMD_GETFAMILY, .version = 1 },
	};

	add(&req, CTRL_ATTR_FAMILY_NAME, "netdev", sizeof("netdev"));
	return ask(sock, &req, NULL);
}

static int tell(int sock)
{
	struct request req = {
		.nlh = { .nlmsg_len = NLMSG_LENGTH(GENL_HDRLEN), .nlmsg_type = family(sock),
			 .nlmsg_flags = NLM_F_REQUEST | NLM_F_DUMP },
		.genl = { .cmd = query->command, .version = 1 },
	};

	if (query->asks_for_it)
		add_u32(&req, query->ifindex, ifindex);
	if (query->ifindex == A_IFINDEX && query->type == A_QUEUE_TYPE)
		add_u32(&req, A_SCOPE, SCOPE_QUEUE);
	ask(sock, &req, print_line);
	return lines ? 0 : NONE;
}

int main(int argc, char **argv)
{
	struct sockaddr_nl kernel = { .nl_family = AF_NETLINK };
	unsigned int i;
	int sock;

	for (i = 0; argc == 3 && i < sizeof(queries) / sizeof(queries[0]); i++)
		if (!strcmp(argv[1], queries[i].what))
			query = &queries[i];
	ifindex = query ? if_nametoindex(argv[2]) : 0;
	if (!ifindex) {
		fputs("netdev_nl qstats|queues|napis|pools DEV\n", stderr);
		return 2;
	}
	sock = socket(AF_NETLINK, SOCK_RAW, NETLINK_GENERIC);
	if (sock < 0 || connect(sock, (void *)&kernel, sizeof(kernel)))
		die("netlink");
	return tell(sock);
}
