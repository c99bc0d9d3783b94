// SPDX-License-Identifier: Apache-2.0

package page

import (
	"bytes"
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/gosieve/sieve/arch"
	"github.com/gosieve/sieve/bpf"
	"github.com/gosieve/sieve/internal/callset"
	"github.com/gosieve/sieve/internal/docker"
	"github.com/gosieve/sieve/internal/review"
	"github.com/gosieve/sieve/internal/test/boundary"
	"github.com/gosieve/sieve/internal/test/shared"
	"github.com/gosieve/sieve/internal/usual"
	"github.com/gosieve/sieve/profile"
	"github.com/gosieve/sieve/seccomp"
	"github.com/gosieve/sieve/seccomp/proof"
)

// subject is a document of Docker's form on machines; nil where it does not resolve.
func subject(t *testing.T, name string, doc []byte, arches ...arch.Arch) *Subject {
	p, err := profile.Parse(doc, profile.File(name))
	if err != nil {
		return nil
	}
	s := &Subject{Name: name, Dialect: profile.Docker, Text: doc}
	for _, a := range arches {
		target := profile.Target{Arch: a, Kernel: arch.Newest, Caps: profile.DockerCaps()}
		policy, findings, err := p.Resolve(target)
		if err != nil {
			return nil
		}
		filter, err := policy.Compile()
		require.NoError(t, err, name)
		s.Machines = append(s.Machines, Machine{Target: target, Policy: policy, Filter: filter})
		s.Findings = append(s.Findings, findings...)
	}
	return s
}

// made is the model of a page.
func made(t *testing.T, s *Subject) *Page {
	p, err := New(s)
	require.NoError(t, err)
	return p
}

// written is the page's text.
func written(t *testing.T, p *Page) string {
	var b bytes.Buffer
	require.NoError(t, p.Write(&b))
	return b.String()
}

// holdCells holds the cells of a page to the policies, at every boundary of their rules.
func holdCells(t *testing.T, s *Subject, p *Page) (cells int) {
	at := map[string]map[seccomp.Action]bool{}
	for m := range s.Machines {
		policy := s.Machines[m].Policy
		var numbers []uint32
		for _, a := range policy.Arches {
			for nr := range a.Calls() {
				numbers = append(numbers, nr)
			}
		}
		for c := range boundary.Calls(policy, numbers...) {
			a, ok := arch.Of(c.Audit, c.Nr)
			if !ok || !slices.Contains(policy.Arches, a) {
				continue
			}
			key := fmt.Sprint(m, a, c.Nr)
			if at[key] == nil {
				at[key] = map[seccomp.Action]bool{}
			}
			at[key][policy.Evaluate(c)] = true
		}
	}
	for _, a := range p.ABIs {
		abi, err := arch.Parse(a.Name)
		require.NoError(t, err)
		for nr := range numbersAsked(at, a.Machine, abi) {
			answer := p.Answers[answerOf(t, a, nr)]
			actions := at[fmt.Sprint(a.Machine, abi, nr)]
			if answer.Kind == depends {
				assert.Greater(t, len(actions), 1, "%s: %s %d depends on arguments", s.Name, abi, nr)
				continue
			}
			cells++
			for action := range actions {
				assert.Equal(t, kindOf(action), answer.Kind, "%s: %s %d", s.Name, abi, nr)
			}
		}
	}
	return cells
}

// numbersAsked are the numbers of an ABI that were evaluated.
func numbersAsked(at map[string]map[seccomp.Action]bool, machine int, abi arch.Arch) map[uint32]bool {
	numbers := map[uint32]bool{}
	prefix := fmt.Sprint(machine, abi) + " "
	for key := range at {
		if rest, ok := strings.CutPrefix(key, prefix); ok {
			var nr uint32
			fmt.Sscan(rest, &nr)
			numbers[nr] = true
		}
	}
	return numbers
}

// answerOf is what the page says of a number: its cell, or the one range without names that has it.
func answerOf(t *testing.T, a *abi, nr uint32) int {
	if i := slices.IndexFunc(a.Calls, func(c *call) bool { return c.Nr == nr }); i >= 0 {
		return a.Calls[i].Answer
	}
	found := []int{}
	for _, s := range a.Rest {
		if s.From <= nr && nr <= s.To {
			found = append(found, s.Answer)
		}
	}
	require.Len(t, found, 1, "%s %d", a.Name, nr)
	return found[0]
}

