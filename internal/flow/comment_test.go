// SPDX-License-Identifier: Apache-2.0

package flow_test

import (
	"fmt"
	"math/rand/v2"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	xbpf "golang.org/x/net/bpf"

	"github.com/gosieve/sieve/arch"
	"github.com/gosieve/sieve/bpf"
	"github.com/gosieve/sieve/internal/argument"
	"github.com/gosieve/sieve/internal/flow"
	"github.com/gosieve/sieve/internal/seccompdata"
	"github.com/gosieve/sieve/internal/test/boundary"
	"github.com/gosieve/sieve/internal/test/rig"
	"github.com/gosieve/sieve/profile"
	"github.com/gosieve/sieve/seccomp"
)

// TestComments has the ways to ask for a number: a threshold is about all calls from a
// number on, and what a constant means depends on what it is compared with.
func TestComments(t *testing.T) {
	rows := []struct{ instruction, comment string }{
		{"jeq #0", "x86_64 read"},
		{"jge #1", "yes: x86_64 write..rseq_slice_yield (1 and above), x32; no: x86_64 read (0)"},
		{"jgt #1", "yes: x86_64 open..rseq_slice_yield (2 and above), x32; no: x86_64 read..write (0-1)"},
		{"jge #5000", "yes: x86_64 5000 and above, x32; no: x86_64 read..rseq_slice_yield (0-4999)"},
		{"jeq #5000", "x86_64 no call"},
		{"jge #0x40000000", "yes: -1, x32; no: x86_64 read..rseq_slice_yield (0 and above)"},
		{"jgt #0x3fffffff", "yes: -1, x32; no: x86_64 read..rseq_slice_yield (0 and above)"},
		{"jset #0x40000000", "yes: -1, x32 read..pwritev2 (0 and above); no: x86_64 read..rseq_slice_yield (0 and above), x32 1073741824-2147483647"},
		{"jeq #0x40000000", "x32 read"},
		{"jeq #0xffffffff", "-1, no call"},
		{"jge #0xffffffff", "yes: -1; no: x86_64 read..rseq_slice_yield (0 and above), x32"},
		{"jgt #0xffffffff", "yes: none; no: x86_64, x32"},
	}
	for _, row := range rows {
		t.Run(row.instruction, func(t *testing.T) {
			p, err := bpf.Parse("ld [4]\njeq #0xc000003e jt 2 jf 4\nld [0]\n" + row.instruction + " jt 4 jf 5\nret #0\nret #0x7fff0000")
			require.NoError(t, err)
			assert.Equal(t, row.comment, flow.Comments(p)(3))
		})
	}
}

// TestCommentsTrue makes calls of programs and holds at every instruction that they come to
// what its comment says against the call, with a reader of comments of its own.
func TestCommentsTrue(t *testing.T) {
	r := rand.New(rand.NewPCG(5, 6))
	c := &checker{words: map[string]int{}}
	for n := range 1500 {
		p := rig.RandomProgram(r, 4+r.IntN(60), n%3 == 0)
		if n%3 == 1 {
			numbersOnly(p)
		}
		var calls []bpf.Data
		for range 20 {
			calls = append(calls, rig.RandomData(r))
		}
		c.check(t, p, calls)
	}
	for range 30 {
		policy := rig.PolicyFrom(rig.RandomSeed(r, 80))
		filter, err := policy.Compile()
		require.NoError(t, err)
		var calls []bpf.Data
		for call := range boundary.Calls(policy) {
			if len(calls) < 200 || r.IntN(1000) == 0 {
				calls = append(calls, seccompdata.Of(call.Audit, call.Nr, call.IP, &call.Args))
			}
		}
		for _, p := range filter {
			c.check(t, p, calls)
		}
	}
	t.Logf("statements by form: %v", c.words)
	for _, form := range []string{"ret", "load", "arch", "sides", "call", "no call", "none", "never", "=", ">=", ">", "&"} {
		assert.Greater(t, c.words[form], 200, "statements of the form %q", form)
	}
}

