// SPDX-License-Identifier: GPL-2.0-only
/*
 * A netdev with a NAPI. What is indicated in its poll goes through GRO and the
 * stack's first steps, and ends in a queue for the test to look at.
 */
#include <linux/completion.h>
#include <linux/etherdevice.h>
#include <linux/module.h>
#include <linux/rtnetlink.h>

#include "pool_test.h"

static netdev_tx_t test_net_xmit(struct sk_buff *skb, struct net_device *dev)
{
	dev_kfree_skb_any(skb);
	return NETDEV_TX_OK;
}

static const struct net_device_ops test_net_ops = {
	.ndo_start_xmit	= test_net_xmit,
};

static rx_handler_result_t test_net_rx(struct sk_buff **pskb)
{
	struct test_net *net = rcu_dereference((*pskb)->dev->rx_handler_data);

	skb_queue_tail(&net->received, *pskb);
	return RX_HANDLER_CONSUMED;
}

static int test_net_napi(struct napi_struct *napi, int budget)
{
	struct test_net *net = container_of(napi, struct test_net, napi);

	if (!budget)
		return 0;
	net->fn(net, net->arg);
	napi_complete_done(napi, 1);
	complete(&net->polled);
	return 1;
}

/**
 * test_net_poll() - run a function in the NAPI's poll
 * @net: netdev
 * @fn: what to run, once
 * @arg: its argument
 *
 * Return: false when the poll did not come within ten seconds.
 */
bool test_net_poll(struct test_net *net,
		   void (*fn)(struct test_net *net, void *arg), void *arg)
{
	net->fn = fn;
	net->arg = arg;
	reinit_completion(&net->polled);
	local_bh_disable();
	napi_schedule(&net->napi);
	local_bh_enable();
	return wait_for_completion_timeout(&net->polled, 10 * HZ);
}
EXPORT_SYMBOL_GPL(test_net_poll);

struct test_net *test_net_create(void)
{
	struct net_device *dev = alloc_etherdev(sizeof(struct test_net));
	struct test_net *net;
	int err;

	if (!dev)
		return NULL;
	net = netdev_priv(dev);
	net->dev = dev;
	skb_queue_head_init(&net->received);
	init_completion(&net->polled);
	strscpy(dev->name, "ndistest%d", IFNAMSIZ);
	dev->netdev_ops = &test_net_ops;
	eth_hw_addr_random(dev);
	netif_napi_add(dev, &net->napi, test_net_napi);

	if (register_netdev(dev))
		goto err_free;
	rtnl_lock();
	err = netdev_rx_handler_register(dev, test_net_rx, net);
	rtnl_unlock();
	if (err)
		goto err_unregister;
	napi_enable(&net->napi);
	return net;

err_unregister:
	unregister_netdev(dev);
err_free:
	free_netdev(dev);
	return NULL;
}
EXPORT_SYMBOL_GPL(test_net_create);

void test_net_destroy(struct test_net *net)
{
	struct net_device *dev = net->dev;

	napi_disable(&net->napi);
	rtnl_lock();
	netdev_rx_handler_unregister(dev);
	rtnl_unlock();
	skb_queue_purge(&net->received);
	unregister_netdev(dev);
	free_netdev(dev);
}
EXPORT_SYMBOL_GPL(test_net_destroy);
