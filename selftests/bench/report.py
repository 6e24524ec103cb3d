#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-only
"""report.py BENCH.json OUT.html [OLD.json]: one page with everything in it, to be
opened without a network."""

import sys

import figures
import pictures
import profiles
from figures import INTREE, OURS, short
from pictures import esc

STYLE = """
:root { --ink: #1c2128; --soft: #57606a; --line: #d8dce1; --ours: #1f6feb; }
* { box-sizing: border-box; }
body { margin: 0 auto; max-width: 960px; padding: 2rem 1.5rem 4rem; color: var(--ink);
  background: #fff; font: 16px/1.5 system-ui, "DejaVu Sans", Helvetica, Arial, sans-serif; }
h1 { font-size: 1.75rem; line-height: 1.25; margin: 0 0 .5rem; }
h2 { font-size: 1.2rem; line-height: 1.35; margin: 0 0 .25rem; }
h3 { font-size: 1rem; margin: 1.5rem 0 .25rem; }
section { border-top: 1px solid var(--line); margin-top: 2.25rem; padding-top: 1.5rem; }
p { margin: .4rem 0; max-width: 46rem; }
.soft, figcaption, .how { color: var(--soft); font-size: .9rem; }
.tiles { display: grid; grid-template-columns: repeat(auto-fit, minmax(150px, 1fr)); gap: .75rem;
  margin: 1.25rem 0; }
.tile { border: 1px solid var(--line); border-radius: 8px; padding: .7rem .9rem; }
.tile b { display: block; font-size: 1.5rem; color: var(--ours); line-height: 1.2; }
.tile span { font-size: .85rem; color: var(--soft); display: block; line-height: 1.35; }
figure { margin: .75rem 0 0; }
a { color: var(--ours); }
.legend { display: flex; flex-wrap: wrap; gap: .15rem 1.25rem; font-size: .9rem; margin: .5rem 0; }
.legend i { display: inline-block; width: 1.1rem; height: .75rem; margin-right: .45rem;
  background: currentColor; }
.legend .thin { height: .25rem; vertical-align: .2rem; }
.legend .dot { width: .5rem; height: .5rem; border-radius: 50%; }
.legend .mark { width: .2rem; height: .9rem; vertical-align: -.1rem; }
.legend .line { width: 1.8rem; height: 0; background: none; vertical-align: .25rem;
  border-top: 3px solid; }
.legend .dash2 { border-top-style: dashed; } .legend .dash3 { border-top-style: dotted; }
.legend .dash4 { border-top-style: double; }
.wide { overflow-x: auto; }
.wide svg { display: block; width: 100%; min-width: 620px; height: auto; }
table { border-collapse: collapse; font-size: .9rem; width: 100%; }
th, td { text-align: left; padding: .3rem .6rem; border-bottom: 1px solid var(--line);
  vertical-align: top; }
th { font-weight: 600; white-space: nowrap; } table { margin: .5rem 0; }
td:first-child { min-width: 11rem; }
td.n, th.n { text-align: right; font-variant-numeric: tabular-nums; white-space: nowrap; }
td.met { color: #116329; white-space: nowrap; } td.missed { color: #b42318; font-weight: 600;
  white-space: nowrap; } td.none { color: var(--soft); white-space: nowrap; }
dl { display: grid; grid-template-columns: repeat(auto-fit, minmax(150px, 1fr)); gap: .6rem 1.25rem;
  font-size: .9rem; } dt { color: var(--soft); } dd { margin: 0; overflow-wrap: anywhere; }
details { margin: .5rem 0; } summary { cursor: pointer; }
code { font: .85em ui-monospace, "DejaVu Sans Mono", monospace; }
@media (max-width: 500px) { body { padding: 1rem .9rem 3rem; } h1 { font-size: 1.4rem; } }
"""

NOUNS = {"nics": "instructions", "pairs": "instructions", "exits": "register accesses",
         "wallclock": "speed"}
