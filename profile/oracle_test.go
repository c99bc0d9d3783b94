// SPDX-License-Identifier: Apache-2.0

package profile

import (
	"errors"
	"fmt"
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/gosieve/sieve/arch"
	"github.com/gosieve/sieve/internal/scmp"
	"github.com/gosieve/sieve/seccomp"
)

// oracle decides single calls from a document, in the plainest way: it looks at
// all rules for every call and knows nothing of policies.
type oracle struct {
	p                     *Profile
	target                Target
	narrow, and, restrict bool
	known                 arch.Kernel // for the mode of that name; 0 for runc's

	def     seccomp.Action
	arches  []arch.Arch
	samples []uint64
	cache   map[muxed]seccomp.Action
}

// muxed is a call through a multiplexer.
type muxed struct {
	abi arch.Arch
	mux string
	n   uint32
}

// verdict is an action and who gave it, for ties: a rule, or else a number above
// all rules.
type verdict struct {
	action seccomp.Action
	by     int
}

const byDefault, byENOSYS = 1 << 20, 1 << 21

// errOverlap is what the oracle says of a call that two rules decide differently.
var errOverlap = errors.New("overlap")

func newOracle(p *Profile, t Target) *oracle {
	o := &oracle{p: p, target: t, def: number(p.DefaultAction, p.DefaultErrnoRet), arches: []arch.Arch{t.Arch}}
	o.cache = map[muxed]seccomp.Action{}
	for _, token := range p.Architectures {
		for _, a := range arch.All() {
			if a.Token() == token && !slices.Contains(o.arches, a) {
				o.arches = append(o.arches, a)
			}
		}
	}
	o.samples = samples(p)
	return o
}

func number(name string, n *uint32) seccomp.Action {
	code := uint16(1)
	if n != nil {
		code = uint16(*n)
	}
	return map[string]seccomp.Action{
		"SCMP_ACT_ALLOW": seccomp.Allow, "SCMP_ACT_KILL": seccomp.KillThread, "SCMP_ACT_KILL_PROCESS": seccomp.KillProcess,
		"SCMP_ACT_ERRNO": seccomp.Errno(code), "SCMP_ACT_TRACE": seccomp.Trace(code), "SCMP_ACT_LOG": seccomp.Log,
		"SCMP_ACT_TRAP": seccomp.Trap(0),
	}[name]
}

// samples are values at which conditions of the document can change.
func samples(p *Profile) []uint64 {
	set := []uint64{0, 1, 1<<32 - 1, 1 << 32, 1<<64 - 1}
	add := func(v uint64) { set = append(set, v-1, v, v+1) }
	for _, r := range p.Syscalls {
		for _, a := range r.Args {
			add(a.Value)
			add(a.ValueTwo)
		}
	}
	for _, r := range p.Syscalls {
		for _, a := range r.Args {
			if a.Op == "SCMP_CMP_MASKED_EQ" {
				for _, x := range set {
					set = append(set, x&^a.Value|a.ValueTwo&a.Value)
					if len(set) > 400 {
						break
					}
				}
			}
		}
	}
	slices.Sort(set)
	return slices.Compact(set)
}

// condition says whether a condition holds, and whether libseccomp sees one.
func (o *oracle) condition(a Arg, abi arch.Arch, name string, x uint64) (holds, vacuous bool) {
	all := ^uint64(0)
	if bits, ok := arch.Width(name, int(a.Index)); abi.Bits() == 32 || o.narrow && ok && bits <= 32 {
		all = 0xffffffff
	}
	x &= all
	switch a.Op {
	case "SCMP_CMP_EQ":
		return x == a.Value, false
	case "SCMP_CMP_NE":
		return x != a.Value, false
	case "SCMP_CMP_LT":
		return x < a.Value, false
	case "SCMP_CMP_LE":
		return x <= a.Value, false
	case "SCMP_CMP_GT":
		return x > a.Value, false
	case "SCMP_CMP_GE":
		return x >= a.Value, false
	}
	return x&a.Value == a.ValueTwo&a.Value, a.Value&all == 0 && a.ValueTwo&a.Value == 0
}

// part is a rule with conditions that must all hold.
type part struct {
	rule int
	name string
	args []Arg
}

