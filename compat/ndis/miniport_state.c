// SPDX-License-Identifier: GPL-2.0-only
/*
 * The adapter's states, and waiting for what is out.
 *
 *   HALTED -init-> PAUSED -restart-> RESTARTING -> RUNNING -pause-> PAUSING -> PAUSED
 *
 * Windows ends a pause when the last list is back. Here a frame may sit in a
 * socket for days, and who downs an interface holds the rtnl lock: so the wait is
 * bounded, the holder is named, and the state goes on. Lists that come later go
 * to the miniport in whatever state it is; only halt forces them.
 */
#define pr_fmt(fmt) KBUILD_MODNAME ": " fmt

#include <linux/module.h>
#include <linux/rtnetlink.h>

#include "miniport_internal.h"

static void ndis_block_set_state(struct ndis_block *block,
				 enum ndis_adapter_state state)
{
	spin_lock_bh(&block->lock);
	block->state = state;
	spin_unlock_bh(&block->lock);
}

/**
 * ndis_adapter_state() - which state an adapter is in
 * @adapter: adapter
 *
 * Return: the state; NDIS_HALTED before init and after halt.
 */
enum ndis_adapter_state ndis_adapter_state(const struct ndis_adapter *adapter)
{
	return adapter->block ? READ_ONCE(adapter->block->state) : NDIS_HALTED;
}
EXPORT_SYMBOL_GPL(ndis_adapter_state);

/* --- waiting ------------------------------------------------------------------ */

static bool ndis_block_settled(struct ndis_block *block)
{
	return !READ_ONCE(block->pending) && !READ_ONCE(block->nr_out) &&
	       !READ_ONCE(block->nr_sends);
}

/* The oldest lists one by one, so that somebody can go and look */
static void ndis_block_name_holders(struct ndis_block *block)
{
	char text[NDIS_NAMED_HOLDERS][NDIS_DESCRIBE_LEN];
	unsigned int nr = 0, i;
	struct ndis_out *out;

	spin_lock_bh(&block->lock);
	list_for_each_entry(out, &block->out, node) {
		if (nr == NDIS_NAMED_HOLDERS)
			break;
		ndis_out_describe(out, text[nr++], NDIS_DESCRIBE_LEN);
	}
	spin_unlock_bh(&block->lock);
	for (i = 0; i < nr; i++)
		pr_warn("adapter %s: %s\n", block->netdev->name, text[i]);
}

static void ndis_block_report(struct ndis_block *block, const char *what)
{
	unsigned long oldest;
	u32 out, sends, held = 0;
	struct list_head *at;

	spin_lock_bh(&block->lock);
	out = block->nr_out;
	sends = block->nr_sends;
	list_for_each(at, &block->out)
		held++;
	oldest = ndis_sends_oldest(block);
	block->stats[NDIS_PAUSE_LATE]++;
	spin_unlock_bh(&block->lock);

	pr_warn("adapter %s of %s: %s goes on after %u ms without %u lists\n",
		block->netdev->name, block->driver->name, what,
		block->params.patience_ms, out + sends);
	if (out > held)
		pr_warn("adapter %s: %u lists are in MiniportReturnNetBufferLists\n",
			block->netdev->name, out - held);
	if (sends)
		pr_warn("adapter %s: %u sends wait for the miniport's completion, the oldest for %u ms\n",
			block->netdev->name, sends, jiffies_to_msecs(oldest));
	if (block->pending)
		pr_warn("adapter %s: the miniport has not completed the %s\n",
			block->netdev->name, what);
	ndis_block_name_holders(block);
}

/**
 * ndis_block_settle() - wait until everything is back, but not for ever
 * @block: adapter
 * @what: what waits, for the report
 *
 * Context: process; sleeps.
 * Return: false when it gave up, after a report.
 */
bool ndis_block_settle(struct ndis_block *block, const char *what)
{
	unsigned long end = jiffies +
			    msecs_to_jiffies(block->params.patience_ms);

	for (;;) {
		local_bh_disable();
		ndis_reap(block, U32_MAX);
		local_bh_enable();
		if (wait_event_timeout(block->wait, ndis_block_settled(block),
				       max(HZ / 100, 1)))
			return true;
		if (time_after(jiffies, end))
			break;
	}
	ndis_block_report(block, what);
	return false;
}

/* --- restart -------------------------------------------------------------------- */

