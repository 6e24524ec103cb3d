// SPDX-License-Identifier: GPL-2.0-only
/* wire: the commands, and what they share. See wire.h. */
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <linux/if_packet.h>
#include <net/if.h>
#include <netinet/in.h>
#include <poll.h>
#include <sched.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <time.h>
#include <unistd.h>

#include "wire.h"

#ifndef SO_RCVBUFFORCE
#define SO_RCVBUFFORCE 33
#endif

void die(const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	fflush(stdout);
	fputs("wire: ", stderr);
	vfprintf(stderr, fmt, ap);
	fputc('\n', stderr);
	va_end(ap);
	exit(1);
}

void note(const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	fputs("wire: ", stderr);
	vfprintf(stderr, fmt, ap);
	fputc('\n', stderr);
	va_end(ap);
}

/* A socket belongs to the namespace its maker was in, so come back at once */
int wire_socket(const char *ns, int family, int type, int protocol)
{
	int home = -1, there, fd;
	char path[256];

	if (strcmp(ns, "-")) {
		snprintf(path, sizeof(path), "/run/netns/%s", ns);
		home = open("/proc/thread-self/ns/net", O_RDONLY | O_CLOEXEC);
		there = open(path, O_RDONLY | O_CLOEXEC);
		if (home < 0 || there < 0 || setns(there, CLONE_NEWNET))
			die("namespace %s: %s", ns, strerror(errno));
		close(there);
	}
	fd = socket(family, type | SOCK_CLOEXEC, protocol);
	if (fd < 0)
		die("socket: %s", strerror(errno));
	if (home >= 0) {
		if (setns(home, CLONE_NEWNET))
			die("home namespace: %s", strerror(errno));
		close(home);
	}
	return fd;
}

void wire_end_init(struct wire_end *end, const char *ns, const char *dev)
{
	int fd = wire_socket(ns, AF_INET, SOCK_DGRAM, 0);
	struct ifreq ifr = {};

	end->ns = ns;
	end->dev = dev;
	snprintf(ifr.ifr_name, sizeof(ifr.ifr_name), "%s", dev);
	if (ioctl(fd, SIOCGIFINDEX, &ifr))
		die("%s: %s", dev, strerror(errno));
	end->ifindex = ifr.ifr_ifindex;
	if (ioctl(fd, SIOCGIFHWADDR, &ifr))
		die("%s: %s", dev, strerror(errno));
	memcpy(end->mac, ifr.ifr_hwaddr.sa_data, 6);
	close(fd);
}

/* ethertype 0: a socket that only sends */
int wire_raw(const struct wire_end *end, int ethertype)
{
	struct sockaddr_ll ll = {
		.sll_family = AF_PACKET,
		.sll_protocol = htons(ethertype),
		.sll_ifindex = end->ifindex,
	};
	int fd = wire_socket(end->ns, AF_PACKET, SOCK_RAW, htons(ethertype));

	if (bind(fd, (struct sockaddr *)&ll, sizeof(ll)))
		die("bind to %s: %s", end->dev, strerror(errno));
	return fd;
}

/* The socket must never be where a frame is lost */
void wire_rcvbuf(int fd, int bytes)
{
	if (setsockopt(fd, SOL_SOCKET, SO_RCVBUFFORCE, &bytes, sizeof(bytes)))
		die("SO_RCVBUFFORCE: %s", strerror(errno));
}

int wire_readable(int fd, int ms)
{
	struct pollfd p = { .fd = fd, .events = POLLIN };
	int n;

	do
		n = poll(&p, 1, ms);
	while (n < 0 && errno == EINTR);
	return n > 0;
}

void wire_addr(struct wire_addr *a, const char *text, int port)
{
	struct sockaddr_in6 *six = (void *)&a->sa;
	struct sockaddr_in *four = (void *)&a->sa;

	memset(a, 0, sizeof(*a));
	if (inet_pton(AF_INET, text, &four->sin_addr) == 1) {
		four->sin_family = AF_INET;
		four->sin_port = htons(port);
		a->len = sizeof(*four);
	} else if (inet_pton(AF_INET6, text, &six->sin6_addr) == 1) {
		six->sin6_family = AF_INET6;
		six->sin6_port = htons(port);
		a->len = sizeof(*six);
	} else {
		die("no address: %s", text);
	}
}

uint64_t wire_now_ms(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_MONOTONIC, &ts);
	return ts.tv_sec * 1000ull + ts.tv_nsec / 1000000;
}

static const struct {
	const char *name, *args;
	int (*run)(int argc, char **argv);
} commands[] = {
	{ "sweep", "NS DEV NS DEV SIZE|FROM-TO[/STEP]...", cmd_sweep },
	{ "stream", "NS DEV NS DEV COUNT CHANGES promisc|allmulti|multicast|unicast",
	  cmd_stream },
	{ "offload", "NS DEV NS DEV COUNT SEED [gro]", cmd_offload },
	{ "judge", "NS DEV NS DEV [option]...", cmd_judge },
	{ "flood", "NS DEV NS DEV count=N [option]...", cmd_flood },
	{ "copy", "tcp|udp NS ADDR NS ADDR IN OUT", cmd_copy },
	{ "traffic", "NS ADDR NS ADDR STATUS", cmd_traffic },
	{ "hold", "tcp|udp NS ADDR PORT OUT", cmd_hold },
	{ "push", "tcp|udp NS ADDR PORT IN", cmd_push },
	{ "listen", "NS ADDR PORT WORD", cmd_listen },
	{ "busy", "NS ADDR NS ADDR COUNT", cmd_busy },
};

int main(int argc, char **argv)
{
	size_t i;

	for (i = 0; i < sizeof(commands) / sizeof(commands[0]); i++)
		if (argc > 1 && !strcmp(argv[1], commands[i].name))
			return commands[i].run(argc - 2, argv + 2);
	for (i = 0; i < sizeof(commands) / sizeof(commands[0]); i++)
		fprintf(stderr, "wire %s %s\n", commands[i].name,
			commands[i].args);
	return 2;
}
