# SPDX-License-Identifier: GPL-2.0-only
"""Profiles by function -> by whose work it is. What the generator does is taken out: its
module's functions, and of a receiver's profile the sending of as many frames."""

import re

from figures import INTREE, OURS

PARTS = ("the driver", "ndis.ko", "XDP program", "buffers", "DMA mapping", "network stack",
         "rest of the kernel")
KINDS = (
    (r"bpf_", "XDP program"),
    (r"(__)?dma_|swiotlb|iommu|debug_dma", "DMA mapping"),
    (r"(__)?(napi_)?(build|alloc|kfree|consume)_?skb|_*dev_kfree|skb_(release|free|head)|kfree|kmem|kmalloc"
     r"|.*(slab|page_pool|page_frag|skb_cache)|clear_page|get_page|.*(alloc|free)_.*page|cache_from_obj"
     r"|mem(set|cpy)|.*build_skb|napi_consume|.*alloc_skb|put_page|.*rmqueue|should_fail", "buffers"),
    (r"ip_|ip6_|inet|udp|tcp|.*gro|fib_|eth_type|.*netif|.*skb|dev_|validate|.*xdp|.*xsk|xp_",
     "network stack"),
)


def part(module, name):
    if module in (f"[{INTREE}]", f"[{OURS}]"):
        return "the driver"
    if module == "[ndis]":
        return "ndis.ko"
    for pattern, kind in KINDS:
        if re.match(pattern, name):
            return kind
    return "rest of the kernel"


def title(row):
    verb, size = re.fullmatch(r"([a-z]+)(\d+)", row).groups()
    names = {"tx": "TX", "rx": "RX", "drop": "XDP_DROP", "back": "XDP_TX",
             "redirect": "XDP_REDIRECT", "xsk": "AF_XDP"}
    return f"{names.get(verb, verb)}, {size} bytes"


def xmit_calls(functions):
    calls = [c for (_, name), (_, c) in functions.items()
             if name in ("enbl_xmit", "e1000_xmit_frame")]
    return calls[0] if calls else 0


def functions(profile, profiles):
    """{(module, function): (instructions, calls)} without the generator, and whether
    that could be taken out."""
    mine = {(m, n): (i, c) for i, c, m, n in profile["functions"]}
    complete = True
    if not profile["row"].startswith("tx"):
        size = re.sub(r"\D", "", profile["row"])
        sends = [p for p in profiles if p["row"] == f"tx{size}" and
                 p["driver"] == profile["driver"]]
        complete = bool(sends)
        if sends:
            send = {(m, n): (i, c) for i, c, m, n in sends[0]["functions"]}
            times = xmit_calls(mine) / (xmit_calls(send) or 1)
            for key, (i, c) in send.items():
                a, b = mine.get(key, (0, 0))
                mine[key] = (max(a - i * times, 0), max(b - c * times, 0))
    return {k: v for k, v in mine.items() if k[0] != "[pktgen]" and v[0] >= 0.05}, complete


def parts(profile, profiles):
    result = dict.fromkeys(PARTS, 0)
    for (module, name), (count, _) in functions(profile, profiles)[0].items():
        result[part(module, name)] += count
    return result
