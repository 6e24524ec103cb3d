/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * A miniport without a device, for tests of the seam: its handlers note what
 * they are given; a netdev whose received skbs end in a queue.
 */
#ifndef _SEAM_TEST_H
#define _SEAM_TEST_H

#include <linux/netdevice.h>
#include <ndis/adapter.h>

#include "ndis_test.h"

#define SEAM_PATIENCE_MS	300

struct seam {
	struct ndis_adapter adapter;
	NDIS_HANDLE driver;
	NDIS_HANDLE handle;		/* NdisMiniportHandle */
	NDIS_HANDLE pool;		/* lists with a NET_BUFFER, no data */
	struct sk_buff_head received;
	/* what the handlers saw */
	unsigned int returns;		/* lists */
	PNET_BUFFER_LIST returned;	/* the last one */
	PNET_BUFFER_LIST sent[16];
	unsigned int sends;
	unsigned int halts;
	bool pend;			/* PauseHandler returns PENDING */
	bool hold;			/* params.receive keeps lists */
	unsigned int held;
};

struct seam *seam_create(struct ktap *t);
void seam_destroy(struct seam *seam);
void seam_abandon(struct seam *seam);
struct net_device *seam_netdev(const struct seam *seam);
u64 seam_stat(const struct seam *seam, enum ndis_adapter_stat stat);

PNET_BUFFER_LIST seam_list(struct seam *seam, void *va, u32 size, u32 len);
void seam_list_free(PNET_BUFFER_LIST nbl);
void seam_indicate(struct seam *seam, PNET_BUFFER_LIST chain, u32 nr,
		   ULONG flags);
bool seam_received(struct seam *seam, unsigned int nr);
bool seam_returned(struct seam *seam, unsigned int nr);

#endif /* _SEAM_TEST_H */