// TestCells: what a cell says is what the policy decides, for real profiles.
func TestCells(t *testing.T) {
	s := subject(t, docker.Name, docker.Default(), arch.X86_64, arch.AArch64, arch.S390X)
	require.Greater(t, holdCells(t, s, made(t, s)), 2000)
	n := 0
	for _, file := range shared.Glob(t, "data/profiles/*/*.json") {
		doc, err := os.ReadFile(file)
		require.NoError(t, err)
		if s := subject(t, filepath.Base(file), doc, arch.X86_64); s != nil {
			n++
			holdCells(t, s, made(t, s))
		}
	}
	require.Greater(t, n, 10)
}

// TestKind: conditions that leave nothing over do not make a call depend on its arguments.
func TestKind(t *testing.T) {
	is := func(op seccomp.Op, value uint64) []seccomp.Arg {
		return []seccomp.Arg{{Index: 0, Op: op, Value: value}}
	}
	for name, row := range map[string]struct {
		rules []seccomp.Rule
		want  string
	}{
		"no rule":                {nil, fails},
		"always":                 {[]seccomp.Rule{{Action: seccomp.Allow}}, allowed},
		"one value":              {[]seccomp.Rule{{Args: is(seccomp.EQ, 7), Action: seccomp.Allow}}, depends},
		"all values, two rules":  {[]seccomp.Rule{{Args: is(seccomp.EQ, 7), Action: seccomp.Allow}, {Args: is(seccomp.NE, 7), Action: seccomp.Allow}}, allowed},
		"no value":               {[]seccomp.Rule{{Args: is(seccomp.LT, 0), Action: seccomp.Allow}}, fails},
		"the same as without it": {[]seccomp.Rule{{Args: is(seccomp.EQ, 7), Action: seccomp.KillThread}, {Action: seccomp.KillThread}}, killed},
		"two errnos":             {[]seccomp.Rule{{Args: is(seccomp.EQ, 7), Action: seccomp.Errno(2)}}, depends},
		"notified":               {[]seccomp.Rule{{Action: seccomp.Notify}}, watched},
		"logged":                 {[]seccomp.Rule{{Action: seccomp.Log}}, watched},
		"trapped":                {[]seccomp.Rule{{Action: seccomp.Trap(3)}}, killed},
	} {
		for i := range row.rules {
			row.rules[i].Syscalls = []string{"read"}
		}
		policy := &seccomp.Policy{Arches: []arch.Arch{arch.X86_64}, Rules: row.rules, Default: seccomp.Errno(1)}
		p := made(t, &Subject{Name: "x", Machines: []Machine{{Target: profile.Target{Arch: arch.X86_64}, Policy: policy}}})
		assert.Equal(t, row.want, p.Answers[answerOf(t, p.ABIs[0], 0)].Kind, name)
	}
}

// TestNumbers: a rule that has numbers is a rule of the calls in its ranges, ends included.
func TestNumbers(t *testing.T) {
	policy := &seccomp.Policy{Arches: []arch.Arch{arch.X86_64}, Default: seccomp.Errno(1), Rules: []seccomp.Rule{
		{Syscalls: []string{"write"}, Numbers: []seccomp.Range{{From: 1, To: 2}}, Action: seccomp.Allow},
	}}
	p := made(t, &Subject{Name: "x", Machines: []Machine{{Target: profile.Target{Arch: arch.X86_64}, Policy: policy}}})
	for nr, want := range []string{fails, allowed, allowed, fails} {
		answer := p.Answers[answerOf(t, p.ABIs[0], uint32(nr))]
		assert.Equal(t, want, answer.Kind, nr)
		assert.Len(t, answer.Steps, 1, "a rule counts once")
	}
}

