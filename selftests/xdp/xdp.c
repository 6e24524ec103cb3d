// SPDX-License-Identifier: GPL-2.0-only
/* xdp: the commands but xsk. See xdp.h. */
#include <bpf/bpf.h>
#include <bpf/libbpf.h>
#include <errno.h>
#include <net/if.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "verdict.h"
#include "xdp.h"

void die(const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	fflush(stdout);
	fputs("xdp: ", stderr);
	vfprintf(stderr, fmt, ap);
	fputc('\n', stderr);
	va_end(ap);
	exit(1);
}

uint64_t now_ms(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_MONOTONIC, &ts);
	return ts.tv_sec * 1000ull + ts.tv_nsec / 1000000;
}

int pinned(const char *dir, const char *name)
{
	char path[256];
	int fd;

	snprintf(path, sizeof(path), "%s/%s", dir, name);
	fd = bpf_obj_get(path);
	if (fd < 0)
		die("%s: %s", path, strerror(errno));
	return fd;
}

/* load OBJECT DIR [DEV]: bound to the device's metadata, if one is named */
static int cmd_load(int argc, char **argv)
{
	struct bpf_program *prog;
	struct bpf_object *obj;
	char path[256];

	if (argc < 2)
		die("load: arguments");
	obj = bpf_object__open(argv[0]);
	if (!obj)
		die("%s: %s", argv[0], strerror(errno));
	if (argc > 2)
		bpf_object__for_each_program(prog, obj) {
			bpf_program__set_ifindex(prog, if_nametoindex(argv[2]));
			bpf_program__set_flags(prog, 1u << 6 /* BPF_F_XDP_DEV_BOUND_ONLY */);
		}
	if (bpf_object__load(obj))
		die("%s does not load: %s", argv[0], strerror(errno));
	mkdir(argv[1], 0700);
	bpf_object__for_each_program(prog, obj) {
		snprintf(path, sizeof(path), "%s/%s", argv[1], bpf_program__name(prog));
		unlink(path);
		if (bpf_program__pin(prog, path))
			die("%s: %s", path, strerror(errno));
	}
	if (bpf_object__pin_maps(obj, argv[1]))
		die("maps in %s: %s", argv[1], strerror(errno));
	return 0;
}

static unsigned int verdict_of(const char *name)
{
	static const char * const names[] = { "aborted", "drop", "pass", "tx", "redirect" };
	unsigned int i;

	for (i = 0; i < sizeof(names) / sizeof(names[0]); i++)
		if (!strcmp(name, names[i]))
			return i;
	return strtoul(name, NULL, 0);
}

/* set DIR KEY=VALUE...: what is not named is 0 */
static int cmd_set(int argc, char **argv)
{
	struct verdict_config c = {};
	uint32_t zero = 0;
	int i;

	for (i = 1; i < argc; i++) {
		char *value = strchr(argv[i], '=');
		long n;

		if (!value)
			die("set: %s", argv[i]);
		*value++ = 0;
		n = strtol(value, NULL, 0);
		if (!strcmp(argv[i], "verdict"))
			c.verdict = verdict_of(value);
		else if (!strcmp(argv[i], "ethertype"))
			c.ethertype = n;
		else if (!strcmp(argv[i], "head"))
			c.head = n;
		else if (!strcmp(argv[i], "tail"))
			c.tail = n;
		else if (!strcmp(argv[i], "meta"))
			c.meta = n;
		else if (!strcmp(argv[i], "flags"))
			c.flags = n;
		else if (!strcmp(argv[i], "port"))
			c.port = n;
		else
			die("set: %s", argv[i]);
	}
	if (bpf_map_update_elem(pinned(argv[0], "config"), &zero, &c, BPF_ANY))
		die("set: %s", strerror(errno));
	return 0;
}

/* counts DIR: one line, "aborted=0 drop=0 ..." */
static int cmd_counts(int argc, char **argv)
{
	static const char * const names[] = { VERDICT_COUNT_NAMES };
	int cpus = libbpf_num_possible_cpus(), fd = pinned(argv[0], "counts"), cpu;
	uint64_t *values = calloc(cpus, sizeof(*values)), sum;
	uint32_t i;

	(void)argc;
	for (i = 0; i < VERDICT_COUNTS; i++) {
		if (bpf_map_lookup_elem(fd, &i, values))
			die("counts: %s", strerror(errno));
		for (sum = 0, cpu = 0; cpu < cpus; cpu++)
			sum += values[cpu];
		printf("%s%s=%llu", i ? " " : "", names[i], (unsigned long long)sum);
	}
	puts("");
	return 0;
}

/* port DIR ENTRY DEV|none: an entry of the device map */
static int cmd_port(int argc, char **argv)
{
	struct bpf_devmap_val value = {};
	uint32_t key;
	int fd, rc;

	if (argc != 3)
		die("port: arguments");
	fd = pinned(argv[0], "ports");
	key = strtoul(argv[1], NULL, 0);
	if (!strcmp(argv[2], "none")) {
		rc = bpf_map_delete_elem(fd, &key);
	} else {
		value.ifindex = if_nametoindex(argv[2]);
		rc = bpf_map_update_elem(fd, &key, &value, BPF_ANY);
	}
	if (rc)
		die("port %s: %s", argv[2], strerror(errno));
	return 0;
}

/* flap DIR ENTRY DEV TIMES: the entry goes and comes under traffic */
static int cmd_flap(int argc, char **argv)
{
	struct bpf_devmap_val value = {};
	uint32_t key;
	int fd, i;

	if (argc != 4)
		die("flap: arguments");
	fd = pinned(argv[0], "ports");
	key = strtoul(argv[1], NULL, 0);
	value.ifindex = if_nametoindex(argv[2]);
	for (i = atoi(argv[3]); i > 0; i--) {
		bpf_map_delete_elem(fd, &key);
		usleep(2000);
		if (bpf_map_update_elem(fd, &key, &value, BPF_ANY))
			die("port %s: %s", argv[2], strerror(errno));
		usleep(2000);
	}
	return 0;
}

static const struct {
	const char *name, *args;
	int (*run)(int argc, char **argv);
} commands[] = {
	{ "load", "OBJECT DIR [DEV]", cmd_load },
	{ "set", "DIR verdict=NAME|N [ethertype=] [head=] [tail=] [meta=] [flags=] [port=]",
	  cmd_set },
	{ "counts", "DIR", cmd_counts },
	{ "port", "DIR ENTRY DEV|none", cmd_port },
	{ "flap", "DIR ENTRY DEV TIMES", cmd_flap },
	{ "xsk", "DEV QUEUE DIR rx|echo|tx copy|zerocopy [option]...", cmd_xsk },
};

int main(int argc, char **argv)
{
	size_t i;

	for (i = 0; i < sizeof(commands) / sizeof(commands[0]); i++)
		if (argc > 2 && !strcmp(argv[1], commands[i].name))
			return commands[i].run(argc - 2, argv + 2);
	for (i = 0; i < sizeof(commands) / sizeof(commands[0]); i++)
		fprintf(stderr, "xdp %s %s\n", commands[i].name, commands[i].args);
	return 2;
}
