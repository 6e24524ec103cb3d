# SPDX-License-Identifier: GPL-2.0-only
# QEMU's log of translated (in_asm) and executed (exec) blocks -> instructions per
# packet by function: a packet is one call of the function that `per` matches. Input: "address
# name [module]" sorted, then the log. Addresses have 16 hex digits, so they compare as text.

# The function that an address is in
function symbol(pc,   low, high, middle) {
	if (pc < start[2]) return 1
	low = 1; high = symbols
	while (low < high) {
		middle = int((low + high + 1) / 2)
		if (start[middle] <= pc) low = middle; else high = middle - 1
	}
	return low
}

BEGIN {
	start[++symbols] = "0000000000000000"
	name[symbols] = "(processes)"
}

FNR == NR {
	start[++symbols] = $1
	name[symbols] = $2
	module[symbols] = $3
	next
}

# Where the counter is about to run out a block is translated again, a short one:
# the longest is what nearly all runs were
/^IN:/ { block = ""; next }

# A long instruction's last bytes have a line of their own
/^0x[0-9a-f]+:( +[0-9a-f][0-9a-f])+$/ { next }

/^0x/ {
	pc = substr($1, 3, 16)
	if (block == "") {
		block = pc
		n = 0
	}
	if (++n > size[block]) size[block] = n
	if (annotate != "") {
		line[block, n] = $0
		address[block, n] = pc
	}
	next
}

# Trace 0: 0x7f4c... [cs_base/pc/flags/cflags]
/^Trace/ {
	split($0, part, "/")
	ran[part[2]]++
}

END {
	for (pc in ran) {
		n = symbol(pc)
		count[n] += ran[pc] * size[pc]
		if (start[n] == pc) calls[n] += ran[pc]
	}
	for (n in calls)
		if (name[n] ~ per) packets = calls[n]
	if (!packets) exit
	for (n in count) total += count[n]
	if (annotate == "") {
		printf "%.0f instructions per packet, generator and all, over %d packets\n", total / packets, packets
		for (n in count)
			printf "%12.2f %8.2f  %s%s\n", count[n] / packets, calls[n] / packets,
				name[n], module[n] ? " " module[n] : ""
		exit
	}
	for (pc in ran) {
		if (name[symbol(pc)] != annotate) continue
		for (i = 1; i <= size[pc]; i++) {
			times[address[pc, i]] += ran[pc]
			text[address[pc, i]] = line[pc, i]
		}
	}
	for (pc in times)
		printf "%s %8.3f  %s\n", pc, times[pc] / packets, text[pc]
}
