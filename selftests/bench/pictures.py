# SPDX-License-Identifier: GPL-2.0-only
"""The pictures of the report. A picture's title is its claim, and each claim is made
here, of the figures that are drawn: none is written down."""

import html
import re

import figures
import plots
import profiles
from figures import INTREE, OURS, short


def esc(text):
    return html.escape(str(text))


def per_cent(ratio):
    return f"{ratio * 100:.0f} %" if ratio >= 0.095 else f"{ratio * 100:.1f} %"


def brief(value):
    return short(round(value) if value >= 100 else value)


def span(values, shown):
    low, high = shown(min(values)), shown(max(values))
    if low == high:
        return low
    unit = low.split(" ")[-1]
    return f"{low[:-len(unit) - 1]} to {high}" if " " in low and high.endswith(" " + unit) else f"{low} to {high}"


def legend(entries):
    """[(colour, text, shape)]; a class of the page's style is the shape."""
    return "<div class=\"legend\">" + "".join(
        f'<span><i class="{shape}" style="color:{colour}"></i>{esc(text)}</span>'
        for colour, text, shape in entries) + "</div>"


BESIDE = [(plots.GREY, "in-tree e1000", ""), (plots.BLUE, OURS, "")]
GOAL = [(plots.MARK, "target", "mark")]


def figure(claim, keys, svg, caption):
    label = esc(claim)
    svg = svg.replace("<svg", f'<svg role="img" aria-label="{label}"', 1)
    return (f"<section>\n<h2>{label}</h2>\n<figure>{legend(keys)}<div class=\"wide\">{svg}</div>\n"
            f"<figcaption>{esc(caption)}</figcaption></figure>\n</section>\n")


# --- pictures --------------------------------------------------------------------

FAMILIES = (	# what a row's name begins with, the verb of the claim
    (r"TX", "Sending"),
    (r"RX", "Receiving"),
    (r"XDP|AF_XDP", "XDP"),
    (r"", "Other work"),
)


def plain(many, kind="instructions"):
    return [r for r in many if r.kind == kind and r.both and not r.void]


def swept(rows):
    """Families with more than one ring (or number of NICs) are curves, too."""
    found = {}
    for row in rows:
        found.setdefault(row.family, []).append(row)
    return found


def beside(claim, rows, goals, caption):
    """Bars of rows, with the targets that are a number."""
    drawn = [(r.title, r.value(INTREE), r.text(INTREE), r.value(OURS),
              f"{r.text(OURS)}  ({r.ratio:.2f} ×)") for r in rows]
    marks = {i: g.limit if g.limit is not None else g.bound * r.value(INTREE)
             for i, r in enumerate(rows) for g in goals
             if not g.flat and (g.kind, g.name) == (r.kind, r.title)}
    return figure(claim, BESIDE + (GOAL if marks else []), plots.bars(drawn, rows[0].unit, marks), caption)


def ratio_claim(verb, rows):
    ratios = [r.ratio for r in rows]
    worse = sum(r > 1.005 for r in ratios)
    if verb == "XDP":
        text = f"XDP and AF_XDP take {span([r.value(OURS) for r in rows], brief)} instructions a frame"
    elif len(rows) == 1:
        text = f"{rows[0].title} takes"
    else:
        text = f"{verb} takes"
    text += (f", {span(ratios, per_cent)} of in-tree's" if verb == "XDP"
             else f" {span(ratios, per_cent)} of in-tree's instructions")
    return text + (f"; more than in-tree in {worse} of {len(rows)} rows" if worse else "")


def family_pictures(many, goals):
    left = [r for r in plain(many)]
    out = ""
    for pattern, verb in FAMILIES:
        mine = [r for r in left if re.match(pattern, r.name)]
        left = [r for r in left if r not in mine]
        # of a curve, only the point that the others are measured at
        usual = max({r.ring for r in mine}, key=[r.ring for r in mine].count) if mine else 0
        mine = [r for r in mine if r.ring == usual] or mine
        if mine:
            mine.sort(key=lambda r: (r.size, r.burst))
            packets = sorted({p for r in mine for p in r.packets.values()})
            out += beside(ratio_claim(verb, mine), mine, goals,
                          "Guest instructions per packet, less is better; in parentheses the ratio to in-tree. "
                          f"Rings of {usual:,}; {span(packets, short)} packets a run.")
    return out


