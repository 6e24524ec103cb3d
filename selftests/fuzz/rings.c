// SPDX-License-Identifier: GPL-2.0-only
/*
 * The descriptor fuzzer: the driver is probed and opened, and then the bytes of
 * the input say what happens, one step after the other:
 *
 *   the device writes descriptors (device.c) | the machine polls, sends, sets
 *   (host.c) | and after each step all that must hold is looked at (invariants.c)
 *
 * At the end the driver is closed and removed, and nothing may be left.
 */
#include "rings.h"

#define MAX_STEPS	400

struct rings rings;
struct rings_totals rings_totals;

static void (* const steps[])(void) = {
	device_receive, device_receive_raw, device_receive_at,
	device_receive_good, device_receive_long, device_sent, device_write_tx,
	device_arm,
	host_poll, host_poll, host_poll, host_send, host_send_many,
	host_xdp_xmit, host_xsk, host_program, host_fail, host_release,
	host_control,
};

static u64 wanted;		/* descriptors; 0: no end */

static void print_totals(void)
{
	struct rings_totals *t = &rings_totals;

	dprintf(2, "totals: runs %llu polls %llu rx %llu tx %llu sent %llu received %llu\n",
		t->runs, t->polls, t->rx, t->tx, t->sent, fuzz_received);
}

/*
 * While the driver waits, in process context, the device and the softirq go on:
 * unbinding a socket relies on it.
 */
static void meanwhile(void)
{
	if (!rings.in.left || !rings.queue->rx.desc)
		return;
	switch (fuzz_u8(&rings.in) % 4) {
	case 0:
		device_receive();
		break;
	case 1:
		device_sent();
		break;
	default:
		host_poll();
		break;
	}
}

static bool start(void)
{
	u8 kind = fuzz_u8(&rings.in), options = fuzz_u8(&rings.in);

	fuzz_sleeping = NULL;
	fuzz_memory_start();
	fuzz_core_start();
	fuzz_xdp_start(options & 1);
	model_start(kind);
	if (fuzz_probe())
		fuzz_bug("a device that works was not probed");
	rings.netdev = pci_get_drvdata(&fuzz_pdev);
	rings.adapter = netdev_priv(rings.netdev);
	rings.queue = &rings.adapter->queue[0];
	rings.adapter->nr_rx_desc = ENBL_RING_MIN;
	rings.adapter->nr_tx_desc = options & 2 ? ENBL_RING_DEFAULT : ENBL_RING_MIN;
	rings.netdev->mtu = options & 4 ? 9000 : ETH_DATA_LEN;
	rings.netdev->flags = IFF_UP;
	fuzz_dma_sync = options & 8;
	fuzz_sleeping = meanwhile;
	device_start();
	if (fuzz_open(rings.netdev))
		return false;
	fuzz_run_work();
	if (!netif_carrier_ok(rings.netdev))
		fuzz_bug("a link that is up was not seen");
	return true;
}

static void end(void)
{
	rings.in.left = 0;
	memset(&fuzz_fail, 0, sizeof(fuzz_fail));
	fuzz_armed = 0;
	if (rings.xsk) {
		struct netdev_bpf bpf = { .command = XDP_SETUP_XSK_POOL };

		rtnl_lock();
		fuzz_check(!rings.netdev->netdev_ops->ndo_bpf(rings.netdev, &bpf),
			   "a socket cannot be unbound");
		rtnl_unlock();
		fuzz_xsk_destroy(rings.xsk);
		rings.xsk = NULL;
	}
	fuzz_remove();
	fuzz_stack_release(UINT_MAX);
	fuzz_xdp_end();
	fuzz_core_idle();
	fuzz_check(!fuzz_skbs, "%u skbs were never freed", fuzz_skbs);
	fuzz_memory_end();
}

int LLVMFuzzerInitialize(int *argc, char ***argv)
{
	const char *s = getenv("FUZZ_DESCRIPTORS");

	for (; s && *s; s++)
		wanted = wanted * 10 + *s - '0';
	return atexit(print_totals);
}

int LLVMFuzzerTestOneInput(const u8 *data, size_t size)
{
	unsigned int step;

	rings.in.data = data;
	rings.in.left = size;
	if (start()) {
		check_invariants(rings.adapter);
		for (step = 0; rings.in.left && step < MAX_STEPS; step++) {
			steps[fuzz_u8(&rings.in) % ARRAY_SIZE(steps)]();
			check_invariants(rings.adapter);
		}
	}
	end();
	if (!(++rings_totals.runs % 1024))
		print_totals();
	/* libFuzzer ends at this one, and has no other way */
	if (wanted && rings_totals.rx + rings_totals.tx >= wanted) {
		print_totals();
		wanted = 0;
		raise(SIGUSR1);
	}
	return 0;
}