// parts are the parts of rules that speak of a call.
func (o *oracle) parts(speaks func(name string) bool) []part {
	var list []part
	for i, r := range o.p.Syscalls {
		for _, name := range r.Names {
			if !speaks(name) {
				continue
			}
			indices := map[uint32]bool{}
			for _, a := range r.Args {
				indices[a.Index] = true
			}
			if len(indices) < len(r.Args) && !o.and {
				for _, a := range r.Args {
					list = append(list, part{i, name, []Arg{a}})
				}
			} else {
				list = append(list, part{i, name, r.Args})
			}
		}
	}
	return list
}

func (o *oracle) action(p part) seccomp.Action {
	r := o.p.Syscalls[p.rule]
	return number(r.Action, r.ErrnoRet)
}

// own is what the document's own rules say of a call.
func (o *oracle) own(abi arch.Arch, parts []part, args [6]uint64) (v verdict, found bool, err error) {
	conditional := []part{}
	for _, p := range parts {
		if o.action(p) == o.def {
			continue
		}
		if o.vacuous(abi, p) {
			return verdict{o.action(p), p.rule}, true, nil
		}
		conditional = append(conditional, p)
	}
	for _, p := range conditional {
		if !o.holds(abi, p, args) {
			continue
		}
		a := o.action(p)
		if found && a != v.action {
			err = errOverlap
		}
		if !found || a.Rank() < v.action.Rank() {
			v = verdict{a, p.rule}
		}
		found = true
	}
	return v, found, err
}

func (o *oracle) vacuous(abi arch.Arch, p part) bool {
	for _, a := range p.args {
		if _, vacuous := o.condition(a, abi, p.name, 0); !vacuous {
			return false
		}
	}
	return true
}

func (o *oracle) holds(abi arch.Arch, p part, args [6]uint64) bool {
	for _, a := range p.args {
		if holds, _ := o.condition(a, abi, p.name, args[a.Index]); !holds {
			return false
		}
	}
	return true
}

// plain is what a call gets but for multiplexers. The number -1 stands for none.
func (o *oracle) plain(abi arch.Arch, nr int64, parts []part, args [6]uint64) (v verdict, found bool, err error) {
	if v, found, err = o.own(abi, parts, args); found {
		return v, true, err
	}
	for _, p := range parts {
		if o.action(p) == o.def && o.holds(abi, p, args) {
			return verdict{o.def, byDefault}, true, nil
		}
	}
	if nr >= 0 && o.missing(abi, uint32(nr)) {
		return verdict{enosys(abi), byENOSYS}, true, nil
	}
	return verdict{o.def, byDefault}, false, nil
}

func enosys(abi arch.Arch) seccomp.Action {
	switch abi.GOARCH() {
	case "mips", "mipsle", "mips64", "mips64le", "mips64p32", "mips64p32le":
		return seccomp.Errno(89)
	}
	return seccomp.Errno(38)
}

func (o *oracle) missing(abi arch.Arch, nr uint32) bool {
	if nr == 0xffffffff {
		return false
	}
	if o.known != 0 {
		_, ok := abi.Name(nr)
		return !ok || abi.Since(nr) > o.known
	}
	switch o.def.Kind() {
	case seccomp.Allow, seccomp.Log, seccomp.Trace(0).Kind():
		return false
	}
	highest := uint32(0)
	for _, r := range o.p.Syscalls {
		for _, name := range r.Names {
			n, _ := abi.Number(name)
			highest = max(highest, n)
		}
	}
	s390 := abi == arch.S390 || abi == arch.S390X
	return highest > 0 && (nr > highest || s390 && nr == 0)
}

func (o *oracle) decide(c *seccomp.Call) (seccomp.Action, error) {
	abi, ok := arch.Of(c.Audit, c.Nr)
	if !ok || !slices.Contains(o.arches, abi) {
		return seccomp.KillThread, nil
	}
	parts := o.parts(func(name string) bool {
		nr, ok := abi.Number(name)
		return ok && nr == c.Nr
	})
	v, found, err := o.plain(abi, int64(c.Nr), parts, c.Args)
	if found {
		return v.action, err
	}
	if name, _ := abi.Name(c.Nr); name == "socketcall" || name == "ipc" {
		mask := map[string]uint64{"socketcall": 0xffffffff, "ipc": 0xffff}[name]
		key := muxed{abi, name, uint32(c.Args[0] & mask)}
		a, ok := o.cache[key]
		if !ok {
			a = o.through(abi, name, key.n)
			o.cache[key] = a
		}
		return a, nil
	}
	return v.action, nil
}