/* @states: bits of enum ndis_adapter_state in which it is expected */
static void ndis_block_complete(struct ndis_block *block, NDIS_STATUS status,
				unsigned long states, const char *what)
{
	bool expected = true;

	spin_lock_bh(&block->lock);
	if (block->pending && states & BIT(block->state)) {
		block->pending_status = status;
		block->pending = false;
	} else {
		/* After a wait that gave up it is late, and was reported */
		expected = block->owed;
		block->owed = false;
	}
	spin_unlock_bh(&block->lock);
	wake_up(&block->wait);
	if (!expected)
		ndis_block_misuse(block, "%s() completes what is not pending",
				  what);
}

/* Before the handler is called: it may complete before it returns */
static void ndis_block_expect(struct ndis_block *block)
{
	spin_lock_bh(&block->lock);
	/* What a pause has given up on may still be completed, much later */
	block->owed |= block->pending;
	block->pending = true;
	block->gave_up = false;
	spin_unlock_bh(&block->lock);
}

/* Return: what the handler's status comes to; waits while it is pending */
static NDIS_STATUS ndis_block_outcome(struct ndis_block *block,
				      NDIS_STATUS status)
{
	unsigned long patience = msecs_to_jiffies(block->params.patience_ms);

	if (status != NDIS_STATUS_PENDING) {
		spin_lock_bh(&block->lock);
		block->pending = false;
		spin_unlock_bh(&block->lock);
		return status;
	}
	if (wait_event_timeout(block->wait, !READ_ONCE(block->pending),
			       patience))
		return block->pending_status;
	return NDIS_STATUS_PENDING;
}

/**
 * ndis_adapter_restart() - from paused to running; an adapter's ndo_open
 * @adapter: adapter
 *
 * Context: process, rtnl; sleeps.
 * Return: 0; -EBUSY if it is not paused; -ETIMEDOUT when MiniportRestart is still
 * pending after params.patience_ms; what it failed with.
 */
int ndis_adapter_restart(struct ndis_adapter *adapter)
{
	NDIS_MINIPORT_RESTART_PARAMETERS restart = { };
	struct ndis_block *block = adapter->block;
	NDIS_STATUS status;

	if (!block || block->state != NDIS_PAUSED)
		return -EBUSY;

	ndis_block_set_state(block, NDIS_RESTARTING);
	ndis_block_napi(block, true);
	ndis_block_expect(block);
	restart.Header.Type = NDIS_OBJECT_TYPE_DEFAULT;
	restart.Header.Revision = NDIS_MINIPORT_RESTART_PARAMETERS_REVISION_1;
	restart.Header.Size = sizeof(restart);
	restart.BoundIfIndex = block->netdev->ifindex;
	status = block->driver->chars.RestartHandler(block->context, &restart);
	status = ndis_block_outcome(block, status);
	if (status != NDIS_STATUS_SUCCESS) {
		ndis_block_misuse(block, "MiniportRestart: status 0x%08x",
				  status);
		block->gave_up = status == NDIS_STATUS_PENDING;
		ndis_block_napi(block, false);
		ndis_block_set_state(block, NDIS_PAUSED);
		return status == NDIS_STATUS_PENDING ? -ETIMEDOUT :
		       ndis_status_to_errno(status);
	}

	ndis_block_set_state(block, NDIS_RUNNING);
	ndis_link_apply(block);
	netif_tx_wake_all_queues(block->netdev);
	if (block->hang_seconds)
		queue_delayed_work(ndis_wq, &block->hang,
				   block->hang_seconds * HZ);
	return 0;
}
EXPORT_SYMBOL_GPL(ndis_adapter_restart);

/**
 * NdisMRestartComplete() - MiniportRestart was pending and has ended
 * @MiniportAdapterHandle: NdisMiniportHandle
 * @Status: how
 *
 * Context: any CPU, up to DISPATCH_LEVEL.
 */
VOID NdisMRestartComplete(NDIS_HANDLE MiniportAdapterHandle, NDIS_STATUS Status)
{
	ndis_block_complete(MiniportAdapterHandle, Status, BIT(NDIS_RESTARTING),
			    __func__);
}
EXPORT_SYMBOL_GPL(NdisMRestartComplete);

/* --- pause ---------------------------------------------------------------------- */

/**
 * ndis_adapter_pause() - from running to paused; an adapter's ndo_stop
 * @adapter: adapter; anything but a running one: no-op
 *
 * Stops the transmit queue, calls MiniportPause, waits for its completion, for
 * sends at the miniport and for lists at the stack; after params.patience_ms it
 * names who holds what is missing and goes on.
 *
 * Context: process, rtnl; sleeps.
 * Return: 0, or -ETIMEDOUT when it went on without everything.
 */