// TestCommentsDocker has every call of Docker's default, and values of arguments that it asks
// for.
func TestCommentsDocker(t *testing.T) {
	c := &checker{words: map[string]int{}}
	for _, abi := range []arch.Arch{arch.X86_64, arch.AArch64, arch.S390X, arch.MIPS64} {
		policy, _, err := profile.DockerDefault().Resolve(profile.Target{Arch: abi, Kernel: arch.Newest})
		require.NoError(t, err)
		filter, err := policy.Compile()
		require.NoError(t, err)
		p, err := filter.Program()
		require.NoError(t, err)
		var calls []bpf.Data
		for _, abi := range policy.Arches {
			for nr := range uint32(600) {
				for k, arg := range []uint64{0, 40, 0x7e020000, 1 << 32} {
					calls = append(calls, seccompdata.Of(abi.Audit(), abi.Base()+nr, 0, &[6]uint64{arg, uint64(k)}))
				}
			}
			calls = append(calls, seccompdata.Of(abi.Audit(), 1<<32-1, 0, &[6]uint64{}))
		}
		c.check(t, p, calls)
	}
	assert.Greater(t, c.words["sides"], 10000)
}

// numbersOnly makes a program one that asks for x86_64, and then about the number alone.
func numbersOnly(p bpf.Program) {
	for pc := range p {
		if p[pc].Op == bpf.OpLdAbs {
			p[pc].K = 0
		}
	}
	p[0] = xbpf.RawInstruction{Op: bpf.OpLdAbs, K: 4}
	p[1] = xbpf.RawInstruction{Op: bpf.OpJeqK, Jf: uint8(len(p) - 3), K: arch.X86_64.Audit()}
	p[2] = xbpf.RawInstruction{Op: bpf.OpLdAbs, K: 0}
}

// checker counts the statements that it has checked, by form.
type checker struct{ words map[string]int }

func (c *checker) check(t *testing.T, p bpf.Program, calls []bpf.Data) {
	t.Helper()
	comments := flow.Comments(p)
	for _, d := range calls {
		var way []int
		p.Trace(&d, func(pc int) { way = append(way, pc) })
		for _, pc := range way {
			if comment := comments(pc); comment != "" {
				if problem := c.problem(p, pc, comment, newVisit(p, pc, &d)); problem != "" {
					t.Fatalf("instruction %d: %q: %s\nof the call %#x\n%s", pc, comment, problem, d, p)
				}
			}
		}
	}
}

// visit is a call at an instruction.
type visit struct {
	abi   arch.Arch
	nr    uint32
	a     uint32 // the accumulator before the instruction, and after it
	after uint32
	words bpf.Data
	next  int // the instruction behind it
}

func newVisit(p bpf.Program, pc int, d *bpf.Data) *visit {
	v := &visit{nr: d[0], words: *d, next: -1}
	v.abi, _ = arch.Of(d[1], d[0])
	q := slices.Clone(p)
	q[pc].Op = bpf.OpRetA
	v.a = q.Run(d)
	p.Trace(d, func(n int) {
		if n > pc && v.next < 0 {
			v.next = n
		}
	})
	if v.next >= 0 {
		q = slices.Clone(p)
		q[v.next].Op = bpf.OpRetA
		v.after = q.Run(d)
	}
	return v
}

// taken says whether a comparison holds.
func (v *visit) taken(op uint16, k uint32) bool {
	switch op {
	case bpf.OpJeqK:
		return v.a == k
	case bpf.OpJgeK:
		return v.a >= k
	case bpf.OpJgtK:
		return v.a > k
	}
	return v.a&k != 0
}