// TestRest: every number without a name is in one range.
func TestRest(t *testing.T) {
	policy := &seccomp.Policy{Arches: []arch.Arch{arch.X86_64, arch.X32}, Default: seccomp.Errno(1), Rules: []seccomp.Rule{
		{Numbers: []seccomp.Range{{From: 1000, To: 0xffffffff}}, Action: seccomp.Errno(38)},
		{Numbers: []seccomp.Range{{From: 2000, To: 2000}}, Action: seccomp.Allow},
	}}
	p := made(t, &Subject{Name: "x", Machines: []Machine{{Target: profile.Target{Arch: arch.X86_64}, Policy: policy}}})
	texts := func(a *abi) (list []string) {
		for _, s := range a.Rest {
			list = append(list, fmt.Sprintf("%#x-%#x %s", s.From, s.To, p.Rules[p.Answers[s.Answer].Steps[0].Rule].Action.Text))
		}
		return list
	}
	assert.Equal(t, []string{"0x0-0x3e7 ERRNO(EPERM)", "0x3e8-0x3fffffff ERRNO(ENOSYS)", "0xffffffff-0xffffffff ERRNO(ENOSYS)"}, texts(p.ABIs[0]))
	assert.Equal(t, []string{"0x40000000-0xfffffffe ERRNO(ENOSYS)"}, texts(p.ABIs[1]))
}

// TestRules: a call leads to its rules, their places and their conditions in words.
func TestRules(t *testing.T) {
	s := subject(t, docker.Name, docker.Default(), arch.X86_64)
	p := made(t, s)
	c := p.ABIs[0].Calls[slices.IndexFunc(p.ABIs[0].Calls, func(c *call) bool { return c.Name == "clone" })]
	steps := p.Answers[c.Answer].Steps
	require.Len(t, steps, 2)
	r := p.Rules[steps[0].Rule]
	assert.Equal(t, label{"ALLOW", allowed}, r.Action)
	assert.Regexp(t, `^syscalls\[\d+\]$`, string(r.Path))
	lines := strings.Split(string(docker.Default()), "\n")
	assert.Equal(t, "{", lines[r.Line-1][r.Column-1:r.Column], "the rule begins there")
	assert.Equal(t, Text("clone(flags & (CLONE_NEWNS|CLONE_NEWCGROUP|CLONE_NEWUTS|CLONE_NEWIPC|CLONE_NEWUSER|CLONE_NEWPID|CLONE_NEWNET) == 0, *)"), steps[0].When)
	assert.True(t, p.Rules[steps[1].Rule].Other)
	assert.Equal(t, strings.Join(lines, "\n"), strings.TrimSuffix(joined(p.Lines), "\n")+strings.Repeat("\n", len(lines)-len(p.Lines)))
}

// joined is lines as one text.
func joined(lines []Text) string {
	var b strings.Builder
	for _, line := range lines {
		b.WriteString(string(line) + "\n")
	}
	return b.String()
}

// TestFigures: what a call costs is what the program executes.
func TestFigures(t *testing.T) {
	program, err := bpf.Parse("ld [0]\njeq #0x0  jt 3  jf 2\nret #0x7fff0000\nret #0x50001\n")
	require.NoError(t, err)
	policy := &seccomp.Policy{Arches: []arch.Arch{arch.X86_64, arch.X32}, Default: seccomp.Allow}
	m := Machine{Target: profile.Target{Arch: arch.X86_64, Kernel: arch.Newest}, Policy: policy, Filter: seccomp.Filter{program}}
	p := made(t, &Subject{Name: "x", Machines: []Machine{m}})
	f := p.ABIs[0].Figures
	assert.Equal(t, len(p.ABIs[0].Calls)-1, f.Bitmap, "all but read")
	assert.Equal(t, 3.0, f.Mean)
	assert.Equal(t, 3, f.Most)
	assert.Equal(t, 3, p.Machines[0].Longest)
	assert.Zero(t, p.ABIs[1].Figures.Bitmap, "x32 is beyond the table")
	m.Target.Kernel = 5<<8 | 10
	p = made(t, &Subject{Name: "x", Machines: []Machine{m}})
	assert.Zero(t, p.ABIs[0].Figures.Bitmap, "Linux 5.10 has none")
	assert.False(t, p.Machines[0].Bitmap)
}

// TestSets: a call stands in the smallest of systemd's sets that has it.
func TestSets(t *testing.T) {
	in := func(name string) (list []string) {
		for _, i := range setsOf(name) {
			list = append(list, append(slices.Clone(setNames()), "others")[i])
		}
		return list
	}
	assert.Equal(t, "@mount", in("mount")[0])
	assert.Equal(t, "@basic-io", in("read")[0])
	assert.Contains(t, in("futex"), "@default")
	assert.Greater(t, len(in("pivot_root")), 1, "if it is in several, all are named")
	assert.Equal(t, []string{"others"}, in("no_such_call"))
	several := 0
	for _, name := range callset.Known() {
		size := 0
		for _, set := range in(name) {
			members, _ := callset.Members(callset.Newest, set)
			slices.Sort(members)
			members = slices.Compact(members)
			assert.LessOrEqual(t, size, len(members), "%s: %s", name, set)
			if size > 0 && size < len(members) {
				several++
			}
			size = len(members)
		}
	}
	assert.Greater(t, several, 30)
}

