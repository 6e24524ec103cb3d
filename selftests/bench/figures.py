# SPDX-License-Identifier: GPL-2.0-only
"""What a benchmark found: read from the guest's lines or from bench.json, grouped,
judged by the targets, compared with an older one.

A line is "KIND ROW DRIVER VALUE PACKETS LOST SIZE BURST RING NICS". Nothing here
knows a row by its name: a new one is shown with those of its kind. Many lines with
one name are turns of a pair, in-tree and ours.
"""

import json
import os
import re
from statistics import median

FIELDS = ("kind", "row", "driver", "value", "packets", "lost", "size", "burst", "ring", "nics")
INTREE, OURS = "e1000", "e1000_nbl"
# kind: (heading, unit of a row without one in parentheses)
KINDS = {
    "instructions": ("Guest instructions per packet", "instructions per packet"),
    "nics": ("Instructions per packet, by number of NICs", "instructions per packet"),
    "exits": ("Register accesses of the driver", "accesses"),
    "allocations": ("Slab and page allocations per packet", "allocations per packet"),
    "memory": ("Memory", "bytes"),
    "pairs": ("One allocation and its free", "instructions"),
    "wallclock": ("Wall clock, in turn", "per second"),
    "latency": ("Latency, in turn", "microseconds"),
}
# Of these more is better; of all others less
MORE = (("wallclock", ""), ("memory", "TCP that nobody reads"))
COUNTED = ("instructions", "nics")	# deterministic, so that they can be a verdict
TARGETS = os.path.join(os.path.dirname(os.path.abspath(__file__)), "targets")


def number(text):
    value = float(text)
    return int(value) if value == int(value) else value


def spelled(kind, name):
    """A name has "_" for blanks; that of a pool is one word, XDP's have their own."""
    return name if kind == "pairs" else re.sub(r"(?<!AF)(?<!XDP)_|(?<=XDP)_(?![A-Z])", " ", name)


def parse(line):
    """A guest's line -> figure, or None: it also prints other things."""
    words = line.split()
    if len(words) == len(FIELDS) - 1:
        words.append("1")
    if len(words) != len(FIELDS):
        return None
    try:
        numbers = [number(word) for word in words[3:]]
    except ValueError:
        return None
    figure = dict(zip(FIELDS, words[:3] + numbers))
    figure["row"] = spelled(figure["kind"], figure["row"])
    if figure["kind"] == "allocations":	# of 1,000 packets
        figure["value"] /= 1000
    return figure


def load(path):
    with open(path, encoding="utf-8") as file:
        bench = json.load(file)
    for figure in bench["figures"]:
        figure.setdefault("nics", 1)
    bench.setdefault("profiles", [])
    return bench


def more_is_better(kind, name):
    return any(kind == k and name.startswith(n) for k, n in MORE)


class Row:
    """One row: what each driver has in it."""

    def __init__(self, figure):
        self.kind, self.name = figure["kind"], figure["row"]
        self.ring, self.nics = figure["ring"], figure["nics"]
        self.size, self.burst = figure["size"], figure["burst"]
        self.packets = {}
        self.values = {}
        self.lost = {}
        self.label = self.name

    def add(self, figure):
        self.values.setdefault(figure["driver"], []).append(figure["value"])
        self.packets[figure["driver"]] = figure["packets"]
        if figure["lost"]:
            self.lost[figure["driver"]] = self.lost.get(figure["driver"], 0) + figure["lost"]

    @property
    def whose(self):
        return OURS if OURS in self.values else next(iter(self.values))

    @property
    def mine(self):
        """Ours, or the figure of a row that belongs to neither."""
        return self.value(self.whose)

    @property
    def both(self):
        return INTREE in self.values and OURS in self.values

    @property
    def alone(self):
        """The figure of a row that belongs to neither driver."""
        others = [d for d in self.values if d not in (INTREE, OURS)]
        return self.value(others[0]) if others else None

    def value(self, driver):
        return median(self.values[driver]) if driver in self.values else None

    def text(self, driver):
        return short(self.value(driver), self.unit)

    @property
    def ratios(self):
        """Ours to in-tree, turn by turn."""
        if not self.both or 0 in self.values[INTREE]:
            return []
        return [b / a for a, b in zip(self.values[INTREE], self.values[OURS])]

    @property
    def ratio(self):
        return median(self.ratios) if self.ratios else None

    @property
    def paired(self):
        return len(self.ratios) > 1

    @property
    def more_is_better(self):
        return more_is_better(self.kind, self.name)

    @property
    def unit(self):
        found = re.search(r"\(([^)]*)\)$", self.name)
        return found.group(1) if found else KINDS.get(self.kind, ("", ""))[1]

    @property
    def title(self):
        """The label without its unit."""
        return re.sub(r" *\([^)]*\)", "", self.label)

    @property
    def family(self):
        """The name without ring and number of NICs: what a curve is made of."""
        name = re.sub(r",? *(rings?( of)? \d+|\d+ entries)", "", self.title)
        return re.sub(r",? *\d+ NICs?", "", name, flags=re.I)

    @property
    def void(self):
        """Why it is no figure, or an empty string."""
        if self.lost:
            return "void: " + ", ".join(f"{d} lost {n:,} frames" for d, n in self.lost.items())
        if self.both and min(self.values[INTREE] + self.values[OURS]) < 0:
            return "void: negative"
        if self.kind in COUNTED + ("wallclock", "latency") and self.alone is None:
            if not self.both:
                return f"no figure of {OURS if INTREE in self.values else INTREE}"
            if 0 in self.values[INTREE] + self.values[OURS]:
                return "no figure"
        return ""

    @property
    def failed(self):
        """It says nothing of ours: not just that in-tree has lost frames."""
        return bool(self.void) and set(self.lost) != {INTREE}

    @property
    def dearer(self):
        return self.kind in COUNTED and self.both and self.ratio > 1.01


