// SPDX-License-Identifier: Apache-2.0

package rig

import (
	"encoding/binary"
	"fmt"
	"math/rand/v2"
	"strings"

	"github.com/gosieve/sieve/arch"
	"github.com/gosieve/sieve/seccomp"
)

// source gives the choices that make up a policy, from any bytes at all. At the
// end of the bytes every choice is the first.
type source []byte

// n is a choice from 0 to choices-1, by one byte.
func (s *source) n(choices int) int {
	if len(*s) == 0 {
		return 0
	}
	b := (*s)[0]
	*s = (*s)[1:]
	return int(b) % choices
}

// pick is one of a list.
func pick[T any](s *source, list []T) T { return list[s.n(len(list))] }

// uint64 takes up to eight bytes; those that are missing are 0.
func (s *source) uint64() uint64 {
	var b [8]byte
	*s = (*s)[copy(b[:], *s):]
	return binary.LittleEndian.Uint64(b[:])
}

var (
	someArches = []arch.Arch{
		arch.X86_64, arch.X32, arch.X86, arch.AArch64, arch.S390X, arch.S390, arch.MIPS, arch.MIPSEL64N32, arch.PPC64LE, arch.RISCV64, arch.ARM,
	}
	SomeActions = []seccomp.Action{
		seccomp.Errno(1), seccomp.Allow, seccomp.KillProcess, seccomp.KillThread, seccomp.Errno(38), seccomp.Log,
		seccomp.Trap(3), seccomp.Trace(65535), seccomp.Notify, seccomp.Errno(4095),
	}
	SomeCalls = []string{
		"socket", "read", "clone", "personality", "write", "open", "openat", "close", "mmap", "ioctl", "fcntl", "prctl", "socketcall", "ipc", "futex", "set_tls", "listns",
	}
	SomeValues = []uint64{
		0, 1, 8, 38, 40, 0x20000, 0x20008, 0x7e020000, 1<<31 - 1, 1 << 31, 1<<32 - 1, 1 << 32, 1<<32 + 1, 1 << 40, 1<<63 - 1, 1 << 63, 1<<64 - 1, 0xffffffff00000000, 0x100000008,
	}
)

// RandomSeed is so many bytes for PolicyFrom.
func RandomSeed(r *rand.Rand, size int) []byte {
	seed := make([]byte, size)
	for i := range seed {
		seed[i] = byte(r.Uint32())
	}
	return seed
}

// PolicyFrom makes a valid policy of any bytes.
//
// Equal bytes make equal policies, so a failure of a fuzz test can be kept as its bytes.
// At most 60 rules and four ABIs keep a proof short.
func PolicyFrom(seed []byte) *seccomp.Policy {
	s := source(seed)
	p := &seccomp.Policy{Default: pick(&s, SomeActions), BadArch: pick(&s, SomeActions)}
	first := s.n(len(someArches))
	for i := range 1 + s.n(4) {
		p.Arches = append(p.Arches, someArches[(first+i)%len(someArches)])
	}
	for len(s) > 0 && len(p.Rules) < 60 {
		p.Rules = append(p.Rules, s.rule())
	}
	return p
}

// rule makes a rule with up to three names or ranges and up to three conditions. Ranges
// begin and end where ABIs do.
func (s *source) rule() seccomp.Rule {
	r := seccomp.Rule{Action: pick(s, SomeActions)}
	for range 1 + s.n(3) {
		if s.n(4) == 0 {
			from := uint32(pick(s, []uint64{0, 3, 30, 41, 135, 300, 4000, 0x40000000, 0x4000001d, 0x7fffffff, 0x80000000, 0xfffffffe}))
			r.Numbers = append(r.Numbers, seccomp.Range{From: from, To: max(from, from+uint32(pick(s, []int{0, 1, 7, 100, 500, 0x3fffffff})))})
		} else {
			r.Syscalls = append(r.Syscalls, pick(s, SomeCalls[:1+s.n(len(SomeCalls))]))
		}
	}
	if s.n(8) == 1 {
		r.Arches = []arch.Arch{pick(s, someArches)}
	}
	for range s.n(4) {
		a := seccomp.Arg{Index: s.n(6), Op: seccomp.EQ + seccomp.Op(s.n(7)), Value: s.value(), Narrow: s.n(4) == 1}
		if a.Op == seccomp.MaskedEQ || s.n(16) == 1 {
			a.Mask = s.value()
		}
		if s.n(3) == 0 && len(r.Args) > 0 {
			a.Index = r.Args[0].Index // conditions that meet on one argument
		}
		r.Args = append(r.Args, a)
	}
	return r
}

// value is small, any, or (half of the time) one of SomeValues, which lie at the edges of
// the 32-bit words that a filter compares.
func (s *source) value() uint64 {
	switch s.n(4) {
	case 0:
		return uint64(s.n(256))
	case 1:
		return s.uint64()
	}
	return pick(s, SomeValues)
}

// Describe writes a policy as a person reads it, a rule a line.
func Describe(p *seccomp.Policy) string {
	var b strings.Builder
	fmt.Fprintf(&b, "%v default %v, bad arch %v\n", p.Arches, p.Default, p.BadArch)
	for i, r := range p.Rules {
		fmt.Fprintf(&b, "%3d %v %v %v: %+v %v\n", i, r.Arches, r.Syscalls, r.Numbers, r.Args, r.Action)
	}
	return b.String()
}
