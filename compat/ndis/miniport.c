// SPDX-License-Identifier: GPL-2.0-only
/*
 * The miniport seam's lives: a driver registers its handlers, an adapter comes
 * (MiniportInitializeEx) and goes (MiniportHaltEx).
 *
 *   module_init:  DriverEntry -> NdisMRegisterMiniportDriver
 *   probe:        ndis_adapter_init -> MiniportInitializeEx, register_netdev
 *   remove:       unregister_netdev, ndis_adapter_halt -> MiniportHaltEx
 *   module_exit:  ndis_driver_unload -> DriverUnload -> NdisMDeregister...
 *
 * Why no handler is called after its module is gone:
 *  - Handlers are called by the stack (send), by a poll or interrupt of the
 *    adapter's device (DPC, ISR), by the miniport's own calls (return), by the
 *    caller of init, restart, pause and halt, and by two works.
 *  - The netdev is unregistered before halt, so the stack is out. Halt returns
 *    only when NAPI is deleted and both works are cancelled and waited for.
 *  - A module that leaves without all that is cut off: when the kernel says that
 *    it is going, before its code is freed, its adapters are severed. The works
 *    look at that under the lock under which they take lists, and are waited for;
 *    what they touch is memory of ndis.ko, not of the netdev.
 *  - ndis.ko itself cannot leave, the miniport's module uses its symbols.
 */
#define pr_fmt(fmt) KBUILD_MODNAME ": " fmt

#include <linux/module.h>
#include <linux/slab.h>

#include "miniport_internal.h"

#define NDIS_COPYBREAK		256
#define NDIS_SEND_LIMIT		256
#define NDIS_PATIENCE_MS	2000

DEFINE_MUTEX(ndis_blocks_lock);		/* ndis_blocks, ndis_drivers */
LIST_HEAD(ndis_blocks);
static LIST_HEAD(ndis_drivers);
atomic64_t ndis_adapters_created, ndis_adapters_destroyed;

void ndis_block_misuse(const struct ndis_block *block, const char *fmt, ...)
{
	struct va_format vaf = { .fmt = fmt };
	va_list args;

	va_start(args, fmt);
	vaf.va = &args;
	pr_warn_ratelimited("adapter %s of %s: %pV\n",
			    block->netdev ? block->netdev->name : "that left",
			    block->driver->name, &vaf);
	va_end(args);
}

int ndis_status_to_errno(NDIS_STATUS status)
{
	switch (status) {
	case NDIS_STATUS_SUCCESS:
		return 0;
	case NDIS_STATUS_RESOURCES:
		return -ENOMEM;
	case NDIS_STATUS_NOT_SUPPORTED:
		return -EOPNOTSUPP;
	case NDIS_STATUS_INVALID_PARAMETER:
		return -EINVAL;
	default:
		return -EIO;
	}
}

struct device *ndis_handle_dev(NDIS_HANDLE MiniportAdapterHandle)
{
	struct ndis_block *block = MiniportAdapterHandle;

	return block ? block->dev : NULL;
}
EXPORT_SYMBOL_GPL(ndis_handle_dev);

/* --- drivers ------------------------------------------------------------------ */

/* Sizes are of Windows's structures, ours have fewer members: not looked at */
static bool ndis_chars_valid(const NDIS_MINIPORT_DRIVER_CHARACTERISTICS *c)
{
	return c && c->Header.Type ==
			NDIS_OBJECT_TYPE_MINIPORT_DRIVER_CHARACTERISTICS &&
	       c->Header.Revision >= 1 && c->Header.Revision <= 3 &&
	       c->MajorNdisVersion == 6 &&
	       c->InitializeHandlerEx && c->HaltHandlerEx && c->PauseHandler &&
	       c->RestartHandler && c->SendNetBufferListsHandler &&
	       c->ReturnNetBufferListsHandler &&
	       !c->CheckForHangHandlerEx == !c->ResetHandlerEx;
}