// through is what a call gets through a multiplexer: the most restrictive of what
// it gets with any sampled arguments.
func (o *oracle) through(abi arch.Arch, mux string, n uint32) seccomp.Action {
	reaches := func(name string) bool {
		m, k, ok := abi.Multiplexer(name)
		return ok && m == mux && k == n
	}
	nr := int64(-1)
	named := false
	for _, r := range o.p.Syscalls {
		for _, name := range r.Names {
			if reaches(name) {
				named = true
				if x, ok := abi.Number(name); ok {
					nr = int64(x)
				}
			}
		}
	}
	if !named {
		return o.def
	}
	parts := o.parts(func(name string) bool {
		x, ok := abi.Number(name)
		return nr >= 0 && ok && int64(x) == nr || nr < 0 && reaches(name)
	})
	var worst verdict
	first := true
	for _, x := range o.samples {
		for _, y := range o.samples {
			v, _, _ := o.plain(abi, nr, parts, [6]uint64{x, y})
			rank, least := v.action.Rank(), worst.action.Rank()
			if first || rank < least || rank == least && v.by < worst.by {
				worst, first = v, false
			}
		}
	}
	return worst.action
}

var oracleNames = []string{"read", "write", "socket", "accept", "accept4", "send", "semop", "msgget", "semtimedop", "socketcall", "ipc",
	"clone", "personality", "arm_sync_file_range", "sync_file_range2", "clone3", "openat2", "set_tls"}

// randomDocument makes a document of a few rules about few calls, so that they
// meet.
func randomDocument(rnd *rand.Rand) *Profile {
	pick := func(list ...string) string { return list[rnd.IntN(len(list))] }
	code := func() *uint32 {
		if rnd.IntN(3) > 0 {
			return nil
		}
		n := []uint32{1, 13, 38}[rnd.IntN(3)]
		return &n
	}
	value := func() uint64 {
		v := []uint64{0, 1, 2, 5, 8, 0xff, 0xffffffff, 1 << 32, 1<<32 | 1, 1 << 40, 1<<64 - 1}
		return v[rnd.IntN(len(v))]
	}
	p := &Profile{DefaultAction: pick("SCMP_ACT_ERRNO", "SCMP_ACT_ERRNO", "SCMP_ACT_ALLOW", "SCMP_ACT_KILL"), DefaultErrnoRet: code()}
	p.Architectures = [][]string{
		{"SCMP_ARCH_X86_64", "SCMP_ARCH_X86", "SCMP_ARCH_X32"}, {"SCMP_ARCH_X86"}, {"SCMP_ARCH_S390"}, {"SCMP_ARCH_ARM"}, nil,
	}[rnd.IntN(5)]
	few := make([]string, 1+rnd.IntN(2)*rnd.IntN(4))
	for i := range few {
		few[i] = oracleNames[rnd.IntN(len(oracleNames))]
	}
	for range 1 + rnd.IntN(6) {
		r := Rule{Action: pick("SCMP_ACT_ALLOW", "SCMP_ACT_ALLOW", "SCMP_ACT_ERRNO", "SCMP_ACT_KILL_PROCESS", "SCMP_ACT_LOG"), ErrnoRet: code()}
		for range 1 + rnd.IntN(3) {
			r.Names = append(r.Names, few[rnd.IntN(len(few))])
		}
		for range max(0, rnd.IntN(5)-1) {
			a := Arg{Index: uint32(rnd.IntN(2)), Op: scmp.Ops[rnd.IntN(len(scmp.Ops))], Value: value(), ValueTwo: value()}
			if a.Op == "SCMP_CMP_MASKED_EQ" && rnd.IntN(2) == 0 {
				a.Value = []uint64{0, 1, 3, 1 << 32, 1<<33 | 1}[rnd.IntN(5)]
			}
			r.Args = append(r.Args, a)
		}
		p.Syscalls = append(p.Syscalls, r)
	}
	return p
}

