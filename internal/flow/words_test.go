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

// TestWords follows calls through graphs by nothing but what the nodes and edges say, and wants
// the program's answer. Programs have no arithmetic, whose nodes are instructions.
func TestWords(t *testing.T) {
	r := rand.New(rand.NewPCG(11, 12))
	w := &walker{forms: map[string]int{}}
	for range 400 {
		p := rig.RandomProgram(r, 4+r.IntN(60), false)
		for range 20 {
			d := rig.RandomData(r)
			w.walk(t, p, &d)
		}
	}
	for range 40 {
		policy := rig.PolicyFrom(rig.RandomSeed(r, 80))
		filter, err := policy.Compile()
		require.NoError(t, err)
		calls := 0
		for call := range boundary.Calls(policy) {
			if calls++; calls > 200 && r.IntN(1000) != 0 {
				continue
			}
			d := seccompdata.Of(call.Audit, call.Nr, call.IP, &call.Args)
			for _, p := range filter {
				w.walk(t, p, &d)
			}
		}
	}
	policy, _, err := profile.DockerDefault().Resolve(profile.Target{Arch: arch.X86_64, Kernel: arch.Newest})
	require.NoError(t, err)
	p, err := rig.Compiled(t, policy).Program()
	require.NoError(t, err)
	for nr := range uint32(500) {
		for _, v := range []uint64{0, 8, 16, 38, 39, 40, 45, 1 << 32, 0x20008, 0x7e020000, 0xffffffff} {
			d := seccompdata.Of(arch.X86_64.Audit(), nr, 0, &[6]uint64{v})
			w.walk(t, p, &d)
		}
	}
	t.Logf("edges by form: %v", w.forms)
	for _, form := range []string{"architecture", "number", "=", ">=", "<=", "in", "&", "values", "otherwise"} {
		assert.Greater(t, w.forms[form], 100, "%q", form)
	}
}

// walker goes along edges, and counts what it has read, by form.
type walker struct {
	forms   map[string]int
	program string // the last one, and its graph
	code    bpf.Program
	graph   flow.Graph
}

func (w *walker) walk(t *testing.T, p bpf.Program, d *bpf.Data) {
	t.Helper()
	if text := p.String(); text != w.program {
		w.program, w.code, w.graph = text, p, flow.Of(p)
	}
	v := &visit{nr: d[0], words: *d}
	v.abi, _ = arch.Of(d[1], d[0])
	for id := 0; ; {
		n := w.graph.Nodes[id]
		if n.Kind == flow.Answer {
			if want := seccomp.Action(p.Run(d)); n.Action != want || !strings.HasPrefix(n.Title, want.String()) {
				t.Fatalf("%v for %#x, want %v\n%s\n%s", n.Title, *d, want, text(w.graph), p)
			}
			return
		}
		if n.Kind == flow.Code {
			t.Fatalf("code in a program without arithmetic: %v\n%s", n, p)
		}
		next := -1
		for k := range n.Edges {
			taken, err := w.taken(&n, k, v)
			if err != nil {
				t.Fatalf("%q: %v\nof %#x\n%s\n%s", n.Title, err, *d, text(w.graph), p)
			}
			if taken && next >= 0 {
				t.Fatalf("%q: two edges for %#x\n%s\n%s", n.Title, *d, text(w.graph), p)
			}
			if taken {
				next = n.Edges[k].To
			}
		}
		if next < 0 {
			t.Fatalf("%q: no edge for %#x\n%s\n%s", n.Title, *d, text(w.graph), p)
		}
		id = next
	}
}

// taken says whether the call takes an edge.
func (w *walker) taken(n *flow.Node, k int, v *visit) (bool, error) {
	e := n.Edges[k]
	values := slices.Clone(e.Values)
	if values == nil { // the calls of the node behind it
		for _, run := range w.graph.Nodes[e.To].Calls {
			values = append(values, run.String())
		}
	}
	if slices.Equal(values, []string{"otherwise"}) {
		w.forms["otherwise"]++
		return w.none(n, k, v)
	}
	title, mask, _ := strings.Cut(n.Title, " & ")
	switch title {
	case "architecture":
		w.forms["architecture"]++
		return w.arch(n, k, mask, values, v)
	case "call number":
		w.forms["number"]++
		abi := arch.Arch(0) // numbers mean what they do in the frame
		if n.Cluster >= 0 {
			abi = w.graph.Clusters[n.Cluster].Arch
		}
		for _, text := range values {
			text = strings.TrimPrefix(text, "without a call: ")
			switch ok, err := true, error(nil); {
			case mask != "":
				number, _ := strconv.ParseUint(mask, 0, 32)
				if ok, err = anyOf(uint64(v.nr)&number, []string{text}, 1<<32-1, v.abi); ok || err != nil {
					return ok, err
				}
			case inRun(abi, v.nr, text):
				return true, nil
			}
		}
		return false, nil
	}
	return w.value(n, values, v)
}

// none says whether the call takes no other edge.
func (w *walker) none(n *flow.Node, k int, v *visit) (bool, error) {
	for other := range n.Edges {
		if other != k {
			if taken, err := w.taken(n, other, v); taken || err != nil {
				return false, err
			}
		}
	}
	return true, nil
}

