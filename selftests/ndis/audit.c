// SPDX-License-Identifier: GPL-2.0-only
/*
 * What is out at the moment, whatever ndis.ko counts: in /sys/kernel/debug/ndis
 * /stats each X_created has an X_destroyed, each X_allocated an X_freed.
 */
#include <linux/export.h>
#include <linux/kernel.h>
#include <linux/mm.h>
#include <linux/string.h>

#include "ndis_test.h"

/* The value behind "@word" that completes the first @len characters of @name */
static bool other_half(const char *text, const char *name, size_t len,
		       const char *word, u64 *value)
{
	const char *line = text;

	while (line && *line) {
		if (!strncmp(line, name, len) &&
		    !strncmp(line + len, word, strlen(word)) &&
		    line[len + strlen(word)] == ' ')
			return sscanf(line + len + strlen(word), " %llu",
				      value) == 1;
		line = strchr(line, '\n');
		line += !!line;
	}
	return false;
}

/**
 * ndis_outstanding() - how much of all that was ever taken is not given back
 *
 * Context: process; sleeps.
 * Return: the sum over all pairs of rows; U64_MAX if a row has no partner.
 */
u64 ndis_outstanding(void)
{
	static const char * const pairs[][2] = {
		{ "_created", "_destroyed" }, { "_allocated", "_freed" },
	};
	char *text = ndis_debugfs_show("/sys/kernel/debug/ndis/stats");
	u64 sum = 0, taken, given;
	const char *line = text;
	unsigned int i;

	while (line && *line) {
		for (i = 0; i < ARRAY_SIZE(pairs); i++) {
			size_t len = strcspn(line, "\n ");
			size_t tail = strlen(pairs[i][0]);

			if (len <= tail ||
			    strncmp(line + len - tail, pairs[i][0], tail))
				continue;
			if (sscanf(line + len, " %llu", &taken) != 1 ||
			    !other_half(text, line, len - tail, pairs[i][1],
					&given)) {
				kvfree(text);
				return U64_MAX;
			}
			sum += taken - given;
		}
		line = strchr(line, '\n');
		line += !!line;
	}
	kvfree(text);
	return text ? sum : U64_MAX;
}
EXPORT_SYMBOL_GPL(ndis_outstanding);
