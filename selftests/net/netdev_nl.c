// SPDX-License-Identifier: GPL-2.0-only
/*
 * netdev_nl qstats DEV: statistics per queue, as generic netlink's family netdev
 * has them since 6.10; a line a queue, "rx-0 packets=1 bytes=60 alloc_fail=0".
 * Exit 3 if this kernel, or the device, has none.
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

#define CMD_QSTATS_GET	12
#define SCOPE_QUEUE	1

enum { A_IFINDEX = 1, A_QUEUE_TYPE, A_QUEUE_ID, A_SCOPE, NR_ATTRS = 64 };

static const struct {
	int attr;
	const char *name;
} counters[] = {
	{ 8, "packets" }, { 9, "bytes" }, { 12, "alloc_fail" },		/* rx */
	{ 10, "packets" }, { 11, "bytes" }, { 28, "stop" },		/* tx */
};

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

static void print_queue(struct nlattr **attrs)
{
	unsigned int i;

	if (!attrs[A_QUEUE_TYPE] || !attrs[A_QUEUE_ID])
		return;
	printf("%s-%llu", number(attrs[A_QUEUE_TYPE]) ? "tx" : "rx",
	       (unsigned long long)number(attrs[A_QUEUE_ID]));
	for (i = 0; i < sizeof(counters) / sizeof(counters[0]); i++)
		if (attrs[counters[i].attr])
			printf(" %s=%llu", counters[i].name,
			       (unsigned long long)number(attrs[counters[i].attr]));
	puts("");
}

/* Return: the family's id, for a request for that; else messages seen */
static int ask(int sock, struct request *req, void (*each)(struct nlattr **))
{
	struct nlattr *attrs[NR_ATTRS];
	struct nlmsghdr *nlh;
	int len, seen = 0;

	if (send(sock, req, req->nlh.nlmsg_len, 0) < 0)
		die("send");
	for (;;) {
		len = recv(sock, buf, sizeof(buf), 0);
		if (len < 0)
			die("receive");
		for (nlh = (void *)buf; NLMSG_OK(nlh, (unsigned int)len);
		     nlh = NLMSG_NEXT(nlh, len)) {
			if (nlh->nlmsg_type == NLMSG_DONE)
				return seen;
			if (nlh->nlmsg_type == NLMSG_ERROR) {
				errno = -((struct nlmsgerr *)NLMSG_DATA(nlh))->error;
				die(each ? "statistics per queue" : "family netdev");
			}
			parse(nlh, attrs);
			if (!each) {
				if (!attrs[CTRL_ATTR_FAMILY_ID])
					die("family netdev");
				return number(attrs[CTRL_ATTR_FAMILY_ID]);
			}
			each(attrs);
			seen++;
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

static int qstats(int sock, const char *dev)
{
	struct request req = {
		.nlh = { .nlmsg_len = NLMSG_LENGTH(GENL_HDRLEN), .nlmsg_type = family(sock),
			 .nlmsg_flags = NLM_F_REQUEST | NLM_F_DUMP },
		.genl = { .cmd = CMD_QSTATS_GET, .version = 1 },
	};

	add_u32(&req, A_IFINDEX, if_nametoindex(dev));
	add_u32(&req, A_SCOPE, SCOPE_QUEUE);
	return ask(sock, &req, print_queue) ? 0 : NONE;
}

int main(int argc, char **argv)
{
	struct sockaddr_nl kernel = { .nl_family = AF_NETLINK };
	int sock;

	if (argc != 3 || strcmp(argv[1], "qstats") || !if_nametoindex(argv[2])) {
		fputs("netdev_nl qstats DEV\n", stderr);
		return 2;
	}
	sock = socket(AF_NETLINK, SOCK_RAW, NETLINK_GENERIC);
	if (sock < 0 || connect(sock, (void *)&kernel, sizeof(kernel)))
		die("netlink");
	return qstats(sock, argv[2]);
}
