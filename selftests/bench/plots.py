# SPDX-License-Identifier: GPL-2.0-only
"""Pictures as SVG, by gnuplot. In-tree is grey and ours is blue in all of them; words
and claims are the caller's, and so is the legend, for which HTML is better."""

import re
import subprocess

GREY, BLUE, MARK, INK, FAINT = "#a3a9b1", "#1f6feb", "#b42318", "#1c2128", "#d8dce1"
PALE = "#bcd7ff"
SHADES = ["#0b3d91", "#1f6feb", "#7db2ff", "#4b5563", "#8d96a0", "#bcc3cb", "#e1e5ea"]
WHITE = [SHADES[n] for n in (0, 1, 3)]	# what has letters in white
WIDTH = 900
LETTER, SMALL = 8.1, 7.2	# pixels a letter takes, at most and on average
count = 0


def gnuplot(script, height, left, right, top=8, bottom=68):
    """The picture, fit to stand inside a page: no header, no id twice. left, right, top
    and bottom: pixels beside what is drawn."""
    global count
    count += 1
    head = [
        f"set terminal svg size {WIDTH},{height} dynamic enhanced "
        f"font 'DejaVu Sans,Helvetica,Arial,sans-serif,14' name 'p{count}'",
        "set encoding utf8",
        f"set lmargin at screen {left / WIDTH}", f"set rmargin at screen {1 - right / WIDTH}",
        f"set tmargin at screen {1 - top / height}", f"set bmargin at screen {bottom / height}",
        f"set border 0 linecolor rgb '{INK}'",
        f"set style line 9 linecolor rgb '{FAINT}' linewidth 1",
        f"set tics textcolor rgb '{INK}' scale 0", "set style fill solid noborder",
        f"set xlabel textcolor rgb '{INK}'", f"set ylabel textcolor rgb '{INK}'", "unset key",
    ]
    run = subprocess.run(["gnuplot"], input="\n".join(head + script) + "\n", text=True,
                         capture_output=True, check=False)
    if run.returncode or "<svg" not in run.stdout:
        raise SystemExit(f"gnuplot: {run.stderr.strip() or 'no picture'}")
    svg = run.stdout[run.stdout.index("<svg"):]
    svg = re.sub(r"<title>.*?</title>|<desc>.*?</desc>", "", svg, flags=re.S)
    svg = re.sub(r"\bid='([^']*)'", rf"id='p{count}-\1'", svg)
    svg = re.sub(r"(xlink:href='#|url\(#)", rf"\g<1>p{count}-", svg)
    return re.sub(r"\n\s*\n+", "\n", svg)


def quoted(text):
    """In double quotes, and nothing in it is gnuplot's enhanced markup."""
    text = re.sub(r"([_^{}@&~])", r"\\\\\1", str(text))
    return '"' + text.replace('"', '\\"') + '"'


def data(name, lines):
    return [f"${name} << EOD", *(" ".join(map(str, line)) for line in lines), "EOD"]


def longest(texts):
    return max(len(text) for text in texts)


def row_axis(labels):
    """Rows from top to bottom, and how many pixels their labels take."""
    ticks = ", ".join(f"{quoted(label)} {len(labels) - i}" for i, label in enumerate(labels))
    return ([f"set yrange [0.5:{len(labels) + 0.5}]", f"set ytics ({ticks})", "set grid xtics linestyle 9"],
            int(longest(labels) * LETTER) + 14)


def plot(draw):
    return ["plot " + ", \\\n".join(draw)]


def room(ends, left):
    """Where an axis ends on which texts follow bars. ends: [(value, text)]"""
    width = WIDTH - left - 26
    return max(value * width / (width - len(text) * SMALL - 12) for value, text in ends) or 1


def bars(rows, unit, marks=None):
    """[(label, in-tree, its text, ours, its text)]: a bar for each that is not None, what
    it says at its end. marks: {row's index: target}."""
    marks = marks or {}
    script, left = row_axis([row[0] for row in rows])
    both = any(row[1] is not None and row[3] is not None for row in rows)
    boxes, texts = {GREY: [], BLUE: []}, []
    for i, row in enumerate(rows):
        y = len(rows) - i
        for colour, side, value, text in ((GREY, 0.2, row[1], row[2]), (BLUE, -0.2, row[3], row[4])):
            if value is None:
                continue
            place, half = (y + side, 0.18) if both else (y, 0.32)
            boxes[colour].append((value / 2, place, 0, value, place - half, place + half))
            # beyond the target's mark, too
            at = max(value, marks.get(i, 0)) if colour == BLUE else value
            texts.append((at, place, text))
    script += data("grey", boxes[GREY]) + data("blue", boxes[BLUE])
    script += data("text", [(x, y, quoted(t)) for x, y, t in texts])
    script += data("mark", [(v, len(rows) - i - 0.42, 0.44) for i, v in marks.items()])
    script += [f"set xrange [0:{room([(x, t) for x, _, t in texts], left)}]", f"set xlabel {quoted(unit)}"]
    draw = [f"${name} using 1:2:3:4:5:6 with boxxyerror linecolor rgb '{colour}'"
            for name, colour in (("grey", GREY), ("blue", BLUE)) if boxes[colour]]
    draw.append(f"$text using 1:2:3 with labels left offset 0.5,0 textcolor rgb '{INK}' font ',12'")
    if marks:
        draw.append(f"$mark using 1:2:(0):3 with vectors nohead linewidth 2.5 linecolor rgb '{MARK}'")
    return gnuplot(script + plot(draw), 76 + (46 if both else 26) * len(rows), left, 26)