int ndis_adapter_pause(struct ndis_adapter *adapter)
{
	NDIS_MINIPORT_PAUSE_PARAMETERS pause = { };
	struct ndis_block *block = adapter->block;
	NDIS_STATUS status;
	bool settled;

	if (!block || block->state != NDIS_RUNNING)
		return 0;

	ndis_block_set_state(block, NDIS_PAUSING);
	cancel_delayed_work_sync(&block->hang);
	/* An xmit that saw it running has ended when this returns */
	netif_tx_disable(block->netdev);
	ndis_sends_abort_batch(block);

	ndis_block_expect(block);
	pause.Header.Type = NDIS_OBJECT_TYPE_DEFAULT;
	pause.Header.Revision = NDIS_MINIPORT_PAUSE_PARAMETERS_REVISION_1;
	pause.Header.Size = sizeof(pause);
	pause.PauseReason = NDIS_PAUSE_NDIS_INTERNAL;
	status = block->driver->chars.PauseHandler(block->context, &pause);
	if (status != NDIS_STATUS_PENDING)
		block->pending = false;
	settled = ndis_block_settle(block, "pause");

	ndis_block_napi(block, false);
	spin_lock_bh(&block->lock);
	block->gave_up = !settled;
	block->state = NDIS_PAUSED;
	spin_unlock_bh(&block->lock);
	return settled ? 0 : -ETIMEDOUT;
}
EXPORT_SYMBOL_GPL(ndis_adapter_pause);

/**
 * NdisMPauseComplete() - MiniportPause was pending and has ended
 * @MiniportAdapterHandle: NdisMiniportHandle
 *
 * Context: any CPU, up to DISPATCH_LEVEL; also from
 * MiniportReturnNetBufferLists.
 */
VOID NdisMPauseComplete(NDIS_HANDLE MiniportAdapterHandle)
{
	ndis_block_complete(MiniportAdapterHandle, NDIS_STATUS_SUCCESS,
			    BIT(NDIS_PAUSING) | BIT(NDIS_PAUSED),
			    __func__);
}
EXPORT_SYMBOL_GPL(NdisMPauseComplete);

/* --- halt ----------------------------------------------------------------------- */

/* Context: process; the adapter is paused and its netdev unregistered */
void ndis_block_halt(struct ndis_block *block)
{
	/* Who has waited in vain at pause need not do so again */
	if (!block->gave_up)
		ndis_block_settle(block, "halt");
	if (ndis_reap_forced(block))
		/* A pause that waits for its last list completes now */
		wait_event_timeout(block->wait, !READ_ONCE(block->pending),
				   msecs_to_jiffies(block->params.patience_ms));
	cancel_delayed_work_sync(&block->reap);
	block->driver->chars.HaltHandlerEx(block->context,
					   NdisHaltDeviceDisabled);
	spin_lock_bh(&block->lock);
	block->state = NDIS_HALTED;
	block->severed = true;
	spin_unlock_bh(&block->lock);
	cancel_delayed_work_sync(&block->reap);
}

/* --- hangs ---------------------------------------------------------------------- */

/**
 * NdisMResetComplete() - MiniportResetEx was pending and has ended
 * @MiniportAdapterHandle: NdisMiniportHandle
 * @Status: how
 * @AddressingReset: not looked at: filters are the netdev's
 *
 * Context: any CPU, up to DISPATCH_LEVEL.
 */
VOID NdisMResetComplete(NDIS_HANDLE MiniportAdapterHandle, NDIS_STATUS Status,
			BOOLEAN AddressingReset)
{
	ndis_block_complete(MiniportAdapterHandle, Status, BIT(NDIS_RUNNING),
			    __func__);
}
EXPORT_SYMBOL_GPL(NdisMResetComplete);

/* Asks the miniport whether its device hangs, and has it reset if so */
void ndis_hang_work(struct work_struct *work)
{
	struct ndis_block *block = container_of(work, struct ndis_block,
						hang.work);
	const NDIS_MINIPORT_DRIVER_CHARACTERISTICS *chars;
	BOOLEAN addressing = FALSE;
	NDIS_STATUS status;

	chars = &block->driver->chars;
	if (chars->CheckForHangHandlerEx(block->context)) {
		spin_lock_bh(&block->lock);
		block->stats[NDIS_RESETS]++;
		spin_unlock_bh(&block->lock);
		ndis_block_expect(block);
		status = chars->ResetHandlerEx(block->context, &addressing);
		status = ndis_block_outcome(block, status);
		ndis_block_misuse(block, "its device hung and was reset: status 0x%08x",
				  status);
	}
	if (READ_ONCE(block->state) == NDIS_RUNNING)
		queue_delayed_work(ndis_wq, &block->hang,
				   block->hang_seconds * HZ);
}