HOW = {
    "instructions": "QEMU counts what the guest executes, one nanosecond an instruction, so the packet "
    "generator's own clock gives instructions per packet; the cheaper of two runs. Sending is the total "
    "less the generator on a dummy device. Receiving is generator and receiver on one CPU less the "
    "generator and its sending. Cache misses, DMA and the price of a VM exit are not in it.",
    "nics": "As above, with so many NICs in one guest.",
    "exits": "QEMU's trace of accesses to the NIC's registers. On a KVM host each is a VM exit.",
    "allocations": "The kernel's kmem tracepoints, in a run of their own; the generator's few are among them.",
    "memory": "What the kernel says of the buffers that are in use.",
    "pairs": "A kernel module that allocates and frees in a loop, under the same counter.",
    "wallclock": "Two CPUs, not counted, both drivers in turn: A B A B. The median of the pairs' ratios; "
    "each pair is drawn, because the machine has other work.",
    "latency": "As the wall clock, in turn; less is better.",
}



def table(heads, lines, numbers=()):
    """Cells are text, or (class, text)."""
    def cell(tag, i, value):
        css = "n" if i in numbers else ""
        if isinstance(value, tuple):
            css, value = value
        css = f' class="{css}"' if css else ""
        return f"<{tag}{css}>{esc(value)}</{tag}>"
    out = ["<div class=\"wide\"><table>", "<tr>" + "".join(cell("th", i, h) for i, h in enumerate(heads)) + "</tr>"]
    out += ["<tr>" + "".join(cell("td", i, v) for i, v in enumerate(line)) + "</tr>" for line in lines]
    return "\n".join(out) + "</table></div>\n"


def head(bench):
    """What was measured, where and when."""
    packets = sorted({f["packets"] for f in bench["figures"] if f["kind"] == "instructions"})
    facts = [
        ("Guest's kernel", bench["kernel"]), ("QEMU", bench["qemu"]), ("NIC", bench["nic"]),
        ("Measured", bench.get("date", "unknown")), ("Commit", bench.get("commit", "unknown")),
        ("Packets a run", ", ".join(f"{p:,}" for p in packets)),
        ("Wall clock by", bench["wallclock"].upper()),
    ]
    lines = "".join(f"<div><dt>{esc(k)}</dt><dd>{esc(v)}</dd></div>" for k, v in facts)
    return f"<dl>{lines}</dl>\n"


def tiles(many):
    """The cheapest row of each family beside in-tree, and the wall clock."""
    chosen = []
    for begin in ("TX 60", "TX 1514", "RX", "XDP_DROP"):
        mine = [r for r in pictures.plain(many) if r.name.startswith(begin)]
        usual = [r for r in mine if "burst 8" in r.name and "ring" not in r.name] or mine
        if usual:
            row = min(usual, key=lambda r: len(r.title))
            chosen.append((f"{row.ratio:.2f} ×", f"{row.title}: {short(row.value(OURS))} instructions, "
                           f"in-tree {short(row.value(INTREE))}"))
    for row in [r for r in many if r.kind == "wallclock" and r.paired][:1]:
        chosen.append((f"{row.ratio:.2f} ×", f"{row.title}: wall clock, {min(row.ratios):.2f} to "
                       f"{max(row.ratios):.2f} over {len(row.ratios)} pairs"))
    return "<div class=\"tiles\">" + "".join(
        f'<div class="tile"><b>{esc(big)}</b><span>{esc(small)}</span></div>' for big, small in chosen) + "</div>\n"


def count(goals):
    return sum(g.met is True for g in goals), sum(g.met is not None for g in goals)


def targets(goals):
    css = {True: "met", False: "missed", None: "none"}
    sign = {True: "✓ met", False: "✗ not met", None: "not measured"}
    over = {"instructions": ", over ring sizes", "nics": ", over numbers of NICs"}
    lines = [(g.name + (over.get(g.kind, "") if g.flat else ""), NOUNS.get(g.kind, g.kind), g.text,
              "" if g.met is None else g.reached, (css[g.met], sign[g.met])) for g in goals]
    met, judged = count(goals)
    return (f"<section id=\"targets\"><h2>{met} of {judged} targets are met</h2>\n" +
            table(("row", "figure", "target", "measured", ""), lines, (2, 3)) + "</section>\n")


