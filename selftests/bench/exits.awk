# SPDX-License-Identifier: GPL-2.0-only
# exits.awk SPANS TRACE: register accesses between the guest's marks, as lines of
# bench.sh: "exits ROW DRIVER VALUE PACKETS LOST SIZE BURST RING NICS".
#
# On KVM an access that is coalesced does not leave the guest. QEMU coalesces writes
# to all of the e1000's registers but these (hw/net/e1000.c); reads leave always.

function hex(text,   i, n) {
	text = tolower(text)
	for (i = 3; i <= length(text); i++)
		n = n * 16 + index("0123456789abcdef", substr(text, i, 1)) - 1
	return n
}

BEGIN {
	leaves[hex("0x20")] = leaves[hex("0xc0")] = leaves[hex("0xc8")] = 1	# MDIC ICR ICS
	leaves[hex("0xd0")] = leaves[hex("0xd8")] = leaves[hex("0x400")] = 1	# IMS IMC TCTL
	leaves[TDT = hex("0x3818")] = 1
}

FNR == NR {
	if ($1 != "span")
		next
	spans++
	row[$2] = $3; driver[$2] = $4; packets[$2] = $5
	rest[$2] = $6 " " $7 " " $8 " " $9 " 1"
	interrupts[$2] = $10
	for (i = 11; i <= NF; i++)
		base[$2, ++nics[$2]] = hex($i)
	next
}

# memory_region_ops_write cpu 0 mr 0x.. addr 0x.. value 0x.. size 4 name 'e1000-mmio'
{
	for (i = 1; i < NF; i++) {
		if ($i == "addr") addr = hex($(i + 1))
		if ($i == "value") value = hex($(i + 1))
	}
}

addr == 128 && /ops_write/ { span = value; next }

span && /e1000-mmio/ {
	for (i = 1; i <= nics[span]; i++) {
		at = addr - base[span, i]
		if (at < 0 || at >= 131072)
			continue
		all[span]++
		if (/ops_write/ && !(at in leaves))
			continue
		out[span]++
		if (at == TDT)
			doorbells[span]++
	}
}

function line(s, what, value) {
	printf "exits %s%s %s %.4f %d %s\n", row[s], what, driver[s], value, packets[s], rest[s]
}

END {
	for (s = 1; s <= spans; s++) {
		if (row[s] ~ /probe/) {
			line(s, "", all[s] / packets[s])
			continue
		}
		line(s, ",_per_packet", out[s] / packets[s])
		if (row[s] ~ /^TX/)
			line(s, ",_doorbells_per_packet", doorbells[s] / packets[s])
		if (interrupts[s])
			line(s, ",_per_interrupt", (out[s] - doorbells[s]) / interrupts[s])
	}
}
