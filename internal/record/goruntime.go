// SPDX-License-Identifier: Apache-2.0

package record

import (
	"fmt"
	"os"
	"strings"

	"github.com/gosieve/sieve/arch"
	"github.com/gosieve/sieve/internal/elf"
	"github.com/gosieve/sieve/internal/goruntime"
	"github.com/gosieve/sieve/seccomp"
	"github.com/gosieve/sieve/seccomp/notify"
)

// AddGo notes that a program on an ABI was built with Go, with cgo or without. Go's
// runtime makes some calls only when it has to, for a signal, a collection or a blocked
// thread, which a run need not show; a profile without them makes the program fail later,
// under load.
func (r *Recording) AddGo(abi arch.Arch, cgo bool) {
	if r.goes == nil {
		r.goes = map[arch.Arch]bool{}
	}
	r.goes[abi] = r.goes[abi] || cgo
}

// goRuntime returns a recording of what Go's runtime calls on each ABI where a Go program
// was seen, as if it had been seen too. Calls that the runtime can do without
// (goruntime.Optional) are left out.
func (r *Recording) goRuntime() *Recording {
	calls := &Recording{Args: r.Args}
	for abi, cgo := range r.goes {
		for _, c := range goruntime.Calls(abi, arch.Newest) {
			nr, ok := abi.Number(c.Name)
			if !ok || c.Need == goruntime.Optional || c.Errno != 0 || c.Cgo && !cgo {
				continue // Errno: it wants no more than that answer, see Complete
			}
			calls.Add(&seccomp.Call{Audit: abi.Audit(), Nr: nr, Args: c.Args})
		}
	}
	return calls
}

// programs keeps the processes and threads that have called execve. The call is seen
// before it is made, so the process's next call is the first at which its new program can
// be looked at.
type programs struct{ executed map[int]bool }

// look finds out whether a program was built with Go, at the first call of each program.
// It reads /proc/PID/exe. What cannot be read, as that of another user, is passed over.
// An execve that fails costs one look at the old program, which does no harm.
func (p *programs) look(r *Recording, n *notify.Notification) {
	abi, ok := arch.Of(n.Call.Audit, n.Call.Nr)
	if !ok || n.PID == 0 {
		return
	}
	switch name, _ := abi.Name(n.Call.Nr); {
	case name == "execve" || name == "execveat":
		if p.executed == nil {
			p.executed = map[int]bool{}
		}
		p.executed[n.PID] = true
		p.executed[leader(n.PID)] = true // the new program has the process's number
	case p.executed[n.PID]:
		delete(p.executed, n.PID)
		if cgo, ok := builtWithGo(fmt.Sprintf("/proc/%d/exe", n.PID)); ok {
			r.AddGo(abi, cgo)
		}
	}
}

// leader is the number of a thread's process, or the thread's own if that cannot be read.
// When a thread other than the leader executes a program, the kernel gives it the
// leader's number (execve(2)).
func leader(thread int) int {
	text, err := os.ReadFile(fmt.Sprintf("/proc/%d/status", thread))
	var leader int
	for line := range strings.Lines(string(text)) {
		if _, e := fmt.Sscanf(line, "Tgid: %d", &leader); err == nil && e == nil {
			return leader
		}
	}
	return thread
}

// builtWithGo says whether a file is a program built with Go, and whether C code is
// linked in. A Go program with an interpreter (PT_INTERP) is taken for one with cgo: it
// is linked dynamically.
func builtWithGo(name string) (cgo, ok bool) {
	f, err := os.Open(name)
	if err != nil {
		return false, false
	}
	defer f.Close()
	e, err := elf.New(f)
	if err != nil || !e.BuiltWithGo() {
		return false, false
	}
	return e.Interpreted(), true
}