// arch reads "x86_64", "x32, any other", "0x1234".
func (w *walker) arch(n *flow.Node, k int, mask string, values []string, v *visit) (bool, error) {
	token := v.words[1]
	for _, text := range values {
		if text == "any other" {
			if others, err := w.none(n, k, v); others || err != nil {
				return others, err
			}
			continue
		}
		if mask != "" {
			number, _ := strconv.ParseUint(mask, 0, 32)
			token &= uint32(number)
		}
		if v.abi.String() == text && mask == "" {
			return true, nil
		}
		if abi, err := arch.Parse(text); err == nil && abi.String() == text {
			continue
		}
		if in, err := anyOf(uint64(token), []string{text}, 1<<32-1, v.abi); in || err != nil {
			return in, err
		}
	}
	return false, nil
}

var (
	subject  = regexp.MustCompile(`^(?:([\w, ]+): )?(\w+ (?:half|word) of )?(instruction pointer|[\w[\]]+)(?: & (\S+))?(?: (=|!=|>=|<=|in) (.+))?$`)
	halfOnly = regexp.MustCompile(`^high half (.+) and low half (.+)$`)
)

// value reads "socket: domain = AF_VSOCK" with yes and no, or "domain" with values.
func (w *walker) value(n *flow.Node, values []string, v *visit) (bool, error) {
	m := subject.FindStringSubmatch(n.Title)
	if m == nil {
		return false, fmt.Errorf("cannot be read")
	}
	calls, half, parameter, mask, relation, operand := m[1], strings.TrimSuffix(m[2], " of "), m[3], m[4], m[5], m[6]
	if name, _ := v.abi.Name(v.nr); calls != "" && !strings.HasSuffix(calls, " calls") && !slices.Contains(strings.Split(calls, ", "), name) {
		return false, fmt.Errorf("the call is %s", name)
	}
	value, largest, err := w.part(n, half, parameter, v)
	if err != nil {
		return false, err
	}
	if mask != "" {
		w.forms["&"]++
		bits, err := constantValue(v.abi, mask)
		if err != nil {
			return false, err
		}
		value &= bits
	}
	switch relation {
	case "":
		w.forms["values"]++
		return anyOf(value, values, largest, v.abi)
	case "=", "!=", "in":
	default:
		operand = relation + " " + operand
	}
	w.forms[relation]++
	in := false
	for _, text := range strings.Split(operand, ", ") {
		one, err := within(value, text, largest, v.abi)
		if err != nil {
			return false, err
		}
		in = in || one
	}
	return (in != (relation == "!=")) == (values[0] == "yes"), nil
}

// anyOf says whether a value is in one of the ranges.
func anyOf(value uint64, ranges []string, largest uint64, abi arch.Arch) (bool, error) {
	for _, text := range ranges {
		if m := halfOnly.FindStringSubmatch(text); m != nil {
			high, err := anyOf(value>>32, strings.Split(m[1], ", "), 1<<32-1, abi)
			if err != nil {
				return false, err
			}
			low, err := anyOf(value&(1<<32-1), strings.Split(strings.ReplaceAll(m[2], " or ", ", "), ", "), 1<<32-1, abi)
			if high && low || err != nil {
				return high && low, err
			}
			continue
		}
		for _, text := range strings.Split(text, ", ") {
			if in, err := within(value, text, largest, abi); in || err != nil {
				return in, err
			}
		}
	}
	return false, nil
}

// part is what the title names of the call. Without half it is the whole argument or, where the
// node's instructions do not load the high half, what the kernel reads of it.
func (w *walker) part(n *flow.Node, half, parameter string, v *visit) (value, largest uint64, err error) {
	if half != "" {
		word, ok := v.half(half, parameter)
		if !ok {
			err = fmt.Errorf("no %s of %s", half, parameter)
		}
		return uint64(word), 1<<32 - 1, err
	}
	low, ok := v.half("low half", parameter)
	high, _ := v.half("high half", parameter)
	if !ok {
		return 0, 0, fmt.Errorf("no %s", parameter)
	}
	offset := 8
	if parameter != "instruction pointer" {
		offset = 16 + 8*v.index(parameter)
	}
	if !v.abi.BigEndian() {
		offset += 4
	}
	for _, r := range n.Instructions {
		for _, i := range w.code[r.From : r.To+1] {
			if i.Op == bpf.OpLdAbs && int(i.K) == offset {
				return uint64(high)<<32 | uint64(low), 1<<64 - 1, nil
			}
		}
	}
	if name, _ := v.abi.Name(v.nr); v.abi.Bits() > 32 {
		if bits, known := arch.Width(name, v.index(parameter)); !known || bits > 32 {
			return 0, 0, fmt.Errorf("the kernel reads 64 bits of %s", parameter)
		}
	}
	return uint64(low), 1<<32 - 1, nil
}

// within says whether a value is in a range: "5", "AF_VSOCK", ">= 3", "3 to 5".
func within(value uint64, text string, largest uint64, abi arch.Arch) (bool, error) {
	from, to := uint64(0), largest
	var err error
	switch first, last, several := strings.Cut(text, " to "); {
	case text == "any":
	case strings.HasPrefix(text, ">= "):
		from, err = constantValue(abi, text[3:])
	case strings.HasPrefix(text, "<= "):
		to, err = constantValue(abi, text[3:])
	case several:
		if from, err = constantValue(abi, first); err == nil {
			to, err = constantValue(abi, last)
		}
	default:
		from, err = constantValue(abi, text)
		to = from
	}
	return value >= from && value <= to, err
}

// constantValue is a number, or a constant by name.
func constantValue(abi arch.Arch, text string) (uint64, error) {
	if n, err := strconv.ParseUint(text, 0, 64); err == nil {
		return n, nil
	}
	v, err := argument.Parse(abi, text)
	if strings.HasPrefix(text, "-") { // of 32 bits
		v &= 1<<32 - 1
	}
	return v, err
}