/**
 * __NdisMRegisterMiniportDriver() - a driver says what its handlers are
 * @DriverObject: what DriverEntry was called with; not looked at
 * @RegistryPath: the same
 * @MiniportDriverContext: passed to MiniportInitializeEx
 * @MiniportDriverCharacteristics: the handlers, of NDIS 6
 * @NdisMiniportDriverHandle: receives the handle
 * @owner: the caller's module, filled in by NdisMRegisterMiniportDriver()
 *
 * Context: process; sleeps.
 * Return: NDIS_STATUS_SUCCESS; NDIS_STATUS_BAD_CHARACTERISTICS without a handler
 * that must be there; NDIS_STATUS_RESOURCES.
 */
NDIS_STATUS
__NdisMRegisterMiniportDriver(PDRIVER_OBJECT DriverObject,
			      PUNICODE_STRING RegistryPath,
			      NDIS_HANDLE MiniportDriverContext,
			      PNDIS_MINIPORT_DRIVER_CHARACTERISTICS
			      MiniportDriverCharacteristics,
			      PNDIS_HANDLE NdisMiniportDriverHandle,
			      struct module *owner)
{
	NDIS_MINIPORT_DRIVER_CHARACTERISTICS *c = MiniportDriverCharacteristics;
	NDIS_STATUS status = NDIS_STATUS_SUCCESS;
	struct ndis_driver *driver;

	if (!NdisMiniportDriverHandle || !ndis_chars_valid(c))
		return NDIS_STATUS_BAD_CHARACTERISTICS;
	driver = ndis_fail(NDIS_SITE_DRIVER) ? NULL :
		 kzalloc(sizeof(*driver), GFP_KERNEL);
	if (!driver)
		return NDIS_STATUS_RESOURCES;

	driver->chars = *c;
	driver->context = MiniportDriverContext;
	driver->owner = owner;
	strscpy(driver->name, owner ? module_name(owner) : "kernel",
		sizeof(driver->name));
	mutex_lock(&ndis_blocks_lock);
	list_add_tail(&driver->node, &ndis_drivers);
	mutex_unlock(&ndis_blocks_lock);
	*NdisMiniportDriverHandle = driver;

	if (c->SetOptionsHandler)
		status = c->SetOptionsHandler(driver, MiniportDriverContext);
	if (status != NDIS_STATUS_SUCCESS) {
		*NdisMiniportDriverHandle = NULL;
		NdisMDeregisterMiniportDriver(driver);
	}
	return status;
}
EXPORT_SYMBOL_GPL(__NdisMRegisterMiniportDriver);

/* What an adapter has of ndis.ko; its block stays */
static void ndis_block_release(struct ndis_block *block)
{
	ndis_sends_destroy(block);
	ndis_shared_release(block);
	put_device(block->dev);
	block->dev = NULL;
	atomic64_inc(&ndis_adapters_destroyed);
}

/*
 * Nothing of the miniport is called from here on, nor of its netdev touched.
 * What it has lent out stays lent; its pools will say so.
 */
void ndis_block_sever(struct ndis_block *block)
{
	spin_lock_bh(&block->lock);
	block->severed = true;
	block->state = NDIS_HALTED;
	spin_unlock_bh(&block->lock);
	cancel_delayed_work_sync(&block->reap);
	cancel_delayed_work_sync(&block->hang);
	pr_warn("a miniport of %s left without ndis_adapter_halt(), %u lists out, %u sends pending\n",
		block->driver->name, block->nr_out, block->nr_sends);
	ndis_out_forget(block);
	block->adapter = NULL;
	block->netdev = NULL;
	ndis_block_release(block);
}

/* Context: process, ndis_blocks_lock */
static void ndis_driver_free(struct ndis_driver *driver)
{
	struct ndis_block *block;

	list_for_each_entry(block, &ndis_blocks, node)
		if (block->driver == driver && !block->severed)
			ndis_block_sever(block);
	list_del(&driver->node);
	/* A severed block is left behind, and its name for debugfs in it */
	if (!driver->adapters)
		kfree(driver);
}

