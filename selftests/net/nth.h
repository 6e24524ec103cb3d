/* SPDX-License-Identifier: GPL-2.0-only */
/* What nth can do to a device, and how to have one allocation of it fail */
#ifndef SELFTESTS_NTH_H
#define SELFTESTS_NTH_H

/**
 * struct nth_op - something whose allocations fail in turn
 * @name: on the command line
 * @args: for the usage
 * @nr_args: how many
 * @prepare: opens what @act needs, so that nothing else of it can fail; or NULL
 * @act: the calls to the kernel, and nothing else. Return: 0 or -1 and errno
 * @undo: as it was before a @act that succeeded. Return: as @act
 * @again: before the next time, whatever @act came to; or NULL. Return: as @act
 */
struct nth_op {
	const char *name;
	const char *args;
	int nr_args;
	void (*prepare)(char **args);
	int (*act)(void);
	int (*undo)(void);
	int (*again)(void);
};

extern const struct nth_op nth_ops[];

void die(const char *what) __attribute__((noreturn));

#endif