// hostile are texts that would be markup, or deceive the eye, in a page that is put together
// carelessly.
var hostile = []string{
	"</script><script>alert(1)</script>", "<img src=x onerror=alert(1)>", `"><svg onload=alert(1)>`, "'; alert(1) //", "{{script}}", "]]>", "<!--<script>", "&lt;b&gt;",
	"a\u2028b\u2029c", "a\u202eb\u2066c\u200dd", "a\x00b\x1bc\x7fd\u0085e", "\xff\xfe", "javascript:alert(1)",
}

// hostileSubject has such a text wherever a document or a file may put one.
func hostileSubject(text string) *Subject {
	policy := &seccomp.Policy{Arches: []arch.Arch{arch.X86_64}, Default: seccomp.Errno(1), Rules: []seccomp.Rule{
		{Syscalls: []string{"read"}, Action: seccomp.Allow, Origin: seccomp.Origin{File: text, Line: 1, Column: 1, Path: text, Note: text}},
	}}
	return &Subject{Name: text, Dialect: profile.Docker, Text: []byte(text + "\n" + text), Machines: []Machine{{Target: profile.Target{Arch: arch.X86_64}, Policy: policy}},
		Findings: []profile.Diagnostic{{Severity: profile.Warning, Code: "x", Message: text, Fix: text, Place: profile.Place{File: text, Line: 1, Column: 1, Path: text}}}}
}

// TestVisible: what is not seen, or turns a line around, is written as its number.
func TestVisible(t *testing.T) {
	for text, want := range map[string]string{
		"a\tb ü 漢": "a\tb ü 漢", "a\x00\x1b\x7f": `a\u0000\u001b\u007f`, "\u202e\u2066\u200d\ufeff": `\u202e\u2066\u200d\ufeff`, "\u2028\u2029\u0085\u00ad": `\u2028\u2029\u0085\u00ad`,
	} {
		assert.Equal(t, want, visible(text))
	}
}

// TestHostile: text from outside is never markup. The page for it has the tags of a page for
// harmless text, and the model says what the text was, with what is not seen made visible.
func TestHostile(t *testing.T) {
	tags := regexp.MustCompile(`<[^>]*>?`)
	harmless := tags.FindAllString(written(t, made(t, hostileSubject("harmless"))), -1)
	for _, text := range hostile {
		page := written(t, made(t, hostileSubject(text)))
		assert.Equal(t, harmless, tags.FindAllString(page, -1), "%q", text)
		for _, c := range page {
			assert.False(t, c != '\n' && hidden(c), "%q: %q", text, c)
		}
		_, rest, _ := strings.Cut(page, `<script type="application/json" id="model">`)
		model, _, _ := strings.Cut(rest, "</script>")
		var p Page
		require.NoError(t, json.Unmarshal([]byte(model), &p))
		assert.Equal(t, Text(strings.ToValidUTF8(visible(string([]rune(text))), "\ufffd")), p.Name)
		assert.Equal(t, p.Name, p.Findings[0].Message)
	}
}

// TestSame: the same subject gives the same bytes.
func TestSame(t *testing.T) {
	first := written(t, made(t, subject(t, docker.Name, docker.Default(), arch.X86_64, arch.AArch64)))
	for range 3 {
		require.Equal(t, first, written(t, made(t, subject(t, docker.Name, docker.Default(), arch.X86_64, arch.AArch64))))
	}
}

