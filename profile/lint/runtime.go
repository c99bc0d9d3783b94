// SPDX-License-Identifier: Apache-2.0

package lint

import (
	"slices"

	"github.com/gosieve/sieve/arch"
	"github.com/gosieve/sieve/internal/userland"
	"github.com/gosieve/sieve/internal/wording"
	"github.com/gosieve/sieve/profile"
	"github.com/gosieve/sieve/seccomp"
)

// runtimes looks for calls that the runtimes themselves make under the filter, and
// that the default denies. Launchers that install the filter last of all, as sieve run
// does, do without.
//
// The lists in internal/userland are measured on x86_64, so nothing is said on other
// ABIs. Numbers that get ENOSYS are left out, as the default does not decide them.
func (l *linter) runtimes() {
	if !l.def.Denies() || l.arches[0] != arch.X86_64 {
		return
	}
	for _, runtime := range []string{"runc", "crun"} {
		var missing []string
		var first seccomp.Call
		for _, name := range userland.RuntimeCalls(runtime) {
			if slices.Contains(userland.BeforeFilter, name) {
				continue
			}
			if call, ok := l.denied([]string{name}); ok && !l.Missing[0].Contain(call.Nr) {
				if missing = append(missing, name); len(missing) == 1 {
					first = call
				}
			}
		}
		if len(missing) > 0 {
			l.mend(answered(l.p, nil, missing, "SCMP_ACT_ALLOW", nil)...)
			l.noteCall(&first, profile.Info, "runtime-calls", l.of("defaultAction"), "",
				"%s makes calls of its own after the filter is on, of which no rule names %s", runtime, wording.Few(missing))
		}
	}
}
