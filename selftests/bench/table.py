#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-only
"""table.py collect OUT.json [NAME=VALUE]... [-p PROFILE]... LINES...
table.py print BENCH.json [OLD.json]

The first makes bench.json of what guests printed. The second prints it, grouped by
kind, with the targets and what changed since the older one; exit 1 when a figure is
missing, or void because of ours, or ours costs over 1 % more instructions than in-tree."""

import json
import sys

import figures
from figures import INTREE, OURS, short

# Fewer than these were lost on the way
EXPECTED = {"short": {"instructions": 5, "wallclock": 1},
            "full": {"instructions": 14, "pairs": 10, "wallclock": 2}}


def read_profile(path):
    """profile.sh -r: "row driver packets", then "instructions calls module function"."""
    with open(path, encoding="utf-8") as file:
        lines = [line.split() for line in file]
    row, driver, packets = lines[0]
    return {"row": row, "driver": driver, "packets": int(packets),
            "functions": [[float(i), float(c), module, name] for i, c, module, name in lines[1:]]}


def collect(out, arguments):
    bench = {"figures": [], "profiles": []}
    arguments = iter(arguments)
    for argument in arguments:
        if argument == "-p":
            bench["profiles"].append(read_profile(next(arguments)))
        elif "=" in argument:
            name, value = argument.split("=", 1)
            bench[name] = value
        else:
            with open(argument, encoding="utf-8") as file:
                bench["figures"] += filter(None, map(figures.parse, file))
    with open(out, "w", encoding="utf-8") as file:
        heads = {k: v for k, v in bench.items() if k not in ("figures", "profiles")}
        file.write(json.dumps(heads)[:-1])
        for name in ("figures", "profiles"):
            lines = ",\n  ".join(json.dumps(entry) for entry in bench[name])
            file.write(f',\n "{name}": [\n  {lines}]')
        file.write("\n}\n")


def verdict(row):
    if row.void:
        return row.void
    if row.dearer:
        return "worse"
    if row.kind in figures.COUNTED and row.both and row.ratio > 1:
        return "same, within 1 %"
    if row.paired:
        return f"{len(row.ratios)} pairs: {min(row.ratios):.2f} to {max(row.ratios):.2f}"
    return ""


def print_kind(kind, many, goals):
    beside = [r for r in many if r.alone is None]
    alone = [r for r in many if r.alone is not None]
    if beside:
        print(f"\n{figures.heading(kind):<42} {'in-tree':>10} {OURS:>10} {'ratio':>6}")
    for row in beside:
        ratio = "-" if row.ratio is None else f"{row.ratio:.2f}"
        notes = [verdict(row)] + goals.get((kind, row.title), [])
        print(f"{row.label:<42} {row.text(INTREE):>10} {row.text(OURS):>10} "
              f"{ratio:>6}  {'; '.join(filter(None, notes))}".rstrip())
    if alone:
        title = "Subtracted from TX" if kind == "instructions" else figures.heading(kind)
        print(f"\n{title:<42} {'':>10} {'alone':>10}")
    for row in alone:
        notes = "; ".join(goals.get((kind, row.title), []))
        print(f"{row.label:<42} {'':>10} {short(row.alone):>10}         {notes}".rstrip())


def print_targets(goals):
    count = {v: sum(g.verdict == v for g in goals) for v in ("met", "not met", "not measured")}
    print("\nTargets: " + ", ".join(f"{n} {v}" for v, n in count.items() if n))
    for goal in goals:
        if goal.flat or goal.met is False:
            kind = "" if goal.kind == "instructions" else f" ({goal.kind})"
            print(f"  {goal.name + kind:<40} {goal.text:>16}: {goal.reached}, {goal.verdict}")


def print_changes(old, new):
    found, unlike = figures.changes(old, new)
    print(f"\nSince {old.get('commit') or 'the older benchmark'}, changes beyond 0.5 %:"
          f"{'' if found else ' none'}")
    for row, driver, what, a, b in found:
        name = f"{row.label} ({row.kind})" if row.kind != "instructions" else row.label
        if what == "changed":
            print(f"  {name:<48} {driver:<9} {short(a):>9} -> {short(b):>9}  {b / a * 100 - 100:+.1f} %"
                  if a else f"  {name:<48} {driver:<9} {short(a):>9} -> {short(b):>9}")
        else:
            print(f"  {name:<48} {driver:<9} {what}: {short(b if a is None else a)}")
    for text in unlike:
        print(f"  not alike: {text}")


def print_all(bench, old):
    many = figures.rows(bench)
    judged = figures.targets(bench, many)
    goals = {}
    for goal in judged:
        if not goal.flat:
            goals.setdefault((goal.kind, goal.name), []).append(f"{goal.text}: {goal.verdict}")
    grouped = figures.by_kind(many)
    for kind, part in grouped.items():
        print_kind(kind, part, goals)
    full = bench["mode"] != "short"
    if full:
        print_targets(judged)
    if old:
        print_changes(old, bench)
    print("\nLess is better, and instructions are repeatable; of the wall clock more is better,"
          "\nthe median of ratios of pairs.")
    bad = [r for r in many if r.failed]
    beside = [r for r in many if r.void and not r.failed]
    worse = [r for r in many if r.dearer and not r.void]
    few = [f"{kind}, {len(grouped.get(kind, []))}" for kind, least in
           EXPECTED[bench["mode"]].items() if len(grouped.get(kind, [])) < least]
    if few:
        print(f"FAILED: rows are missing: {'; '.join(few)}")
    if beside:
        print(f"{len(beside)} rows have no comparison: in-tree lost frames")
    if bad:
        print(f"FAILED: {len(bad)} rows without a good figure")
    if worse:
        print(f"FAILED: {OURS} costs more than in-tree in {len(worse)} rows")
    if not (few or bad or worse):
        print(f"{OURS} costs no more than in-tree in any row")
    return 1 if few or bad or worse else 0


def main():
    if sys.argv[1:2] == ["collect"] and len(sys.argv) > 3:
        collect(sys.argv[2], sys.argv[3:])
    elif sys.argv[1:2] == ["print"] and len(sys.argv) in (3, 4):
        sys.exit(print_all(figures.load(sys.argv[2]),
                           figures.load(sys.argv[3]) if len(sys.argv) > 3 else None))
    else:
        sys.exit(__doc__)


if __name__ == "__main__":
    main()