def curve_picture(many, kind, what, xlabel, key):
    """Cost against ring size, or number of NICs."""
    lines, flat, theirs = [], [], []
    for name, rows in swept(plain(many, kind)).items():
        points = {key(r): r for r in rows}
        if len(points) < 2:
            continue
        xs = sorted(points)
        dash = len(lines) // 2 + 1
        for driver, spread in ((INTREE, theirs), (OURS, flat)):
            values = [points[x].value(driver) for x in xs]
            spread.append((max(values) / min(values) - 1, xs[0], xs[-1]))
            lines.append((f"{name}, {'ours' if driver == OURS else 'in-tree'}", driver == OURS,
                          dash, list(zip(xs, values))))
    if not lines:
        return ""
    worst, low, high = max(f[0] for f in flat), min(f[1] for f in flat), max(f[2] for f in flat)
    claim = (f"From {low:,} to {high:,} {what} the cost of a packet varies by "
             f"{worst * 100:.1f} %{' at most' if len(flat) > 1 else ''}"
             f" (in-tree: {max(t[0] for t in theirs) * 100:.1f} %)")
    keys = [(plots.BLUE if ours else plots.GREY, title, f"line dash{dash}") for title, ours, dash, _ in lines]
    return figure(claim, keys, plots.curves(lines, xlabel, "instructions per packet"),
                  "Dearest to cheapest point of each curve; the target is 5 %." + "".join(
                      f" Not drawn: {r.label}, {r.void}." for r in many if r.kind == kind and r.void))


def relative_picture(many, kind, noun):
    """Rows with units of their own: in-tree's is 100."""
    rows = [r for r in many if r.kind == kind and r.both and r.value(INTREE) and not r.void]
    if not rows:
        return ""
    drawn = [(r.title + " (more is better)" * r.more_is_better, 100, r.text(INTREE), r.ratio * 100,
              f"{r.text(OURS)}  ({r.ratio:.2f} ×)") for r in rows]
    less = sum(r.ratio < 0.995 for r in rows)
    more = sum(r.ratio > 1.005 for r in rows)
    claim = f"{noun}: {span([r.ratio for r in rows], per_cent)} of in-tree's"
    if not any(r.value(OURS) for r in rows):
        claim = f"{noun}: none, in-tree {span([r.value(INTREE) for r in rows], short)}"
    elif more and less:
        claim += f"; less in {less}, more in {more} of {len(rows)} rows"
    return figure(claim, BESIDE, plots.bars(drawn, "% of in-tree"),
                  f"{figures.heading(kind)}; the figures themselves are at the ends of the bars. Less is better"
                  f"{' but where it says otherwise' if any(r.more_is_better for r in rows) else ''}.")


def pair_picture(many, kind, verb, goals):
    rows = [r for r in many if r.kind == kind and r.paired and not r.void]
    if not rows:
        return ""
    bounds = {g.name: g.bound for g in goals if g.kind == kind and not g.flat}
    drawn = [(r.title, r.ratio, r.ratios, bounds.get(r.title)) for r in rows]
    if len(rows) < 4:
        claim = f"{verb} beside in-tree: " + "; ".join(f"{r.title} {r.ratio:.2f} ×" for r in rows)
    else:
        claim = f"{verb}: {span([r.ratio for r in rows], lambda v: f'{v:.2f} ×')} in-tree's"
    unsure = [r.title for r in rows if min(r.ratios) <= 1 <= max(r.ratios)]
    if unsure:
        claim += f" ({len(unsure)} of {len(rows)} rows have pairs on both sides of 1)"
    better = "more" if rows[0].more_is_better else "less"
    keys = [(plots.BLUE, "median of the pairs", "mark"), (plots.BLUE, "a pair", "dot"),
            (plots.PALE, "all pairs", "thin"), (plots.GREY, "in-tree e1000, 1 ×", "mark")]
    return figure(claim, keys + (GOAL if bounds else []),
                  plots.spreads(drawn, f"{OURS} to in-tree e1000; {better} is better"),
                  "Both drivers in one guest, in turn; at the right the median and the extremes of the ratio.")


