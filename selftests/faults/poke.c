// SPDX-License-Identifier: GPL-2.0-only
/*
 * poke: a PCI device's registers (BAR 0) and configuration, behind its driver's
 * back. What a broken device, bridge or firmware does to a driver, a test does
 * with it.
 *
 *	poke DEVICE read OFFSET
 *	poke DEVICE write OFFSET VALUE
 *	poke DEVICE storm OFFSET VALUE SECONDS	writes it as fast as it can
 *	poke DEVICE config OFFSET		a word of the configuration
 *	poke DEVICE config OFFSET VALUE BYTES
 *
 * DEVICE is a PCI address, 0000:00:03.0.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

static const char *device;

static int open_file(const char *name, int flags)
{
	char path[128];
	int fd;

	snprintf(path, sizeof(path), "/sys/bus/pci/devices/%s/%s", device, name);
	fd = open(path, flags);
	if (fd < 0) {
		fprintf(stderr, "poke: %s: %s\n", path, strerror(errno));
		exit(1);
	}
	return fd;
}

static unsigned long value_of(const char *text)
{
	char *end;
	unsigned long n = strtoul(text, &end, 0);

	if (!*text || *end) {
		fprintf(stderr, "poke: no number: %s\n", text);
		exit(2);
	}
	return n;
}

static uint32_t *map_register(unsigned long offset)
{
	int fd = open_file("resource0", O_RDWR | O_SYNC);
	struct stat st;
	uint8_t *regs;

	if (fstat(fd, &st) || offset % 4 || offset + 4 > (unsigned long)st.st_size) {
		fprintf(stderr, "poke: no register at %#lx\n", offset);
		exit(2);
	}
	regs = mmap(NULL, st.st_size, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
	if (regs == MAP_FAILED) {
		fprintf(stderr, "poke: cannot map %s: %s\n", device, strerror(errno));
		exit(1);
	}
	return (uint32_t *)(regs + offset);
}

/* Each is one access, and none is left out */
static uint32_t register_read(uint32_t *reg)
{
	return __atomic_load_n(reg, __ATOMIC_RELAXED);
}

static void register_write(uint32_t *reg, uint32_t value)
{
	__atomic_store_n(reg, value, __ATOMIC_RELAXED);
}

static unsigned long storm(uint32_t *reg, uint32_t value, time_t seconds)
{
	time_t end = time(NULL) + seconds;
	unsigned long n = 0;

	do {
		int i;

		for (i = 0; i < 100; i++)
			register_write(reg, value);
		n += i;
	} while (time(NULL) < end);
	return n;
}

static void config(int argc, char **argv)
{
	int fd = open_file("config", argc > 4 ? O_RDWR : O_RDONLY);
	uint32_t value = 0;
	ssize_t bytes = 4;

	if (argc > 4) {
		value = value_of(argv[4]);
		bytes = value_of(argv[5]);
		if (bytes > 4 || pwrite(fd, &value, bytes, value_of(argv[3])) != bytes) {
			fprintf(stderr, "poke: not written\n");
			exit(1);
		}
		return;
	}
	if (pread(fd, &value, bytes, value_of(argv[3])) != bytes) {
		fprintf(stderr, "poke: not read\n");
		exit(1);
	}
	printf("%#010x\n", value);
}

int main(int argc, char **argv)
{
	const char *what = argc > 3 ? argv[2] : "";

	device = argv[1];
	if (!strcmp(what, "read") && argc == 4) {
		printf("%#010x\n", register_read(map_register(value_of(argv[3]))));
	} else if (!strcmp(what, "write") && argc == 5) {
		register_write(map_register(value_of(argv[3])), value_of(argv[4]));
	} else if (!strcmp(what, "storm") && argc == 6) {
		printf("%lu\n", storm(map_register(value_of(argv[3])),
				      value_of(argv[4]), value_of(argv[5])));
	} else if (!strcmp(what, "config") && (argc == 4 || argc == 6)) {
		config(argc, argv);
	} else {
		fprintf(stderr, "usage: poke DEVICE read|write|storm|config ... (see poke.c)\n");
		return 2;
	}
	return 0;
}