// TestSelf: the page asks for nothing from outside, and its policy forbids that anyway. Style and
// script stand in it as the policy's hashes say.
func TestSelf(t *testing.T) {
	page := written(t, made(t, subject(t, docker.Name, docker.Default(), arch.X86_64)))
	assert.Contains(t, page, `default-src 'none'; style-src 'sha256-`+hash(style)+`'; script-src 'sha256-`+hash(script)+`'`)
	assert.Contains(t, page, "<style>"+style+"</style>")
	assert.Contains(t, page, "<script>"+script+"</script>")
	for _, asset := range []string{skeleton, style, strings.ReplaceAll(script, "http://www.w3.org/2000/svg", "")} {
		assert.NotRegexp(t, `https?:|url\(|@import|src=|innerHTML|outerHTML|insertAdjacentHTML|document\.write|eval\(`, asset)
	}
	assert.NotContains(t, style, "</")
	assert.NotContains(t, script, "</")
}

// TestPlain: where no script runs there is a table of all calls by answer.
func TestPlain(t *testing.T) {
	page := written(t, made(t, subject(t, docker.Name, docker.Default(), arch.X86_64)))
	_, plain, _ := strings.Cut(page, "<noscript>")
	plain, _, _ = strings.Cut(plain, "</noscript>")
	assert.Contains(t, plain, `<caption>x86_64</caption>`)
	assert.Contains(t, plain, `<caption>x86 on x86_64</caption>`)
	assert.Contains(t, plain, `<th scope="row">depends on arguments<td>clone personality socket<`)
	_, failing, _ := strings.Cut(plain, `<th scope="row">fails with an errno<td>`)
	failing, _, _ = strings.Cut(failing, "<")
	assert.Contains(t, strings.Fields(failing), "mount")
	assert.NotContains(t, strings.Fields(failing), "read")
}

// TestLong: a document of any size makes a page that can be opened.
func TestLong(t *testing.T) {
	s := hostileSubject("x")
	s.Text = bytes.Repeat([]byte("0123456789\n"), 1<<20)
	p := made(t, s)
	assert.Equal(t, 1<<20, len(p.Lines)+p.Omitted)
	assert.Less(t, len(written(t, p)), 1<<20)
}

// TestAudit: the answers are those of the audit, with the rule that lets the call through.
func TestAudit(t *testing.T) {
	p := made(t, subject(t, docker.Name, docker.Default(), arch.X86_64))
	at := func(id string) question {
		list := p.Machines[0].Audit
		return list[slices.IndexFunc(list, func(q question) bool { return q.ID == id })]
	}
	q := at("tiocsti")
	assert.Equal(t, "reached", q.Verdict)
	require.NotEmpty(t, q.Found)
	assert.Contains(t, q.Found[0].Call, "ioctl(")
	assert.Contains(t, q.Found[0].Call, "TIOCSTI")
	r := p.Rules[q.Found[0].Rule]
	assert.Equal(t, "ALLOW", r.Action.Text)
	assert.Equal(t, Text("syscalls[0]"), r.Path)
	assert.Contains(t, q.Closing[0], `"ioctl"`)
	assert.Equal(t, "closed", at("mount").Verdict)
	assert.Empty(t, at("mount").Found)
	for _, q := range p.Machines[0].Audit {
		for _, r := range q.References {
			assert.Regexp(t, `^https://`, r.URL, "the page has no other links")
		}
	}
}