/**
 * NdisMDeregisterMiniportDriver() - a driver unloads
 * @NdisMiniportDriverHandle: from NdisMRegisterMiniportDriver(); NULL does
 *	nothing
 *
 * Adapters should be halted before. One that is not is cut off: no handler of it
 * is called any more.
 *
 * Context: process; sleeps.
 */
VOID NdisMDeregisterMiniportDriver(NDIS_HANDLE NdisMiniportDriverHandle)
{
	struct ndis_driver *driver = NdisMiniportDriverHandle;

	if (!driver)
		return;
	mutex_lock(&ndis_blocks_lock);
	ndis_driver_free(driver);
	mutex_unlock(&ndis_blocks_lock);
}
EXPORT_SYMBOL_GPL(NdisMDeregisterMiniportDriver);

/**
 * ndis_driver_unload() - call a driver's DriverUnload
 * @driver: handle from NdisMRegisterMiniportDriver(); NULL does nothing
 *
 * Context: process; sleeps.
 */
void ndis_driver_unload(NDIS_HANDLE driver)
{
	struct ndis_driver *d = driver;

	if (!d)
		return;
	if (d->chars.UnloadHandler)
		d->chars.UnloadHandler(NULL);
	else
		NdisMDeregisterMiniportDriver(driver);
}
EXPORT_SYMBOL_GPL(ndis_driver_unload);

/* Its exit function has run, its code is still there: the last moment */
static int ndis_module_event(struct notifier_block *nb, unsigned long event,
			     void *data)
{
	struct ndis_driver *driver, *next;

	if (event != MODULE_STATE_GOING)
		return NOTIFY_DONE;
	mutex_lock(&ndis_blocks_lock);
	list_for_each_entry_safe(driver, next, &ndis_drivers, node)
		if (driver->owner == data)
			ndis_driver_free(driver);
	mutex_unlock(&ndis_blocks_lock);
	return NOTIFY_OK;
}

static struct notifier_block ndis_module_notifier = {
	.notifier_call	= ndis_module_event,
};

/* --- adapters ----------------------------------------------------------------- */

static struct ndis_block *ndis_block_create(struct ndis_adapter *adapter,
					    const struct ndis_adapter_params *p)
{
	struct ndis_block *block;

	block = ndis_fail(NDIS_SITE_ADAPTER) ? NULL :
		kzalloc(sizeof(*block), GFP_KERNEL);
	if (!block)
		return NULL;
	block->driver = p->driver;
	block->adapter = adapter;
	block->netdev = adapter->netdev;
	block->dev = get_device(p->dev);
	block->params = *p;
	block->params.copybreak = p->copybreak ?: NDIS_COPYBREAK;
	block->params.send_limit = p->send_limit ?: NDIS_SEND_LIMIT;
	block->params.patience_ms = p->patience_ms ?: NDIS_PATIENCE_MS;
	spin_lock_init(&block->lock);
	spin_lock_init(&block->irq_lock);
	INIT_LIST_HEAD(&block->out);
	INIT_LIST_HEAD(&block->shared);
	INIT_DELAYED_WORK(&block->reap, ndis_reap_work);
	INIT_DELAYED_WORK(&block->hang, ndis_hang_work);
	init_waitqueue_head(&block->wait);
	block->reap_delay = 1;

	if (ndis_sends_create(block)) {
		put_device(block->dev);
		kfree(block);
		return NULL;
	}
	mutex_lock(&ndis_blocks_lock);
	list_add_tail(&block->node, &ndis_blocks);
	block->driver->adapters++;
	mutex_unlock(&ndis_blocks_lock);
	atomic64_inc(&ndis_adapters_created);
	return block;
}

static void ndis_block_destroy(struct ndis_block *block)
{
	mutex_lock(&ndis_blocks_lock);
	list_del(&block->node);
	block->driver->adapters--;
	mutex_unlock(&ndis_blocks_lock);
	/* Not before the last list is back: each frees its record */
	cancel_delayed_work_sync(&block->reap);
	ndis_block_release(block);
	kfree(block);
}

