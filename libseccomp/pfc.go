// SPDX-License-Identifier: Apache-2.0

package seccomp

import (
	"bytes"
	"fmt"
	"maps"
	"slices"

	"github.com/gosieve/sieve/seccomp"
)

// pseudoCode is the filter as text.
func (f *ScmpFilter) pseudoCode() []byte {
	var b bytes.Buffer
	fmt.Fprintln(&b, "#\n# pseudo filter code start\n#")
	for _, t := range f.tables {
		t.pseudoCode(&b, f.attributes.defaultAction)
	}
	fmt.Fprintf(&b, "# invalid architecture action\n%s", does(f.attributes.badArchAction))
	fmt.Fprintln(&b, "#\n# pseudo filter code end\n#")
	return b.Bytes()
}

func (t *table) pseudoCode(b *bytes.Buffer, defaultAction seccomp.Action) {
	fmt.Fprintf(b, "# filter for arch %v (%d)\nif ($arch == %d)\n", t.abi, t.abi.Audit(), t.abi.Audit())
	calls := t.numbered(defaultAction)
	for _, nr := range slices.Sorted(maps.Keys(calls)) {
		name, ok := t.abi.Name(nr)
		if !ok {
			name = "UNKNOWN"
		}
		fmt.Fprintf(b, "  # filter for syscall %q (%d)\n  if ($syscall == %d)\n", name, nr, nr)
		for _, p := range ordered(calls[nr], t.abi.Bits()) {
			indent := "    "
			for _, a := range p.conds {
				fmt.Fprintf(b, "%sif (%s)\n", indent, comparison(a))
				indent += "  "
			}
			fmt.Fprintf(b, "%s%s", indent, does(p.action))
		}
	}
	fmt.Fprintf(b, "  # default action\n  %s", does(defaultAction))
}

// comparison is a condition as text.
func comparison(a seccomp.Arg) string {
	if a.Op == seccomp.MaskedEQ {
		return fmt.Sprintf("$a%d & %#x == %d", a.Index, a.Mask, a.Value)
	}
	symbols := [...]string{seccomp.EQ: "==", seccomp.NE: "!=", seccomp.LT: "<", seccomp.LE: "<=", seccomp.GT: ">", seccomp.GE: ">="}
	return fmt.Sprintf("$a%d %s %d", a.Index, symbols[a.Op], a.Value)
}

// does is a line that names an action. libseccomp has a short word for KILL_THREAD, and the
// number of USER_NOTIF.
func does(a seccomp.Action) string {
	switch a.Kind() {
	case seccomp.KillThread:
		return "action KILL;\n"
	case seccomp.Trap(0):
		return "action TRAP;\n"
	case seccomp.Notify:
		return fmt.Sprintf("action %#x;\n", uint32(a))
	}
	return fmt.Sprintf("action %v;\n", a)
}