// problem says what is wrong with a comment, if anything is.
func (c *checker) problem(p bpf.Program, pc int, comment string, v *visit) string {
	i := p[pc]
	taken := v.taken(i.Op, i.K)
	switch i.Op {
	case bpf.OpRetK:
		c.words["ret"]++
		action, errno, named := strings.Cut(comment, " ")
		if action != seccomp.Action(i.K).String() || named && errno != argument.Errno(v.abi, uint16(i.K)) {
			return "another answer"
		}
		return ""
	case bpf.OpLdAbs, bpf.OpAndK:
		c.words["load"]++
		return v.load(comment)
	}
	switch yes, no, sides := strings.Cut(comment, "; no: "); {
	case comment == "never reached":
		return "it is reached"
	case sides:
		c.words["sides"]++
		yes = strings.TrimPrefix(yes, "yes: ")
		if yes == "none" || no == "none" {
			c.words["none"]++
		}
		if taken && !v.in(yes) || !taken && !v.in(no) {
			return "the number is not there"
		}
		return ""
	}
	if names := strings.Split(comment, ", "); v.isArch(names) {
		c.words["arch"]++
		if taken != slices.Contains(names, v.abi.String()) {
			return "another ABI"
		}
		return ""
	}
	if relation := regexp.MustCompile(`^(\w+ (?:half|word) of )?(instruction pointer|[\w[\]]+)(?: & (\S+))? (=|>=|>|&) (\S+)$`).FindStringSubmatch(comment); relation != nil {
		c.words[relation[4]]++
		return v.relation(relation[1], relation[2], relation[3], relation[4], relation[5], taken)
	}
	return c.named(v, comment, taken)
}

// isArch says whether the names are all those of ABIs.
func (v *visit) isArch(names []string) bool {
	return !slices.ContainsFunc(names, func(name string) bool {
		return !slices.ContainsFunc(arch.All(), func(a arch.Arch) bool { return a.String() == name })
	})
}

// named checks the name of a number: "socket", or "x86_64 socket, x86 bind".
func (c *checker) named(v *visit, comment string, taken bool) string {
	if comment == "-1, no call" {
		if taken != (v.nr == 1<<32-1) {
			return "another number"
		}
		return ""
	}
	name, has := v.abi.Name(v.nr)
	for _, part := range strings.Split(comment, ", ") {
		if of, call, ok := strings.Cut(part, " "); ok && part != "no call" {
			if of != v.abi.String() {
				continue
			}
			part = call
		}
		switch part {
		case "no call":
			c.words["no call"]++
			if taken && has {
				return "it is " + name
			}
		case "never":
			c.words["never"]++
			if taken {
				return "it is the number"
			}
		default:
			c.words["call"]++
			if taken != (part == name) {
				return "it is " + name
			}
		}
		return ""
	}
	if taken {
		return "nothing of " + v.abi.String()
	}
	return ""
}

// in says whether the call is in a list of runs: "x86_64 read..open (0-2), x32".
func (v *visit) in(list string) bool {
	if list == "none" {
		return false
	}
	for _, run := range strings.Split(list, ", ") {
		abi, rest, ok := strings.Cut(run, " ")
		is := v.abi
		if a, err := arch.Parse(abi); err == nil && a.String() == abi {
			if a != v.abi {
				continue
			}
			if !ok {
				return true
			}
			run = rest
		}
		if inRun(is, v.nr, run) {
			return true
		}
	}
	return false
}

// inRun reads "read..open (0-2)", "read (0)", "300 and above", "-1".
func inRun(abi arch.Arch, nr uint32, run string) bool {
	numbers := run
	names, inside, ok := strings.Cut(run, " (")
	if ok {
		numbers = strings.TrimSuffix(inside, ")")
	}
	if numbers == "-1" {
		return nr == 1<<32-1
	}
	base := uint64(0)
	if abi == arch.X32 {
		base = 1 << 30
	}
	from, to := numbers, ""
	endless := strings.HasSuffix(numbers, " and above")
	if from = strings.TrimSuffix(from, " and above"); !endless {
		from, to, _ = strings.Cut(from, "-")
	}
	first, err := strconv.ParseUint(from, 0, 32)
	if err != nil {
		panic(fmt.Sprintf("%q: %v", run, err))
	}
	last := first
	if to != "" {
		last, err = strconv.ParseUint(to, 0, 32)
		if err != nil {
			panic(fmt.Sprintf("%q: %v", run, err))
		}
	}
	if endless {
		last = 1 << 32
	}
	if ok { // the names are of numbers within
		low, high, several := strings.Cut(names, "..")
		if !several {
			high = low
		}
		for _, name := range []string{low, high} {
			if n, known := abi.Number(name); !known || uint64(n) < first+base || uint64(n) > last+base {
				panic(fmt.Sprintf("%q: %s is not in it", run, name))
			}
		}
	}
	return uint64(nr) >= first+base && uint64(nr) <= last+base
}