static int ndis_block_initialize(struct ndis_block *block)
{
	NDIS_MINIPORT_INIT_PARAMETERS init = { };
	NDIS_STATUS status;

	init.Header.Type = NDIS_OBJECT_TYPE_MINIPORT_INIT_PARAMETERS;
	init.Header.Revision = NDIS_MINIPORT_INIT_PARAMETERS_REVISION_1;
	init.Header.Size = sizeof(init);
	init.MiniportAddDeviceContext = block->params.context;
	init.IfIndex = block->netdev->ifindex;
	status = block->driver->chars.InitializeHandlerEx(block,
							  block->driver->context,
							  &init);
	if (status != NDIS_STATUS_SUCCESS)
		return ndis_status_to_errno(status);
	if (!block->context) {
		ndis_block_misuse(block, "MiniportInitializeEx has set no registration attributes");
		return -EINVAL;
	}
	return 0;
}

/**
 * ndis_adapter_init() - bring a miniport adapter to life
 * @adapter: in the private data of @netdev
 * @netdev: not registered yet, one transmit queue
 * @params: see there
 *
 * Calls MiniportInitializeEx, whose attributes set the netdev's address, MTU and
 * features; register_netdev() comes after it. The adapter is paused then.
 *
 * Context: process; sleeps.
 * Return: 0 or an errno: what MiniportInitializeEx failed with, -EINVAL, -ENOMEM.
 */
int ndis_adapter_init(struct ndis_adapter *adapter, struct net_device *netdev,
		      const struct ndis_adapter_params *params)
{
	struct ndis_block *block;
	int err;

	adapter->block = NULL;
	if (!params->driver || netdev->num_tx_queues != 1 ||
	    params->send_limit > U16_MAX)
		return -EINVAL;

	adapter->netdev = netdev;
	block = ndis_block_create(adapter, params);
	if (!block)
		return -ENOMEM;
	adapter->block = block;
	/* Lists are allocated with BH off, which netpoll's context forbids */
	netdev->priv_flags |= IFF_DISABLE_NETPOLL;
	netif_napi_add(netdev, &adapter->napi, ndis_block_poll);

	err = ndis_block_initialize(block);
	if (err) {
		netif_napi_del(&adapter->napi);
		adapter->block = NULL;
		ndis_block_destroy(block);
		return err;
	}
	block->state = NDIS_PAUSED;
	return 0;
}
EXPORT_SYMBOL_GPL(ndis_adapter_init);

/**
 * ndis_adapter_halt() - end a miniport adapter
 * @adapter: adapter whose netdev is not registered any more; halted: no-op
 *
 * Pauses if need be, waits as long as params.patience_ms for lists that are out,
 * names who holds the rest, gives them back all the same (see
 * ndis_reap_forced()), then calls MiniportHaltEx. No handler is called after it.
 *
 * Context: process; sleeps.
 */
void ndis_adapter_halt(struct ndis_adapter *adapter)
{
	struct ndis_block *block = adapter->block;

	if (!block)
		return;
	if (block->state != NDIS_PAUSED)
		ndis_adapter_pause(adapter);
	ndis_block_halt(block);
	netif_napi_del(&adapter->napi);
	adapter->block = NULL;
	ndis_block_destroy(block);
}
EXPORT_SYMBOL_GPL(ndis_adapter_halt);

int ndis_miniport_init(struct dentry *debugfs)
{
	int err = ndis_out_cache_init();

	if (err)
		return err;
	err = register_module_notifier(&ndis_module_notifier);
	if (err) {
		ndis_out_cache_exit();
		return err;
	}
	ndis_miniport_debugfs(debugfs);
	return 0;
}

/* Nobody uses our symbols any more: what is left was severed */
void ndis_miniport_exit(void)
{
	struct ndis_block *block, *next;

	unregister_module_notifier(&ndis_module_notifier);
	list_for_each_entry_safe(block, next, &ndis_blocks, node) {
		struct ndis_driver *driver = block->driver;

		list_del(&block->node);
		kfree(block);
		if (!--driver->adapters)
			kfree(driver);
	}
	ndis_out_cache_exit();
}
