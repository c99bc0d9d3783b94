// SPDX-License-Identifier: Apache-2.0

package main

import (
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"testing"

	"github.com/opencontainers/runtime-spec/specs-go"
	scmp "github.com/seccomp/libseccomp-golang"

	"github.com/gosieve/sieve/arch"
	"github.com/gosieve/sieve/seccomp"
)

// scmpArches are the ABIs that the installed libseccomp has, by Sieve's names.
func scmpArches() map[arch.Arch]scmp.ScmpArch {
	list := map[arch.Arch]scmp.ScmpArch{}
	for _, a := range arch.All() {
		s, err := scmp.GetArchFromString(a.String())
		if err == nil {
			list[a] = s
		}
	}
	return list
}

// TestNumbers holds the tables to libseccomp's, for each ABI that the installed
// version has and each name that it knows.
func TestNumbers(t *testing.T) {
	compared := 0
	for a, s := range scmpArches() {
		names := 0
		for nr, name := range a.Calls() {
			got, err := scmp.GetSyscallFromNameByArch(name, s)
			if err != nil || got < 0 {
				continue // newer than the library, or a multiplexer's
			}
			names++
			if uint32(got) != nr {
				t.Errorf("%v: %s is %d, libseccomp has %d", a, name, nr, got)
			}
		}
		if names > 200 {
			compared++
		}
	}
	if compared < 16 {
		t.Errorf("%d ABIs compared, want 16 or more", compared)
	}
}

// TestDecisions compares random policies with libseccomp's programs, for
// the rules that it is known to compile faithfully.
func TestDecisions(t *testing.T) {
	libseccomp, err := compilers([]string{"libseccompO1", "libseccompO2"})
	if err != nil {
		t.Fatal(err)
	}
	for seed := range uint64(150) {
		g := generator{rand.New(rand.NewPCG(seed, 0))}
		doc, err := json.Marshal(g.document())
		if err != nil {
			t.Fatal(err)
		}
		w := &workload{name: fmt.Sprint(seed), doc: doc}
		if err := w.read(); err != nil {
			t.Fatalf("seed %d: %v\n%s", seed, err, doc)
		}
		own, err := w.policy.Compile()
		if err != nil {
			t.Fatalf("seed %d: %v\n%s", seed, err, doc)
		}
		for _, c := range libseccomp {
			compile, err := c.prepare(w)
			if err != nil {
				t.Fatalf("seed %d: %v\n%s", seed, err, doc)
			}
			theirs, err := compile()
			if err != nil {
				t.Fatalf("seed %d: %v\n%s", seed, err, doc)
			}
			differ(t, w, own, theirs, c.name)
		}
	}
}

// differ reports the first call that the policy, its program and another
// program do not decide alike.
func differ(t *testing.T, w *workload, own, theirs seccomp.Filter, name string) {
	asked := 0
	points(w.policy, func(c *seccomp.Call) {
		if t.Failed() {
			return
		}
		asked++
		want, a, b := w.policy.Evaluate(c), own.Run(c), theirs.Run(c)
		if a != want || b != want {
			t.Errorf("seed %s: %+v: policy %v, program %v, %s %v\n%s", w.name, *c, want, a, name, b, w.doc)
		}
	})
	if asked < 5*lastAsked {
		t.Fatalf("only %d calls asked", asked)
	}
}

// generator makes documents that libseccomp compiles faithfully: EQ and
// MASKED_EQ with any number of conditions, NE alone, ordered operators alone
// with constants below 2^32; and where a 32-bit ABI is listed, which would cut
// them, all constants are.
type generator struct{ *rand.Rand }

// names are calls with numbers of their own on x86_64, x86 and x32, that every
// libseccomp in use knows.
var names = []string{
	"read", "write", "close", "openat", "ioctl", "fcntl", "clone", "personality", "prctl", "madvise", "futex", "mprotect",
	"kill", "tgkill", "dup", "dup2", "dup3", "pipe2", "ptrace", "unshare", "mount", "umount2", "getpid", "getppid", "gettid", "exit_group",
	"lseek", "readv", "writev", "sync", "chdir", "fchdir", "mkdir", "rmdir", "unlink", "link", "symlink", "umask", "reboot", "swapon",
}

func (g *generator) document() *specs.LinuxSeccomp {
	doc := &specs.LinuxSeccomp{Architectures: []specs.Arch{specs.ArchX86_64}}
	small := g.IntN(2) == 0
	if small {
		if g.IntN(4) > 0 {
			doc.Architectures = append(doc.Architectures, specs.ArchX86)
		}
		if g.IntN(4) > 0 {
			doc.Architectures = append(doc.Architectures, specs.ArchX32)
		}
	}
	doc.DefaultAction, doc.DefaultErrnoRet = g.action()
	for range 1 + g.IntN(40) {
		s := specs.LinuxSyscall{}
		s.Action, s.ErrnoRet = g.action()
		name := names[g.IntN(len(names))]
		// Rules of one call share its action: which of several overlapping ones
		// wins is libseccomp's secret.
		for _, before := range doc.Syscalls {
			if before.Names[0] == name {
				s.Action, s.ErrnoRet = before.Action, before.ErrnoRet
			}
		}
		s.Names = []string{name}
		s.Args = g.conditions(small)
		doc.Syscalls = append(doc.Syscalls, s)
	}
	return doc
}

func (g *generator) action() (specs.LinuxSeccompAction, *uint) {
	switch g.IntN(6) {
	case 0:
		return specs.ActAllow, nil
	case 1:
		return specs.ActKillProcess, nil
	case 2:
		return specs.ActTrap, nil
	case 3:
		return specs.ActLog, nil
	}
	n := 1 + g.UintN(40)
	return specs.ActErrno, &n
}

func (g *generator) conditions(small bool) []specs.LinuxSeccompArg {
	value := func(small bool) uint64 {
		v := []uint64{0, 1, 2, 8, 0x1000, 0x80000000, 0xffffffff, 0xfffffffe, uint64(g.Uint32())}[g.IntN(9)]
		if !small && g.IntN(2) == 0 {
			v |= []uint64{1, 0x80000000, 0xffffffff, uint64(g.Uint32())}[g.IntN(4)] << 32
		}
		return v
	}
	switch g.IntN(4) {
	case 0:
		return nil
	case 1:
		ops := []specs.LinuxSeccompOperator{specs.OpLessThan, specs.OpLessEqual, specs.OpGreaterThan, specs.OpGreaterEqual}
		return []specs.LinuxSeccompArg{{Index: g.UintN(6), Value: value(true), Op: ops[g.IntN(4)]}}
	case 2:
		return []specs.LinuxSeccompArg{{Index: g.UintN(6), Value: value(small), Op: specs.OpNotEqual}}
	}
	var list []specs.LinuxSeccompArg
	for _, i := range g.Perm(6)[:1+g.IntN(3)] {
		a := specs.LinuxSeccompArg{Index: uint(i), Value: value(small), Op: specs.OpEqualTo}
		if g.IntN(2) == 0 {
			a.Op, a.ValueTwo = specs.OpMaskedEqual, value(small)
			if a.Value == 0 {
				a.Value = 1
			}
			a.ValueTwo &= a.Value
		}
		list = append(list, a)
	}
	return list
}