// load checks what a load or AND leaves: "socket: domain, low half & 0xff".
func (v *visit) load(comment string) string {
	mask := uint32(1<<32 - 1)
	if text, m, ok := strings.Cut(comment, " & "); ok {
		n, err := strconv.ParseUint(m, 0, 32)
		if err != nil {
			return err.Error()
		}
		comment, mask = text, uint32(n)
	}
	want := v.nr
	switch subject, half, ok := strings.Cut(comment, ", "); {
	case comment == "arch":
		want = v.words[1]
	case comment == "call number":
	case !ok:
		return "cannot be read"
	default:
		if i := strings.LastIndex(comment, ", "); i >= 0 {
			subject, half = comment[:i], comment[i+2:]
		}
		calls, parameter, owned := strings.Cut(subject, ": ")
		if !owned {
			parameter = subject
		} else if name, _ := v.abi.Name(v.nr); !slices.Contains(strings.Split(calls, ", "), name) {
			return "a call of " + name
		}
		value, ok := v.half(half, parameter)
		if !ok {
			return "no such half"
		}
		want = value
	}
	if v.after != want&mask {
		return fmt.Sprintf("it loads %#x and not %#x", v.after, want&mask)
	}
	return ""
}

// half is a part of a parameter: "args[0]", or by the manual's name.
func (v *visit) half(half, parameter string) (uint32, bool) {
	first := 2
	if parameter != "instruction pointer" {
		index := v.index(parameter)
		if index < 0 {
			return 0, false
		}
		first = 4 + 2*index
	}
	switch half {
	case "first word":
		return v.words[first], true
	case "second word":
		return v.words[first+1], true
	case "low half", "high half":
		if !v.abi.Valid() {
			return 0, false
		}
		if v.abi.BigEndian() == (half == "low half") {
			first++
		}
		return v.words[first], true
	}
	return 0, false
}

// index is which argument a name is, -1 for none.
func (v *visit) index(parameter string) int {
	name, _ := v.abi.Name(v.nr)
	for index := range 6 {
		if parameter == fmt.Sprintf("args[%d]", index) || argument.Parameter(v.abi, name, index) == parameter {
			return index
		}
	}
	return -1
}

// relation checks "low half of flags & CLONE_NEWUSER", "domain >= AF_CAIF".
func (v *visit) relation(half, parameter, mask, relation, operand string, taken bool) string {
	part := strings.TrimSuffix(half, " of ")
	if part == "" {
		name, _ := v.abi.Name(v.nr)
		if bits, ok := arch.Width(name, v.index(parameter)); v.abi.Bits() > 32 && (!ok || bits > 32) {
			return "the kernel reads 64 bits"
		}
		part = "low half"
	}
	value, ok := v.half(part, parameter)
	if !ok {
		return "no such half"
	}
	number := func(text string) uint32 {
		n, err := strconv.ParseUint(text, 0, 32)
		if err != nil {
			n, err = argument.Parse(v.abi, text)
		}
		if err != nil {
			panic(err)
		}
		return uint32(n)
	}
	if mask != "" {
		value &= number(mask)
	}
	k := number(operand)
	holds := map[string]bool{"=": value == k, ">=": value >= k, ">": value > k, "&": value&k != 0}[relation]
	if holds != taken {
		return fmt.Sprintf("it is %#x", value)
	}
	return ""
}
