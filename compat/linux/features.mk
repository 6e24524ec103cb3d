# SPDX-License-Identifier: GPL-2.0-only
# For drift that the preprocessor cannot see (a struct's member, a function's
# arguments) and that stable kernels backport: ask the kernel's own header.
#
# compat-has NAME, REGULAR EXPRESSION, HEADER: -DCOMPAT_HAS_NAME or nothing
compat-has = $(if $(shell grep -s '$(2)' $(srctree)/include/$(3)),-DCOMPAT_HAS_$(1))

# compat-exports NAME, SYMBOL: likewise, of what modules may use
compat-exports = $(if $(shell grep -sw '$(2)' $(objtree)/Module.symvers),-DCOMPAT_HAS_$(1))

compat-flags := \
	$(call compat-has,XSK_SYNC_WITH_POOL,dma_sync_for_cpu.*xsk_buff_pool,net/xdp_sock_drv.h) \
	$(call compat-has,XSK_CB,u8 cb.XSK_PRIV_MAX,net/xsk_buff_pool.h) \
	$(call compat-has,XMO_RX_VLAN_TAG,xmo_rx_vlan_tag,net/xdp.h) \
	$(call compat-has,XDP_SKB_FLAGS,xdp_buff_get_skb_flags,net/xdp.h) \
	$(call compat-has,XDP_FRAME_MEM_TYPE,xdp_mem_type mem_type:,net/xdp.h) \
	$(call compat-has,PAGE_POOL_UNMAPS,xarray dma_mapped,net/page_pool/types.h) \
	$(call compat-has,STAT_OPS,struct netdev_stat_ops {,net/netdev_queues.h) \
	$(call compat-has,QUEUE_NAPI,void netif_napi_set_irq,linux/netdevice.h) \
	$(call compat-has,WQ_PERCPU,\<WQ_PERCPU\>.*=,linux/workqueue.h) \
	$(call compat-exports,UDP_KEYS,udp_encap_needed_key)
