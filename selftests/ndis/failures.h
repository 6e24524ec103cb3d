/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef _FAILURES_H
#define _FAILURES_H

#include <ndis.h>

#define FAILURES_TAG	0x6c696146	/* 'Fail' */
#define FAILURES_DATA	1514
#define FAILURES_MEM	SZ_16K

/**
 * struct scenario - one run: it goes on without what was refused
 * @list: pool of lists alone, or NULL
 * @list_nb: of lists with a NET_BUFFER
 * @list_data: of lists with data
 * @list_space: of lists with context space
 * @nb: of NET_BUFFERs
 * @nb_data: of NET_BUFFERs with data
 * @dev: device that data is mapped for
 * @mem: FAILURES_MEM bytes for chains
 * @verify: pools are in verify mode
 * @wrong: a refusal was not clean
 * @steps: things that were asked for
 * @refused: those that were not given
 */
struct scenario {
	NDIS_HANDLE list;
	NDIS_HANDLE list_nb;
	NDIS_HANDLE list_data;
	NDIS_HANDLE list_space;
	NDIS_HANDLE nb;
	NDIS_HANDLE nb_data;
	struct device *dev;
	u8 *mem;
	bool verify;
	bool wrong;
	unsigned int steps;
	unsigned int refused;
};

bool got(struct scenario *s, const void *object);
bool done(struct scenario *s, NDIS_STATUS status);
void scenario_wrong(struct scenario *s, const char *what);

/* failures_stack.c */
void scenario_stack(struct scenario *s);

/* failures_miniport.c */
void scenario_miniport(struct scenario *s);

/* failures_steps.c */
void scenario_lists(struct scenario *s);
void scenario_data(struct scenario *s);
void scenario_derive(struct scenario *s);
void scenario_memory(struct scenario *s);

#endif /* _FAILURES_H */
