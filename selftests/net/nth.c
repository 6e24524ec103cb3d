// SPDX-License-Identifier: GPL-2.0-only
/*
 * nth [-f FILE] [-l LOG] [-m MOST] [-s STEP] OPERATION ARGS: do something again and again, and
 * each time the next allocation that the kernel makes for it fails, until there is
 * none left. A kernel with fault injection counts them for the one task that asks,
 * in /proc/thread-self/fail-nth; which kinds take part is in debugfs. FILE is another
 * one that works the same way: write which shall fail, read how many are to come.
 * STEP leaves some out where there are many of one kind: after four, one in so many.
 *
 * Prints "failures=N refused=R survived=S" and how the refusals read: a call may fail
 * for want of memory or do without, but what undoes a success must not fail, and
 * what failed must succeed afterwards. LOG gets what the kernel's log said meanwhile.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "nth.h"

static int fail_nth, kmsg = -1, log_file = -1;
static unsigned int errors[4096 / 8];

void die(const char *what)
{
	dprintf(2, "nth: %s: %s\n", what, strerror(errno));
	exit(1);
}

static void arm(unsigned int n)
{
	char text[16];
	int len = snprintf(text, sizeof(text), "%u", n);

	if (pwrite(fail_nth, text, len, 0) != len)
		die("the count to the failure");
}

/* Return: allocations that were still to come before one would have failed */
static unsigned int left(void)
{
	char text[16] = "";

	if (pread(fail_nth, text, sizeof(text) - 1, 0) <= 0)
		die("the count to the failure");
	return atoi(text);
}

/* A record is read whole or not at all; lines that go on begin with a space */
static void keep_log(void)
{
	char record[8192];
	ssize_t len;
	char *text;

	while (kmsg >= 0) {
		len = read(kmsg, record, sizeof(record) - 1);
		if (len < 0 && errno == EPIPE)
			continue;	/* some were overwritten; the next is there */
		if (len <= 0)
			return;
		record[len] = '\0';
		text = strchr(record, ';');
		record[strcspn(record, "\n") + 1] = '\0';
		if (text && write(log_file, text + 1, strlen(text + 1)) < 0)
			die("log");
	}
}

static void open_log(const char *path)
{
	log_file = open(path, O_WRONLY | O_CREAT | O_APPEND, 0600);
	kmsg = open("/dev/kmsg", O_RDONLY | O_NONBLOCK);
	if (log_file < 0 || kmsg < 0 || lseek(kmsg, 0, SEEK_END) < 0)
		die("log");
}

static const struct nth_op *find_op(const char *name, int nr_args)
{
	const struct nth_op *op;

	for (op = nth_ops; op->name; op++)
		if (name && !strcmp(name, op->name) && nr_args == op->nr_args)
			return op;
	dprintf(2, "usage: nth [-f FILE] [-l LOG] [-m MOST] [-s STEP] OPERATION\n");
	for (op = nth_ops; op->name; op++)
		dprintf(2, "  %s %s\n", op->name, op->args);
	exit(2);
}

/* Return: 1 once more, 0 when no allocation was left to fail */
static int once(const struct nth_op *op, unsigned int n, unsigned int *refused)
{
	int ret, err, missing;

	arm(n);
	ret = op->act();
	err = errno;
	missing = left();
	arm(0);
	keep_log();

	if (ret && missing) {
		errno = err;
		dprintf(2, "nth: %s fails although no allocation did, the %uth time: %s\n",
			op->name, n, strerror(err));
		exit(1);
	}
	if (ret) {
		++*refused;
		errors[err % (sizeof(errors) / sizeof(errors[0]))]++;
	} else if (op->undo()) {
		die("what succeeded cannot be undone");
	}
	if (op->again && op->again())
		die("it cannot be made ready for the next time");
	keep_log();
	return !missing;
}

int main(int argc, char **argv)
{
	const char *file = "/proc/thread-self/fail-nth";
	unsigned int n, tried = 0, refused = 0, most = 20000, step = 1;
	const struct nth_op *op;
	unsigned int i;
	int opt;

	while ((opt = getopt(argc, argv, "+f:l:m:s:")) > 0) {
		if (opt == 'f')
			file = optarg;
		else if (opt == 'l')
			open_log(optarg);
		else if (opt == 'm')
			most = atoi(optarg);
		else if (opt == 's' && atoi(optarg) > 0)
			step = atoi(optarg);
		else
			find_op(NULL, 0);
	}
	op = find_op(argv[optind], argc - optind - 1);

	fail_nth = open(file, O_RDWR);
	if (fail_nth < 0)
		die(file);
	if (op->prepare)
		op->prepare(argv + optind + 1);
	/* No page fault of this program is to be the one that fails */
	mlockall(MCL_CURRENT | MCL_FUTURE);

	for (n = 1; once(op, n, &refused); n += n < 4 ? 1 : step, tried++) {
		if (n >= most) {
			dprintf(2, "nth: %s: more than %u allocations\n", op->name, most);
			return 1;
		}
	}
	printf("failures=%u refused=%u survived=%u", tried, refused, tried - refused);
	for (i = 0; i < sizeof(errors) / sizeof(errors[0]); i++)
		if (errors[i])
			printf(" %s=%u", strerrorname_np(i), errors[i]);
	printf("\n");
	return 0;
}