def rows(bench):
    """All rows, in the order of KINDS and then of appearance."""
    found = {}
    for figure in bench["figures"]:
        key = tuple(figure[k] for k in ("kind", "row", "ring", "nics"))
        if key not in found:
            found[key] = Row(figure)
        found[key].add(figure)
    many = list(found.values())
    for row in many:
        same = [r for r in many if (r.kind, r.name) == (row.kind, row.name)]
        if len({r.ring for r in same}) > 1:
            row.label += f", ring {row.ring}"
        if len({r.nics for r in same}) > 1:
            row.label += f", {row.nics} NIC" + "s" * (row.nics != 1)
    kinds = list(KINDS)
    return sorted(many, key=lambda r: kinds.index(r.kind) if r.kind in kinds else len(kinds))


def by_kind(many):
    grouped = {}
    for row in many:
        grouped.setdefault(row.kind, []).append(row)
    return grouped


def heading(kind):
    return KINDS.get(kind, (kind.capitalize(), ""))[0]


def short(value, unit=""):
    """A number for people: three digits or so."""
    if value is None:
        return "-"
    if unit == "bytes" and abs(value) >= 10240:
        return f"{value / 1024:,.0f} KiB"
    if abs(value) >= 1e6 and value % 1e5:
        for limit, letter in ((1e9, "G"), (1e6, "M")):
            if abs(value) >= limit:
                return f"{value / limit:.2f} {letter}"
    if value == int(value) or abs(value) >= 1000:
        return f"{value:,.0f}"
    return f"{value:.{1 if abs(value) >= 10 else 2 if abs(value) >= 0.1 else 4}f}"


# --- targets ---------------------------------------------------------------------

class Target:
    """A line of the file: "KIND ROW VALUE RATIO", "-" for none. VALUE holds on 6.1,
    elsewhere RATIO to in-tree does; "flat" as a value: RATIO is the spread allowed
    over the rows of the family."""

    def __init__(self, words, kernel):
        self.kind, self.name = words[0], spelled(*words[:2])
        self.flat = words[2] == "flat"
        self.limit = self.bound = None
        if self.flat:
            self.bound = float(words[3])
        elif words[2] != "-" and (kernel.startswith("6.1.") or words[3] == "-"):
            self.limit = float(words[2])
        else:
            self.bound = float(words[3])
        self.more = more_is_better(self.kind, self.name)
        self.figure = None
        self.met = None
        self.void = False

    @property
    def text(self):
        sign = "≥" if self.more else "≤"
        if self.flat:
            return f"within {self.bound * 100:.0f} %"
        if self.limit is not None:
            return f"{sign} {short(self.limit)}"
        return f"{sign} {self.bound:.2f} × in-tree"

    @property
    def reached(self):
        if self.figure is None:
            return "void" if self.void else "not measured"
        if self.flat:
            return f"{self.figure * 100:.1f} %"
        return short(self.figure) if self.limit is not None else f"{self.figure:.2f} ×"

    @property
    def verdict(self):
        return {None: "not measured", True: "met", False: "not met"}[self.met]

    def judge(self, many):
        mine = [r for r in many if r.kind == self.kind and
                self.name in ((r.family,) if self.flat else (r.label, r.title, r.name))]
        if any(r.failed if self.flat else r.void for r in mine):
            self.met, self.void = False, True
            return
        if self.flat:
            values = [r.value(OURS) for r in mine if r.value(OURS)]
            if len(values) > 1:
                self.figure = max(values) / min(values) - 1
        elif mine and self.limit is not None:
            self.figure = mine[0].mine
        elif mine:
            self.figure = mine[0].ratio
        if self.figure is None:
            return
        bound = self.bound if self.limit is None else self.limit
        self.met = self.figure >= bound if self.more else self.figure <= bound


def targets(bench, many):
    result = []
    with open(TARGETS, encoding="utf-8") as file:
        for line in file:
            words = line.split("#")[0].split()
            if len(words) == 4:
                result.append(Target(words, bench["kernel"]))
                result[-1].judge(many)
            elif words:
                raise SystemExit(f"{TARGETS}: not four words: {line.strip()}")
    return result


# --- an older benchmark beside ---------------------------------------------------

def changes(old, new, limit=0.005):
    """[(row, driver, what, old, new)], what: changed, new, gone; and what was not
    alike in the two."""
    unlike = [f"{name}: {old.get(name)}, now {new.get(name)}"
              for name in ("kernel", "qemu", "nic", "mode", "wallclock")
              if old.get(name) != new.get(name)]
    before = {(r.kind, r.label): r for r in rows(old)}
    after = {(r.kind, r.label): r for r in rows(new)}
    found = []
    for key, row in after.items():
        if key not in before:
            found.append((row, row.whose, "new", None, row.mine))
            continue
        was = before[key]
        if row.paired and was.paired:	# a ratio, and only beyond what it spreads
            if not (min(was.ratios) <= row.ratio <= max(was.ratios) or
                    min(row.ratios) <= was.ratio <= max(row.ratios)):
                found.append((row, "ratio", "changed", was.ratio, row.ratio))
            continue
        for driver in row.values:
            a, b = was.value(driver), row.value(driver)
            if a is None:
                found.append((row, driver, "new", None, b))
            elif abs(b - a) > limit * abs(a):
                found.append((row, driver, "changed", a, b))
        if was.packets != row.packets:
            unlike.append(f"{row.label}: {was.packets} packets, now {row.packets}")
    found += [(row, row.whose, "gone", row.mine, None)
              for key, row in before.items() if key not in after]
    return found, unlike
