/* SPDX-License-Identifier: GPL-2.0-only */
/* The parts of the descriptor fuzzer: rings.c reads an input, the others act */
#ifndef _FUZZ_RINGS_H
#define _FUZZ_RINGS_H

#include "fuzz.h"

/* What a run has to do with; it begins anew with each input */
struct rings {
	struct fuzz_input in;
	struct enbl_adapter *adapter;
	struct enbl_queue *queue;
	struct net_device *netdev;
	struct xsk_buff_pool *xsk;
	u16 head;		/* where the device receives next */
	bool attached;		/* a program */
};

extern struct rings rings;

/* For the closing table */
struct rings_totals {
	u64 runs;
	u64 polls;
	u64 rx;			/* descriptors that the driver has looked at */
	u64 tx;			/* descriptors that it has completed */
	u64 sent;		/* skbs, frames and socket frames given to it */
};

extern struct rings_totals rings_totals;

/* invariants.c */
void check_invariants(struct enbl_adapter *adapter);

/* device.c: what the hostile device does */
void device_start(void);
void device_receive(void);
void device_receive_raw(void);
void device_receive_at(void);
void device_receive_good(void);
void device_receive_long(void);
void device_sent(void);
void device_write_tx(void);
void device_arm(void);

/* host.c: what the machine does */
void host_poll(void);
void host_send(void);
void host_send_many(void);
void host_xdp_xmit(void);
void host_xsk(void);
void host_program(void);
void host_fail(void);
void host_release(void);
void host_control(void);

#endif /* _FUZZ_RINGS_H */
