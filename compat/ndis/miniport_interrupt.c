// SPDX-License-Identifier: GPL-2.0-only
/*
 * Interrupts: the miniport's ISR runs in the Linux handler, its DPC in a NAPI
 * poll of the adapter.
 *
 *   irq -> ndis_adapter_interrupt() -> MiniportInterrupt: ours? queue the DPC?
 *       -> napi_schedule() -> poll: reap, MiniportInterruptDPC(budget)
 *
 * NDIS's receive throttle is NAPI's budget: a DPC that stops at
 * MaxNblsToIndicate with more to do says so and is called again.
 */
#include <linux/module.h>

#include "miniport_internal.h"

#define NDIS_REAP_POLL	128	/* lists looked at before each DPC */

/**
 * ndis_adapter_interrupt() - call the miniport's interrupt handler
 * @adapter: adapter
 *
 * For the handler that the Linux side gives to request_irq().
 *
 * Context: hard interrupt, or any other.
 * Return: IRQ_HANDLED if the miniport says that the interrupt is its own.
 */
irqreturn_t ndis_adapter_interrupt(struct ndis_adapter *adapter)
{
	struct ndis_block *block = adapter->block;
	BOOLEAN queue = FALSE, ours;
	ULONG targets = 0;
	unsigned long flags;

	if (unlikely(!block))
		return IRQ_NONE;
	spin_lock_irqsave(&block->irq_lock, flags);
	ours = block->irq_context &&
	       block->irq.InterruptHandler(block->irq_context, &queue,
					   &targets);
	spin_unlock_irqrestore(&block->irq_lock, flags);
	if (queue || targets)
		napi_schedule_irqoff(&adapter->napi);
	return ours ? IRQ_HANDLED : IRQ_NONE;
}
EXPORT_SYMBOL_GPL(ndis_adapter_interrupt);

/**
 * ndis_block_poll() - the adapter's NAPI poll
 * @napi: &struct ndis_adapter.napi
 * @budget: lists to indicate at most
 *
 * Return: lists indicated; @budget to be called again.
 */
int ndis_block_poll(struct napi_struct *napi, int budget)
{
	struct ndis_adapter *adapter = container_of(napi, struct ndis_adapter,
						    napi);
	NDIS_RECEIVE_THROTTLE_PARAMETERS throttle = { };
	struct ndis_block *block = adapter->block;
	u32 done;

	if (unlikely(!budget))
		return 0;
	/* What is done goes home first: the ring may be short of it */
	ndis_reap(block, NDIS_REAP_POLL);

	block->polled = 0;
	throttle.MaxNblsToIndicate = budget;
	WRITE_ONCE(block->poller, current);
	if (likely(block->irq_context))
		block->irq.InterruptDpcHandler(block->irq_context, NULL,
					       &throttle, NULL);
	WRITE_ONCE(block->poller, NULL);
	done = block->polled;

	/* A miniport of before NDIS 6.20 knows no throttle */
	if (throttle.MoreNblsPending || done >= budget)
		return budget;
	napi_complete_done(napi, done);
	return done;
}

/* Context: process. DPCs run from restart to the end of pause */
void ndis_block_napi(struct ndis_block *block, bool on)
{
	if (block->napi_on == on)
		return;
	block->napi_on = on;
	if (on)
		napi_enable(&block->adapter->napi);
	else
		napi_disable(&block->adapter->napi);
}

/**
 * NdisMRegisterInterruptEx() - name the ISR and the DPC
 * @MiniportAdapterHandle: NdisMiniportHandle
 * @MiniportInterruptContext: passed to both; not NULL
 * @MiniportInterruptCharacteristics: the handlers; InterruptType is filled in
 * @NdisInterruptHandle: receives the handle
 *
 * The interrupt itself is the Linux side's to request.
 *
 * Context: process.
 * Return: NDIS_STATUS_SUCCESS; NDIS_STATUS_INVALID_PARAMETER without handlers or
 * context, or if there is one registered.
 */
NDIS_STATUS NdisMRegisterInterruptEx(NDIS_HANDLE MiniportAdapterHandle,
				     NDIS_HANDLE MiniportInterruptContext,
				     PNDIS_MINIPORT_INTERRUPT_CHARACTERISTICS
				     MiniportInterruptCharacteristics,
				     PNDIS_HANDLE NdisInterruptHandle)
{
	NDIS_MINIPORT_INTERRUPT_CHARACTERISTICS *c =
		MiniportInterruptCharacteristics;
	struct ndis_block *block = MiniportAdapterHandle;

	if (!block || !MiniportInterruptContext || !NdisInterruptHandle || !c ||
	    c->Header.Type != NDIS_OBJECT_TYPE_MINIPORT_INTERRUPT ||
	    !c->InterruptHandler || !c->InterruptDpcHandler ||
	    block->irq_context)
		return NDIS_STATUS_INVALID_PARAMETER;

	c->InterruptType = NDIS_CONNECT_LINE_BASED;
	spin_lock_irq(&block->irq_lock);
	block->irq = *c;
	block->irq_context = MiniportInterruptContext;
	spin_unlock_irq(&block->irq_lock);
	*NdisInterruptHandle = block;
	return NDIS_STATUS_SUCCESS;
}
EXPORT_SYMBOL_GPL(NdisMRegisterInterruptEx);

/**
 * NdisMDeregisterInterruptEx() - neither ISR nor DPC is called any more
 * @NdisInterruptHandle: from NdisMRegisterInterruptEx()
 *
 * Context: process; waits for a DPC that runs.
 */
VOID NdisMDeregisterInterruptEx(NDIS_HANDLE NdisInterruptHandle)
{
	struct ndis_block *block = NdisInterruptHandle;

	if (!block)
		return;
	spin_lock_irq(&block->irq_lock);
	block->irq_context = NULL;
	spin_unlock_irq(&block->irq_lock);
	/* Paused, as in MiniportHaltEx, there is no poll to wait for */
	if (block->napi_on)
		napi_synchronize(&block->adapter->napi);
}
EXPORT_SYMBOL_GPL(NdisMDeregisterInterruptEx);

/**
 * NdisMSynchronizeWithInterruptEx() - run a function while the ISR does not
 * @NdisInterruptHandle: from NdisMRegisterInterruptEx()
 * @MessageId: not looked at
 * @SynchronizeFunction: what to run
 * @SynchronizeContext: its argument
 *
 * Context: any; @SynchronizeFunction runs with interrupts off.
 * Return: what @SynchronizeFunction returns.
 */
BOOLEAN NdisMSynchronizeWithInterruptEx(NDIS_HANDLE NdisInterruptHandle,
					ULONG MessageId,
					MINIPORT_SYNCHRONIZE_INTERRUPT_HANDLER
					SynchronizeFunction,
					PVOID SynchronizeContext)
{
	struct ndis_block *block = NdisInterruptHandle;
	unsigned long flags;
	BOOLEAN ret;

	spin_lock_irqsave(&block->irq_lock, flags);
	ret = SynchronizeFunction(SynchronizeContext);
	spin_unlock_irqrestore(&block->irq_lock, flags);
	return ret;
}
EXPORT_SYMBOL_GPL(NdisMSynchronizeWithInterruptEx);
