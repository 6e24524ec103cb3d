#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-only
"""gate.py check KERNEL TIME LINES... : what guests printed beside figures.json. Exit 0:
no row is over 3 % above; 1: one is, or is missing; 2: one is off, and another
measurement may tell more. gate.py accept KERNEL LINES... : write them."""

import json
import os
import sys
from statistics import median_low

import figures
from figures import OURS, short

FILE = os.path.join(os.path.dirname(os.path.abspath(__file__)), "figures.json")
LIMIT = 0.03
CHEAPER = 0.05	# more than two states of one row are apart
TIMES = 3


def release(kernel):
    """6.1.0-56-amd64 -> 6.1, 6.1.0-56-rt-amd64 -> 6.1-rt: figures are committed for a
    series and flavour."""
    series = ".".join(kernel.split(".")[:2]).split("+")[0]
    return series + ("-rt" if "-rt-" in kernel else "")


def committed():
    if not os.path.exists(FILE):
        return {}
    with open(FILE, encoding="utf-8") as file:
        return json.load(file)


def measured(paths):
    """{row: {value, highest, packets, all}}: the value is the middle one; and rows that
    lost frames."""
    values, packets, lost = {}, {}, []
    for path in paths:
        with open(path, encoding="utf-8") as file:
            for figure in filter(None, map(figures.parse, file)):
                if figure["kind"] != "instructions" or figure["driver"] != OURS:
                    continue
                # The row that both guests have is subtracted in each: one is enough
                if path.endswith(".xdp") and not figure["row"].startswith("XDP"):
                    continue
                values.setdefault(figure["row"], []).append(figure["value"])
                packets[figure["row"]] = figure["packets"]
                if figure["lost"]:
                    lost.append(f"{figure['row']}: {figure['lost']} frames lost")
    return {row: {"value": median_low(v), "highest": max(v), "packets": packets[row], "all": v}
            for row, v in values.items()}, lost


def check(kernel, time, paths):
    there = committed().get(release(kernel))
    if not there:
        print(f"figures.json has nothing for Linux {release(kernel)}: make figures KERNEL={release(kernel)}")
        return 1
    now, bad = measured(paths)
    bad += [f"{row}: no figure, {short(was['value'])} is expected"
            for row, was in there["rows"].items() if row not in now]
    low = []
    for row, is_ in now.items():
        was = there["rows"].get(row)
        if not was or was["packets"] != is_["packets"]:
            bad.append(f"{row}: not in figures.json with {is_['packets']} packets")
            continue
        change = is_["value"] / was["value"] - 1
        text = f"{row}: {short(is_['value'])} instructions, figures.json has {short(was['value'])}, {change * 100:+.1f} %"
        if change > LIMIT:
            bad.append(text)
        elif change < -CHEAPER:
            low.append(text)
    if (bad or low) and time < TIMES:
        return 2
    for row, is_ in now.items():	# all of them, to see how near the others are
        was = there["rows"].get(row, is_)
        print(f"        {row:<36} {short(was['value']):>8} {short(is_['value']):>8} "
              f"{is_['value'] / was['value'] * 100 - 100:+6.1f} %   {is_['all']}")
    for text in bad:
        print(f"FAILED  {text}")
    for text in low:
        print(f"cheaper {text}: \"make figures\" keeps that")
    if bad:
        print("If it has to cost that: \"make figures\", and the commit says why.")
        if there["kernel"] != kernel:
            print(f"figures.json is of Linux {there['kernel']}, this is {kernel}.")
        return 1
    print(f"{len(now)} rows, none over {LIMIT * 100:.0f} % above figures.json")
    return 0


def accept(kernel, paths):
    now, lost = measured(paths)
    if lost or not now:
        sys.exit("\n".join(lost) or "no figures")
    everything = committed()
    was = everything.get(release(kernel), {}).get("rows", {})
    for row, is_ in now.items():
        before = was.get(row, {}).get("value")
        print(f"{row:<40} {short(before):>8} -> {short(is_['highest']):>8}   {is_['all']}")
    kept = {row: {"value": is_["highest"], "packets": is_["packets"]} for row, is_ in now.items()}
    everything[release(kernel)] = {"kernel": kernel, "rows": kept}
    lines = []
    for name, entry in sorted(everything.items()):
        rows = ",\n    ".join(f"{json.dumps(r)}: {json.dumps(v)}" for r, v in entry["rows"].items())
        lines.append(f'"{name}": {{"kernel": "{entry["kernel"]}", "rows": {{\n    {rows}\n  }}}}')
    with open(FILE, "w", encoding="utf-8") as file:
        file.write("{\n  " + ",\n  ".join(lines) + "\n}\n")
    print(f"written: {FILE}; the commit says why")
    return 0


def main():
    if sys.argv[1:2] == ["check"] and len(sys.argv) > 4:
        sys.exit(check(sys.argv[2], int(sys.argv[3]), sys.argv[4:]))
    if sys.argv[1:2] == ["accept"] and len(sys.argv) > 3:
        sys.exit(accept(sys.argv[2], sys.argv[3:]))
    sys.exit(__doc__)


if __name__ == "__main__":
    main()
