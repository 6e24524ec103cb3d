# SPDX-License-Identifier: GPL-2.0-only
# Read nested KTAP, print a line for each test with cases and all of what
# failed, append "passed failed skipped" to the file TOTALS. The leaves count.
# What a plan promised and did not come is a failure, and so is a stream
# without a plan.

function fail_case(text) {
	failed++
	printf "FAILED  %s%s\n", label, text
}

# The block below depth d is over: did it keep its plan?
function close_block(d, name,	missing) {
	if (!(d in plan))
		return
	missing = plan[d] - seen[d]
	for (; missing > 0; missing--)
		fail_case(name ": a case of the plan did not report")
	delete plan[d]
	delete seen[d]
}

{ sub(/\r$/, "") }

/^ *KTAP version/ || /^ *# Subtest:/ { next }

/^ *1\.\.[0-9]+/ {
	match($0, /^ */)
	d = RLENGTH / 2
	split($0, word, /\.\./)
	if (!(d in plan)) {
		plan[d] = word[2] + 0
		seen[d] = 0
		failed_before[d] = failed
	}
	planned = 1
	next
}

/^ *(not )?ok [0-9]/ {
	match($0, /^ */)
	d = RLENGTH / 2
	good = $1 == "ok"
	text = $0
	sub(/^ *(not )?ok [0-9]+ *(- *)?/, "", text)
	seen[d]++
	if ((d + 1) in plan) {	# it sums up the block below
		before = failed_before[d + 1]
		for (k = 9; k > d; k--)
			close_block(k, text)
		if (!good && failed == before)
			fail_case(text)
		if (group_cases) {
			printf "%s  %s%s: %d passed%s%s\n",
				(failed > before) ? "FAILED" : "ok    ", label, text, group_good,
				group_skipped ? ", " group_skipped " skipped" : "",
				(failed > before) ? ", " (failed - before) " failed" : ""
			fflush()
			group_cases = group_good = group_skipped = 0
		}
		notes = ""
		next
	}
	group_cases++
	if (text ~ /# SKIP/) {
		skipped++
		group_skipped++
	} else if (good) {
		passed++
		group_good++
	} else {
		printf "%s", notes
		fail_case(text)
		fflush()
	}
	notes = ""
	next
}

# Whatever else: shown if the case it belongs to fails.
{
	notes = notes "        " $0 "\n"
	if (length(notes) > 20000)
		notes = substr(notes, length(notes) - 10000)
}

END {
	for (k = 9; k >= 0; k--)
		close_block(k, "the run")
	if (!planned) {
		printf "%s", notes
		fail_case("no plan: nothing was run")
	}
	print passed + 0, failed + 0, skipped + 0 >> TOTALS
}
