// SPDX-License-Identifier: Apache-2.0

package dropin

import (
	"slices"
	"strings"
	"testing"

	"github.com/gosieve/sieve/arch"
)

// scmpArches are the ABIs of the API, ArchInvalid and what is behind the last included.
const scmpArches = 26

// allNames are the names of Sieve's tables and what is no name.
func allNames() []string {
	seen := map[string]bool{}
	for _, a := range arch.All() {
		for _, name := range a.Calls() {
			seen[name] = true
		}
	}
	names := []string{"", "Read", "READ", "__NR_read", "SYS_read", " read", "read ", "nosuchcall", "restart_syscall", "socketcall", "ipc"}
	for name := range seen {
		names = append(names, name)
	}
	slices.Sort(names)
	return slices.Compact(names)
}

// lookups are all that a table is asked: each name on each ABI, and each number that one may
// have there, ordinary and pseudo.
func lookups() (steps []Step) {
	names := allNames()
	for a := range uint(scmpArches) {
		for _, name := range names {
			steps = append(steps, Step{Do: "GetSyscallFromNameByArch", Name: name, Arch: a})
		}
		for _, base := range []int32{0, 4000, 5000, 6000, 0x40000000, 0xf0000, -10400, -600} {
			for nr := base - 10; nr < base+600; nr++ {
				steps = append(steps, Step{Do: "GetNameByArch", Call: nr, Arch: a})
			}
		}
	}
	return steps
}

// otherTables are what libseccomp's tables have otherwise than the kernel, by call: two names
// of one pseudo number, and calls which they lack on an ABI or have in excess.
var otherTables = map[string]bool{
	"sys_debug_setcontext": true, "switch_endian": true,
	"sync_file_range2": true, // ARM has it by the number of arm_sync_file_range
	"_llseek":          true, // not of 64-bit PA-RISC
	"memfd_secret":     true, // LoongArch
}

// TestNames looks up every call by name and by number on every ABI. Sieve may know calls
// that libseccomp's older tables lack.
func TestNames(t *testing.T) {
	libseccomps(t, func(t *testing.T, theirs *library) {
		steps := lookups()
		x, err := theirs.play(steps)
		if err != nil {
			t.Fatal(err)
		}
		y, err := own(t).play(steps)
		if err != nil {
			t.Fatal(err)
		}
		reasons := map[string]int{}
		for i := range steps {
			if x[i].Kind == y[i].Kind && x[i].Value == y[i].Value {
				continue
			}
			reason := otherName(&steps[i], &x[i], &y[i])
			if reasons[reason]++; reason == "" && reasons[reason] < 20 {
				t.Errorf("%+v: %s %+v, Sieve %+v", steps[i], theirs.name, x[i], y[i])
			}
		}
		t.Logf("%s: %d look-ups, of which differ: %v", theirs.name, len(steps), reasons)
	})
}

// otherName is why two tables may answer differently.
func otherName(s *Step, theirs, own *Reply) string {
	a := scmpArch(s.Arch)
	known := func(name string) bool { _, ok := a.Number(name); return ok }
	switch {
	case strings.Contains(theirs.Err, "not supported on this version"):
		return "it lacks the ABI"
	case otherTables[s.Name], otherTables[theirs.Value], otherTables[own.Value]:
		return "its tables have the call otherwise"
	case theirs.Kind == "ErrSyscallDoesNotExist" && own.Kind == "":
		return "its tables lack the call"
	case theirs.Kind == "" && strings.HasPrefix(theirs.Value, "-") && known(s.Name), // a pseudo number
		theirs.Kind == "" && s.Call < 0 && own.Kind == "ErrSyscallDoesNotExist" && known(theirs.Value):
		return "its tables lack the call on the ABI"
	}
	return ""
}