def pool_picture(many):
    rows = [r for r in many if r.kind == "pairs" and r.alone is not None]
    if not rows:
        return ""
    mine = [r for r in rows if r.name.split("_")[0] in ("napi", "any")]
    kernel = [r for r in rows if r not in mine]
    rows = kernel + mine
    drawn = [(r.name, r.alone if r in kernel else None, short(r.alone),
              r.alone if r in mine else None, short(r.alone)) for r in rows]
    claim = "One allocation and its free, of pools and of what the kernel has"
    if mine and kernel:
        claim = (f"A buffer from a pool costs {span([r.alone for r in mine], brief)} instructions, "
                 f"from the kernel's own allocators {span([r.alone for r in kernel], brief)}")
    return figure(claim, [(plots.GREY, "the kernel's allocators", ""), (plots.BLUE, "pools of ndis.ko", "")],
                  plots.bars(drawn, "instructions per allocation and free"),
                  "Each by itself, in a loop. What is in a pool's name: napi is bound to a NAPI, any is not; list, nb "
                  "and data are what an object has; bulk32 and chain32 take 32 at a time.")


def breakdown_picture(bench):
    many = bench["profiles"]
    order = {INTREE: 0, OURS: 1}
    names = list(dict.fromkeys(p["row"] for p in many))
    drawn = [(p, profiles.parts(p, many)) for name in names
             for p in sorted((p for p in many if p["row"] == name),
                             key=lambda p: order.get(p["driver"], 2))]
    if not drawn:
        return ""
    kinds = {k: plots.SHADES[n] for n, k in enumerate(profiles.PARTS)
             if any(parts[k] >= 0.5 for _, parts in drawn)}
    said = []
    for p, parts in drawn:
        if p["row"] == names[0]:
            own = parts["the driver"] + parts["ndis.ko"]
            who = "our" if p["driver"] == OURS else "in-tree's"
            said.append(f"{own:.0f} of {who} {sum(parts.values()):.0f}")
    claim = f"{profiles.title(names[0])}: the driver's own code is {' and '.join(said)} instructions"
    svg = plots.stacks([(f"{profiles.title(p['row'])}, {'ours' if p['driver'] == OURS else 'in-tree'}", parts)
                        for p, parts in drawn], kinds, "guest instructions per packet")
    return figure(claim, [(c, k, "") for k, c in kinds.items()], svg,
                  "By whose function it is, from QEMU's log of every block that the guest "
                  "executed. The generator is taken out. The functions themselves are in the tables below.")


def summary(many):
    rows = plain(many)
    if not rows:
        return "No row has a figure of both drivers."
    less = sum(r.ratio < 0.995 for r in rows)
    text = f"Fewer guest instructions per packet in {less} of {len(rows)} rows"
    more = [r.title for r in rows if r.ratio > 1.005]
    void = sum(bool(r.void) for r in many if r.kind == "instructions")
    text += f", {void} more void" if void else ""
    return text + (f"; more in: {', '.join(more)}." if more else ".")


def all_of(bench, many, goals):
    return "".join((
        family_pictures(many, goals),
        breakdown_picture(bench),
        curve_picture(many, "instructions", "descriptors", "descriptors in each ring", lambda r: r.ring),
        curve_picture(many, "nics", "NICs", "NICs in one guest", lambda r: r.nics),
        pair_picture(many, "wallclock", "Wall clock", goals),
        pair_picture(many, "latency", "Latency", goals),
        relative_picture(many, "exits", "Register accesses"),
        relative_picture(many, "memory", "Memory"),
        relative_picture(many, "allocations", "Allocations per packet"),
        pool_picture(many),
    ))