def changed(bench, old):
    found, unlike = figures.changes(old, bench)
    moved = [f for f in found if f[2] == "changed"]
    title = f"{len(moved)} figures changed" if moved else "No figure changed by more than 0.5 %"
    out = f"<section><h2>{title} since {esc(old.get('commit', 'the older benchmark'))}</h2>\n"
    out += "".join(f'<p class="soft">Not alike: {esc(t)}</p>' for t in unlike)
    if moved:
        out += table(("row", "driver", "was", "is", "change"), [
            (f"{row.label} ({row.kind})", driver, short(a), short(b), f"{b / a * 100 - 100:+.1f} %" if a else "")
            for row, driver, _, a, b in moved], (2, 3, 4))
    rest = [f for f in found if f[2] != "changed"]
    if rest:
        out += (f"<details><summary>{len(rest)} rows are in one of the two only</summary>" +
                table(("row", "driver", "", "figure"), [
                    (f"{row.label} ({row.kind})", driver, what, short(b if a is None else a))
                    for row, driver, what, a, b in rest], (3,)) + "</details>")
    return out + "</section>\n"


def everything(many):
    out = "<section><h2>All figures</h2>\n"
    for kind, rows in figures.by_kind(many).items():
        out += f"<h3>{esc(figures.heading(kind))}</h3>\n"
        if kind in HOW:
            out += f"<p class=\"how\">{esc(HOW[kind])}</p>\n"
        lines = []
        for r in [r for r in rows if r.alone is None]:
            note = r.void or (f"{len(r.ratios)} pairs: {min(r.ratios):.2f} to {max(r.ratios):.2f}" if r.paired else "")
            ratio = "-" if r.ratio is None else f"{r.ratio:.2f}"
            lines.append((r.label, r.text(INTREE), r.text(OURS), ratio,
                          *(f"{n:,}" if n else "" for n in (r.packets.get(OURS), r.size, r.burst, r.ring)), note))
        heads = ["row", "in-tree", "ours", "ratio", "packets", "bytes", "burst", "ring", ""]
        keep = [i for i in range(len(heads)) if any(line[i] for line in lines)]
        if lines:
            out += table([heads[i] for i in keep], [[line[i] for i in keep] for line in lines],
                         [n for n, i in enumerate(keep) if 0 < i < 8])
        alone = [(r.label, short(r.alone)) for r in rows if r.alone is not None]
        if alone:
            out += table(("by itself", "figure"), alone, (1,))
    return out + "</section>\n"


def function_tables(bench):
    many = bench["profiles"]
    if not many:
        return ""
    out = "<section><h2>Functions, by instructions per packet</h2>\n"
    for p in many:
        found, complete = profiles.functions(p, many)
        total = sum(i for i, _ in found.values())
        note = "" if complete else " (the generator's sending is in it)"
        lines = [(name, module.strip("[]-"), profiles.part(module, name), f"{i:.1f}", f"{c:.2f}")
                 for (module, name), (i, c) in sorted(found.items(), key=lambda f: -f[1][0])[:25]]
        out += (f"<details><summary>{esc(profiles.title(p['row']))}, {esc(p['driver'])}: {total:,.0f} "
                f"instructions over {p['packets']:,} packets{note}</summary>\n" +
                table(("function", "module", "counted as", "instructions", "calls"), lines, (3, 4)) + "</details>\n")
    return out + "</section>\n"


def page(bench, old):
    many = figures.rows(bench)
    goals = figures.targets(bench, many)
    void = [r for r in many if r.void]
    met, judged = count(goals)
    body = [
        "<h1>e1000_nbl beside the in-tree e1000</h1>\n",
        f"<p>{esc(pictures.summary(many))} <a href=\"#targets\">{met} of {judged} targets are met</a>.</p>\n",
        tiles(many), head(bench),
        "".join(f'<p><b>{esc(r.label)}: {esc(r.void)}</b></p>' for r in void),
        changed(bench, old) if old else "", pictures.all_of(bench, many, goals), targets(goals),
        function_tables(bench), everything(many),
    ]
    return (f"<!DOCTYPE html>\n<html lang=\"en\"><head><meta charset=\"utf-8\">\n<title>e1000_nbl "
            "beside the in-tree e1000</title>\n<meta name=\"viewport\" content=\"width=device-width, "
            f"initial-scale=1\">\n<style>{STYLE}</style></head>\n<body>\n{''.join(body)}</body></html>\n")


def main():
    if len(sys.argv) not in (3, 4):
        sys.exit(__doc__)
    bench = figures.load(sys.argv[1])
    old = figures.load(sys.argv[3]) if len(sys.argv) > 3 else None
    text = page(bench, old)
    with open(sys.argv[2], "w", encoding="utf-8") as file:
        file.write(text)


if __name__ == "__main__":
    main()