// TestChanges: what a comparison shows did change, and all of it is shown.
func TestChanges(t *testing.T) {
	const old = `{"defaultAction": "SCMP_ACT_ERRNO", "syscalls": [{"names": ["read", "write", "rseq_slice_yield"], "action": "SCMP_ACT_ALLOW"}]}`
	const changed = `{"defaultAction": "SCMP_ACT_ERRNO", "syscalls": [
		{"names": ["read", "rseq_slice_yield"], "action": "SCMP_ACT_ALLOW"},
		{"names": ["write"], "action": "SCMP_ACT_ERRNO", "errnoRet": 5},
		{"names": ["socket"], "action": "SCMP_ACT_ALLOW", "args": [{"index": 0, "value": 40, "op": "SCMP_CMP_EQ"}]},
		{"names": ["mount"], "action": "SCMP_ACT_ERRNO", "errnoRet": 2}]}`
	a, b := subject(t, "old.json", []byte(old), arch.X86_64), subject(t, "new.json", []byte(changed), arch.X86_64)
	b.Against = &Against{"old.json", []review.Side{{Policy: a.Machines[0].Policy}}}
	p := made(t, b)
	got := map[string]string{}
	for _, c := range p.Against.Changes {
		for _, call := range c.Calls {
			got[c.Direction+" "+string(call.Sets[0])] = p.Rules[c.Before].Action.Text + " " + p.Rules[c.After].Action.Text
		}
		var w struct {
			Arch string
			Nr   uint32
			Args [6]uint64
		}
		require.NoError(t, json.Unmarshal([]byte(c.Witness), &w))
		call := &seccomp.Call{Audit: arch.X86_64.Audit(), Nr: w.Nr, Args: w.Args}
		assert.NotEqual(t, a.Machines[0].Policy.Evaluate(call), b.Machines[0].Policy.Evaluate(call), "%v", c)
	}
	assert.Equal(t, map[string]string{
		"opened socket(AF_VSOCK, *)": "ERRNO(EPERM) ALLOW",
		"closed write":               "ALLOW ERRNO(EIO)",
		"changed otherwise mount":    "ERRNO(EPERM) ERRNO(ENOENT)",
	}, got)
	before := p.Rules[p.Against.Changes[slices.IndexFunc(p.Against.Changes, func(c change) bool { return c.Direction == "closed" })].Before]
	assert.Equal(t, rule{Action: label{"ALLOW", allowed}, Away: true, Line: 1, Column: before.Column}, before, "a place in the other document")

	b.Against = &Against{"new.json", []review.Side{{Filter: b.Machines[0].Filter}}}
	assert.Empty(t, made(t, b).Against.Changes, "the filter of the same")
	b.Options = []seccomp.Option{seccomp.Within(t.Context(), seccomp.Limits{Steps: 1, Memory: 1})}
	_, err := New(b)
	assert.ErrorIs(t, err, proof.ErrUndecided, "not known is not equal")
}

// TestTree: the picture leads every usual call to the answer that it gets.
func TestTree(t *testing.T) {
	s := subject(t, docker.Name, docker.Default(), arch.X86_64)
	p := made(t, s)
	tree := p.Machines[0].Trees[0]
	require.False(t, tree.Omitted)
	for i, n := range tree.Nodes {
		in, out := uint32(0), uint32(0)
		for _, e := range n.Edges {
			require.Greater(t, e.To, i)
			out += e.Share
		}
		for _, o := range tree.Nodes {
			for _, e := range o.Edges {
				if e.To == i {
					in += e.Share
				}
			}
		}
		if i > 0 && len(n.Edges) > 0 {
			assert.Equal(t, in, out, "node %d: what comes goes on", i)
		}
		if in > 0 && len(n.Edges) == 0 {
			assert.Equal(t, allowed, n.Kind, "usual programs are allowed all that they do")
		}
	}
	sum := uint32(0)
	for _, u := range usual.Calls {
		sum += u.Share
	}
	assert.Equal(t, sum, tree.Nodes[0].Edges[1].Share, "x86_64")
}

// TestKindBounded counts the work on rules that are hard to see through: it does not grow with
// the number of calls, and those that are left depend on their arguments.
func TestKindBounded(t *testing.T) {
	const rules, calls = 60, 300
	random := rand.New(rand.NewPCG(1, 2))
	policy := &seccomp.Policy{Arches: []arch.Arch{arch.X86_64}, Default: seccomp.Allow}
	for i := range calls * rules {
		r := seccomp.Rule{Numbers: []seccomp.Range{{From: uint32(i / rules), To: uint32(i / rules)}}, Action: seccomp.Errno(1)}
		for index := range 2 { // the second value does not meet the first condition: no call with it tells
			value, first, second := random.Uint64(), random.Uint64(), random.Uint64()
			r.Args = append(r.Args, seccomp.Arg{Index: index, Op: seccomp.MaskedEQ, Mask: first, Value: value},
				seccomp.Arg{Index: index, Op: seccomp.MaskedEQ, Mask: second, Value: value&second | ^value&^second})
		}
		policy.Rules = append(policy.Rules, r)
	}
	g := &grid{builder: &builder{}, machine: &Machine{Policy: policy}, abi: arch.X86_64, kinds: map[string]string{}}
	last := ""
	for nr := range calls {
		list := make([]int, rules)
		for i := range list {
			list[i] = nr*rules + i
		}
		last = g.kind(uint32(nr), list)
	}
	assert.Greater(t, g.spent, mostSpent/2, "the rules are hard")
	assert.Less(t, g.spent, mostSpent+mostSpent/4)
	assert.Equal(t, depends, last)
}