def curves(lines, xlabel, ylabel):
    """[(title, ours?, dash, [(x, y)])] over a number that is doubled each time."""
    script, draw = [], []
    xs = sorted({x for line in lines for x, _ in line[3]})
    top = max(y for line in lines for _, y in line[3])
    for i, (_, ours, dash, points) in enumerate(lines):
        script += data(f"d{i}", points)
        draw.append(f"$d{i} using 1:2 with linespoints linewidth 2.5 pointtype {5 if ours else 7} "
                    f"pointsize 0.6 dashtype {dash} linecolor rgb '{BLUE if ours else GREY}'")
    script += [
        "set logscale x 2", f"set xrange [{xs[0] / 1.1}:{xs[-1] * 1.1}]",
        "set xtics (" + ", ".join(f'"{x:,}" {x}' for x in xs) + ")",
        f"set yrange [0:{top * 1.1}]", f"set xlabel {quoted(xlabel)}",
        f"set ylabel {quoted(ylabel)}", "set grid ytics linestyle 9",
    ]
    return gnuplot(script + plot(draw), 350, 92, 40)


def spreads(rows, xlabel):
    """[(label, median, [ratios], target or None)]: each pair a dot, the median a bar."""
    script, left = row_axis([row[0] for row in rows])
    dots = [(r, len(rows) - i) for i, row in enumerate(rows) for r in row[2]]
    low, high = min([0.9] + [r for r, _ in dots]) - 0.05, max([1.1] + [r for r, _ in dots]) + 0.05
    ends = [f"{row[1]:.2f} ×  ({min(row[2]):.2f} to {max(row[2]):.2f})" for row in rows]
    script += data("line", [(min(row[2]), len(rows) - i, max(row[2]) - min(row[2])) for i, row in enumerate(rows)])
    script += data("dots", dots)
    script += data("mid", [(row[1], len(rows) - i - 0.25, 0.5) for i, row in enumerate(rows)])
    script += data("text", [(high, len(rows) - i, quoted(end)) for i, end in enumerate(ends)])
    goals = [(row[3], len(rows) - i - 0.34, 0.68) for i, row in enumerate(rows) if row[3]]
    script += data("mark", goals)
    script += [
        f"set xrange [{low}:{high}]", "set format x '%.1f ×'", f"set xlabel {quoted(xlabel)}",
        f"set xtics {0.5 if high - low > 1.6 else 0.2 if high - low > 0.7 else 0.1}",
        f"set arrow 1 from 1,0.5 to 1,{len(rows) + 0.5} nohead linewidth 2 linecolor rgb '{GREY}' back",
    ]
    draw = [
        f"$line using 1:2:3:(0) with vectors nohead linewidth 6 linecolor rgb '{PALE}'",
        f"$dots using 1:2 with points pointtype 7 pointsize 0.5 linecolor rgb '{BLUE}'",
        f"$mid using 1:2:(0):3 with vectors nohead linewidth 4 linecolor rgb '{BLUE}'",
        f"$text using 1:2:3 with labels left offset 0.5,0 textcolor rgb '{INK}' font ',12'",
    ]
    if goals:
        draw.append(f"$mark using 1:2:(0):3 with vectors nohead linewidth 2.5 linecolor rgb '{MARK}'")
    return gnuplot(script + plot(draw), 76 + 36 * len(rows), left, int(longest(ends) * SMALL) + 16)


def stacks(rows, kinds, unit):
    """[(label, {kind: value})]: a bar made of parts. kinds: {kind: its colour}"""
    script, left = row_axis([row[0] for row in rows])
    top = max(sum(parts.values()) for _, parts in rows)
    boxes, texts, totals = [[] for _ in kinds], [], []
    for i, (_, parts) in enumerate(rows):
        y, at = len(rows) - i, 0
        for n, kind in enumerate(kinds):
            value = parts.get(kind, 0)
            boxes[n].append((at + value / 2, y, at, at + value, y - 0.34, y + 0.34))
            if value > top * 0.045:
                colour = 0xffffff if kinds[kind] in WHITE else int(INK[1:], 16)
                texts.append((at + value / 2, y, quoted(f"{value:,.0f}"), colour))
            at += value
        totals.append((at, y, f"{at:,.0f}"))
    for n in range(len(kinds)):
        script += data(f"k{n}", boxes[n])
    script += data("texts", texts) + data("totals", [(x, y, quoted(t)) for x, y, t in totals])
    script += [f"set xrange [0:{room([(x, t) for x, _, t in totals], left)}]", f"set xlabel {quoted(unit)}"]
    draw = [f"$k{n} using 1:2:3:4:5:6 with boxxyerror linecolor rgb '{colour}'"
            for n, colour in enumerate(kinds.values())]
    draw += ["$texts using 1:2:3:4 with labels textcolor rgb variable font ',11'",
             f"$totals using 1:2:3 with labels left offset 0.5,0 textcolor rgb '{INK}' font ',12'"]
    return gnuplot(script + plot(draw), 76 + 34 * len(rows), left, 26)