// TestResolveEqualsOracle holds policies of random documents to the oracle, at the
// values where an answer can change.
func TestResolveEqualsOracle(t *testing.T) {
	hosts := []arch.Arch{arch.X86_64, arch.X86, arch.S390X, arch.PPC64LE, arch.MIPS, arch.ARM, arch.AArch64, arch.MIPSEL64N32}
	var resolved, refused int
	for seed := range uint64(300) {
		rnd := rand.New(rand.NewPCG(seed, 7))
		p := randomDocument(rnd)
		o := newOracle(p, Target{Arch: hosts[rnd.IntN(len(hosts))], Kernel: arch.Newest})
		var opts []Option
		if rnd.IntN(4) == 0 {
			o.narrow, opts = true, append(opts, Narrow)
		}
		if rnd.IntN(4) == 0 {
			o.and, opts = true, append(opts, AndRepeated)
		}
		if rnd.IntN(2) == 0 {
			o.restrict, opts = true, append(opts, RestrictOverlaps)
		}
		if rnd.IntN(3) == 0 {
			o.known = arch.Kernel(5 << 8)
			opts = append(opts, ENOSYSKnown(o.known))
		}
		policy, diags, err := p.Resolve(o.target, opts...)
		about := func() string { return fmt.Sprintf("seed %d: %+v\n%v %v\n%v", seed, *p, o.target, opts, diags) }
		if err != nil {
			require.ErrorIs(t, err, ErrProfile, about())
			refused++
		} else {
			require.NoError(t, policy.Validate(), about())
			resolved++
		}
		overlap := false
		for _, c := range oracleCalls(o, rnd) {
			want, problem := o.decide(&c)
			if problem != nil {
				overlap = true
				if !o.restrict {
					require.Error(t, err, "%s\n%+v is decided by two rules", about(), c)
					continue
				}
			}
			if err == nil {
				require.Equal(t, want, policy.Evaluate(&c), "%s\n%+v\n%+v", about(), c, policy)
			}
		}
		if err != nil && !overlap {
			require.True(t, o.anyOverlap(), "%s\nrefused without an overlap: %v", about(), err)
		}
	}
	require.Greater(t, resolved, 150, "too few documents were compared")
	require.Greater(t, refused, 5, "too few documents had overlaps")
}

// anyOverlap looks for an overlap at all pairs of samples.
func (o *oracle) anyOverlap() bool {
	if o.restrict {
		return false
	}
	for _, abi := range o.arches {
		for _, name := range oracleNames {
			nr, ok := abi.Number(name)
			if !ok {
				continue
			}
			parts := o.parts(func(name string) bool {
				x, ok := abi.Number(name)
				return ok && x == nr
			})
			for _, x := range o.samples {
				for _, y := range o.samples {
					if _, _, err := o.own(abi, parts, [6]uint64{x, y}); err != nil {
						return true
					}
				}
			}
		}
	}
	return false
}

// oracleCalls are calls near all that the document and the tables speak of.
func oracleCalls(o *oracle, rnd *rand.Rand) []seccomp.Call {
	var list []seccomp.Call
	value := func() uint64 { return o.samples[rnd.IntN(len(o.samples))] }
	for _, abi := range append(slices.Clone(o.arches), arch.RISCV64, arch.X86, arch.X32) {
		numbers := []uint32{0, 1, abi.Base(), abi.Base() + 600, 0x3fffffff, 0x40000000, 0x40000001, 0xfffffffe, 0xffffffff}
		for _, name := range oracleNames {
			if nr, ok := abi.Number(name); ok {
				numbers = append(numbers, nr-1, nr, nr+1)
			}
		}
		for _, nr := range numbers {
			tries := 2
			name, _ := abi.Name(nr)
			if slices.Contains(oracleNames, name) {
				tries = 10
			}
			for range tries {
				c := seccomp.Call{Audit: abi.Audit(), Nr: nr, Args: [6]uint64{value(), value()}}
				if (name == "socketcall" || name == "ipc") && rnd.IntN(2) == 0 {
					c.Args[0] = uint64(rnd.IntN(25)) | value()<<32
				}
				list = append(list, c)
			}
		}
	}
	return list
}
