// SPDX-License-Identifier: Apache-2.0

package profile

import (
	"slices"

	"github.com/gosieve/sieve/arch"
	"github.com/gosieve/sieve/seccomp"
)

// runtimes looks for calls that the runtimes themselves make under the filter, and
// that the default denies. Launchers that install the filter last of all, as sieve run
// does, do without.
func (l *linter) runtimes() {
	if lets(l.def) || l.arches[0] != arch.X86_64 {
		return
	}
	for _, runtime := range []string{"runc", "crun"} {
		var missing []string
		var first seccomp.Call
		for _, name := range runtimeCalls()[runtime] {
			if slices.Contains(beforeFilter, name) {
				continue
			}
			if call, ok := l.denied([]string{name}); ok && !l.missing[0].contain(call.Nr) {
				if missing = append(missing, name); len(missing) == 1 {
					first = call
				}
			}
		}
		if len(missing) > 0 {
			l.noteCall(&first, Info, "runtime-calls", l.p.at.defaultAction, "defaultAction",
				repairsText(l.p.answered(func(int) bool { return false }, missing, "SCMP_ACT_ALLOW", nil)),
				"%s makes calls of its own after the filter is on, of which no rule names %s", runtime, several(missing))
		}
	}
}
