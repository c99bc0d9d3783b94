// SPDX-License-Identifier: Apache-2.0

package baseline_test

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/gosieve/sieve/arch"
	"github.com/gosieve/sieve/profile"
	"github.com/gosieve/sieve/profile/baseline"
	"github.com/gosieve/sieve/seccomp"
	"github.com/gosieve/sieve/seccomp/proof"
)

// The tests of this file hold the statements of three texts, each by its name:
//
//	kep    Kubernetes' KEP-6061, "Profile Merging" and "Notes/Constraints/Caveats"
//	spec   runtime-spec issue 1317, "Proposed intersection semantics"
//	crio   CRI-O issue 10037, "Profile comparison library"
//
// Where the KEP lets a merger be more restrictive than the exact intersection, because rules of
// the OCI format cannot say it, the filters here are exact, and the profile is refused.

var ctx = context.Background()

// machine is the one for which most of the statements are held.
var machine = profile.Target{Arch: arch.X86_64, Kernel: arch.Newest, Caps: profile.DockerCaps()}

// parse reads a profile of the OCI format; the text is the members of its object.
func parse(t *testing.T, members string) *profile.Profile {
	t.Helper()
	p, err := profile.Parse([]byte("{"+members+"}"), profile.In(profile.OCI))
	require.NoError(t, err, members)
	return p
}

// node is a baseline for one machine.
func node(t *testing.T, members string) *baseline.Baseline {
	return &baseline.Baseline{Document: parse(t, members), Targets: []profile.Target{machine}}
}

// rule is an entry of syscalls.
func rule(action, names, rest string) string {
	return fmt.Sprintf(`{"names": [%s], "action": "SCMP_ACT_%s"%s}`, names, action, rest)
}

// doc is the members of a profile with a default action and entries.
func doc(action string, rules ...string) string {
	return fmt.Sprintf(`"defaultAction": "SCMP_ACT_%s", "flags": [], "architectures": ["SCMP_ARCH_X86_64"], "syscalls": [%s]`, action, strings.Join(rules, ","))
}

// meet is the intersection, for the machine.
func meet(t *testing.T, b *baseline.Baseline, more ...string) *baseline.Intersection {
	t.Helper()
	var documents []baseline.Document
	for _, m := range more {
		documents = append(documents, parse(t, m))
	}
	x, err := b.Intersect(ctx, machine, documents...)
	require.NoError(t, err)
	return x
}

// answer is that to a call of the machine, by the policy and by the stack.
func answer(t *testing.T, x *baseline.Intersection, name string, args ...uint64) seccomp.Action {
	t.Helper()
	nr, ok := arch.X86_64.Number(name)
	require.True(t, ok)
	c := seccomp.Call{Audit: arch.X86_64.Audit(), Nr: nr}
	copy(c.Args[:], args)
	require.Equal(t, x.Policy.Evaluate(&c), x.Stack.Run(&c))
	return x.Policy.Evaluate(&c)
}

// looser requires that Check finds the artifact looser, and gives what it found.
func looser(t *testing.T, b *baseline.Baseline, members string) *baseline.LooserError {
	t.Helper()
	err := b.Check(ctx, parse(t, members))
	var e *baseline.LooserError
	require.ErrorAs(t, err, &e)
	return e
}

// words are the actions of the order of kep and spec, the most restrictive first.
var words = []string{"KILL_PROCESS", "KILL_THREAD", "TRAP", "ERRNO", "NOTIFY", "TRACE", "LOG", "ALLOW"}

func TestSpecOrderOfActions(t *testing.T) {
	for i, a := range words {
		for k, b := range words {
			if a == "NOTIFY" || b == "NOTIFY" {
				continue // TestKepNotifyAboveTrace
			}
			n := node(t, doc("KILL_PROCESS", rule(b, `"read"`, "")))
			x := doc("KILL_PROCESS", rule(a, `"read"`, ""))
			assert.Equal(t, i <= k, n.Check(ctx, parse(t, x)) == nil, "%s, at most %s", a, b)
			got := answer(t, meet(t, n, x), "read")
			want := answer(t, meet(t, node(t, doc("KILL_PROCESS", rule(words[min(i, k)], `"read"`, "")))), "read")
			assert.Equal(t, want, got, "%s and %s", a, b)
		}
	}
}

func TestKepNotifyAboveTrace(t *testing.T) {
	listener := `, "listenerPath": "/run/node.sock"`
	for i, a := range words {
		n := node(t, doc("KILL_PROCESS", rule("NOTIFY", `"read"`, ""))+listener)
		got := answer(t, meet(t, n, strings.ReplaceAll(doc("KILL_PROCESS", rule(a, `"read"`, "")), "NOTIFY", "TRACE")), "read")
		if i < 4 {
			assert.NotEqual(t, seccomp.Notify, got, a)
		} else {
			assert.Equal(t, seccomp.Notify, got, a)
		}
	}
}

func TestSpecKillIsKillThread(t *testing.T) {
	for _, a := range []string{"KILL", "KILL_THREAD"} {
		for _, b := range []string{"KILL", "KILL_THREAD"} {
			require.NoError(t, node(t, doc(a)).Check(ctx, parse(t, doc(b))))
		}
	}
}

func TestSpecUnknownActionsAreRejected(t *testing.T) {
	n := node(t, doc("ALLOW"))
	_, err := n.Parse([]byte("{" + doc("DENY") + "}"))
	require.ErrorIs(t, err, profile.ErrProfile)
	made := &profile.Profile{Dialect: profile.OCI, DefaultAction: "SCMP_ACT_DENY"}
	require.ErrorIs(t, n.Check(ctx, made), profile.ErrProfile)
}

func TestSpecDefaultActionMoreRestrictive(t *testing.T) {
	x := meet(t, node(t, doc("ERRNO")), doc("LOG"))
	require.Equal(t, seccomp.Errno(1), x.Policy.Default)
	require.Equal(t, seccomp.Errno(1), answer(t, x, "read"))
	require.Equal(t, seccomp.Errno(1), answer(t, meet(t, node(t, doc("ALLOW")), doc("ERRNO")), "read"))
}

func TestSpecPresentInBoth(t *testing.T) {
	n := node(t, doc("ERRNO", rule("ALLOW", `"read", "write"`, "")))
	x := meet(t, n, doc("ERRNO", rule("LOG", `"read"`, ""), rule("TRAP", `"write"`, "")))
	require.Equal(t, seccomp.Log, answer(t, x, "read"))
	require.Equal(t, seccomp.Trap(0), answer(t, x, "write"))
}

func TestSpecPresentInOneMeetsTheOthersDefault(t *testing.T) {
	n := node(t, doc("ERRNO", rule("ALLOW", `"read"`, "")))
	x := meet(t, n, doc("LOG", rule("KILL_PROCESS", `"write"`, "")))
	require.Equal(t, seccomp.Log, answer(t, x, "read"))
	require.Equal(t, seccomp.KillProcess, answer(t, x, "write"))
	require.Equal(t, seccomp.Errno(1), answer(t, x, "close"))
	e := looser(t, n, doc("ERRNO", rule("ALLOW", `"read", "bpf"`, "")))
	require.Len(t, e.Findings, 1)
	require.Equal(t, []string{"bpf"}, e.Findings[0].Set.Names)
}

// A merger by entries loses what an entry's condition says of all other values.
func TestSpecArgumentsAreIntersectedExactly(t *testing.T) {
	args := func(index int, op string, value int) string {
		return fmt.Sprintf(`, "args": [{"index": %d, "op": "SCMP_CMP_%s", "value": %d}]`, index, op, value)
	}
	n := node(t, doc("ERRNO", rule("ALLOW", `"write"`, args(0, "GT", 2))))
	x := meet(t, n, doc("ERRNO", rule("ALLOW", `"write"`, args(0, "LT", 100))))
	for value, want := range map[uint64]seccomp.Action{2: seccomp.Errno(1), 3: seccomp.Allow, 99: seccomp.Allow, 100: seccomp.Errno(1)} {
		assert.Equal(t, want, answer(t, x, "write", value), "%d", value)
	}
	x = meet(t, n, doc("ERRNO", rule("ALLOW", `"write"`, args(1, "EQ", 7))))
	require.Equal(t, seccomp.Allow, answer(t, x, "write", 3, 7))
	require.Equal(t, seccomp.Errno(1), answer(t, x, "write", 3, 8))
	require.Equal(t, seccomp.Errno(1), answer(t, x, "write", 2, 7))
	e := looser(t, n, doc("ERRNO", rule("ALLOW", `"write"`, "")))
	require.LessOrEqual(t, e.Findings[0].Set.Call.Args[0], uint64(2))
}

func TestKepValueTwoOnlyForMaskedEqual(t *testing.T) {
	args := `, "args": [{"index": 0, "op": "SCMP_CMP_EQ", "value": 1, "valueTwo": %d}]`
	n := node(t, doc("ERRNO", rule("ALLOW", `"write"`, fmt.Sprintf(args, 5))))
	require.NoError(t, n.Check(ctx, parse(t, doc("ERRNO", rule("ALLOW", `"write"`, fmt.Sprintf(args, 9))))))
}

// An empty list is the machine's own ABI alone; the machine's own is always filtered; one
// that not all list is killed.
func TestKepArchitecturesAreIntersected(t *testing.T) {
	list := func(arches string) string {
		return `"defaultAction": "SCMP_ACT_ALLOW", "flags": [], "architectures": [` + arches + `]`
	}
	both, own := list(`"SCMP_ARCH_X86_64", "SCMP_ARCH_X86"`), list("")
	foreign := list(`"SCMP_ARCH_X86"`)
	i386 := &seccomp.Call{Audit: arch.X86.Audit(), Nr: 3}
	for _, tt := range []struct {
		a, b string
		want seccomp.Action
	}{{both, both, seccomp.Allow}, {both, own, seccomp.KillThread}, {own, both, seccomp.KillThread}, {both, foreign, seccomp.Allow}, {own, own, seccomp.KillThread}} {
		x := meet(t, node(t, tt.a), tt.b)
		assert.Equal(t, tt.want, x.Policy.Evaluate(i386), "%s and %s", tt.a, tt.b)
		assert.Equal(t, tt.want, x.Stack.Run(i386))
		assert.Equal(t, seccomp.Allow, answer(t, x, "read"))
	}
}

// The kernel kills what the node's profile does not speak of, and so even an artifact that
// denies everything there is looser. An ABI that the machine cannot run makes no calls.
func TestCrioPerArchitecture(t *testing.T) {
	n := node(t, doc("ERRNO"))
	with := func(token string) string {
		return strings.Replace(doc("ERRNO"), `"SCMP_ARCH_X86_64"`, `"SCMP_ARCH_X86_64", "`+token+`"`, 1)
	}
	e := looser(t, n, with("SCMP_ARCH_X86"))
	require.Equal(t, arch.X86, e.Findings[0].Set.ABI)
	require.Equal(t, seccomp.KillThread, e.Findings[0].Set.B)
	require.Equal(t, "architectures", e.Findings[0].Baseline.Path)
	require.NoError(t, n.Check(ctx, parse(t, with("SCMP_ARCH_AARCH64"))))
	require.NoError(t, node(t, with("SCMP_ARCH_X86")).Check(ctx, parse(t, doc("ERRNO"))))
	// Rules for an ABI that both speak of are compared there too.
	n = node(t, strings.Replace(with("SCMP_ARCH_X86"), `"syscalls": []`, `"syscalls": [`+rule("ALLOW", `"read"`, "")+`]`, 1))
	e = looser(t, n, strings.Replace(with("SCMP_ARCH_X86"), `"syscalls": []`, `"syscalls": [`+rule("ALLOW", `"read", "waitpid"`, "")+`]`, 1))
	require.Equal(t, arch.X86, e.Findings[0].Set.ABI)
	require.Equal(t, []string{"waitpid"}, e.Findings[0].Set.Names)
}

func TestKepErrnoOfTheEarliest(t *testing.T) {
	x := meet(t, node(t, doc("ALLOW", rule("ERRNO", `"read", "write"`, `, "errnoRet": 13`))),
		doc("ALLOW", rule("ERRNO", `"read"`, `, "errnoRet": 38`)), doc("ALLOW", rule("ERRNO", `"read", "close"`, `, "errnoRet": 2`)))
	require.Equal(t, seccomp.Errno(13), answer(t, x, "read"))
	require.Equal(t, seccomp.Errno(13), answer(t, x, "write"))
	require.Equal(t, seccomp.Errno(2), answer(t, x, "close"))
	x = meet(t, node(t, doc("ERRNO")+`, "defaultErrnoRet": 5`), doc("ERRNO")+`, "defaultErrnoRet": 6`)
	require.Equal(t, seccomp.Errno(5), answer(t, x, "read"))
}

func TestErrnoLoosensNothing(t *testing.T) {
	for _, errno := range []string{"0", "38", "4095"} {
		require.NoError(t, node(t, doc("ERRNO")).Check(ctx, parse(t, doc("ERRNO")+`, "defaultErrnoRet": `+errno)), errno)
	}
}

func TestKepFlags(t *testing.T) {
	with := func(flags string) string {
		return strings.Replace(doc("ERRNO"), `"flags": [], `, flags, 1)
	}
	none, absent := with(`"flags": [], `), with("")
	spec, log := with(`"flags": ["SECCOMP_FILTER_FLAG_SPEC_ALLOW"], `), with(`"flags": ["SECCOMP_FILTER_FLAG_LOG"], `)
	for _, tt := range []struct {
		node, artifact string
		looser, want   seccomp.Flags
	}{
		{none, none, 0, 0},
		{spec, none, 0, 0},
		{none, spec, seccomp.SpecAllow, 0},
		{spec, spec, 0, seccomp.SpecAllow},
		{none, absent, seccomp.SpecAllow, 0}, // which runc reads as SPEC_ALLOW
		{absent, absent, 0, seccomp.SpecAllow},
		{absent, spec, 0, seccomp.SpecAllow},
		{none, log, 0, seccomp.LogAll},
		{log, none, seccomp.LogAll, seccomp.LogAll},
		{log, log, 0, seccomp.LogAll},
	} {
		n := node(t, tt.node)
		err := n.Check(ctx, parse(t, tt.artifact))
		if e := (*baseline.LooserError)(nil); errors.As(err, &e) {
			assert.Equal(t, tt.looser, e.Findings[0].Flags)
			assert.Contains(t, e.Error(), tt.looser.String())
		} else {
			assert.NoError(t, err)
			assert.Zero(t, tt.looser)
		}
		assert.Equal(t, tt.want, meet(t, n, tt.artifact).Flags, "%s and %s", tt.node, tt.artifact)
	}
}

func TestKepListenerIsTheNodes(t *testing.T) {
	notify := doc("ERRNO", rule("NOTIFY", `"mkdir"`, ""))
	n := node(t, strings.Replace(notify, `"flags": []`, `"flags": ["SECCOMP_FILTER_FLAG_WAIT_KILLABLE_RECV"]`, 1)+`, "listenerPath": "/run/a.sock", "listenerMetadata": "m"`)
	for _, x := range []string{
		notify, // nobody listens
		doc("ERRNO") + `, "listenerPath": "/run/evil.sock"`,
		doc("ERRNO") + `, "listenerMetadata": "m"`,
		notify + `, "listenerPath": "/run/a.sock"`,
		notify + `, "listenerPath": "/run/a.sock", "listenerMetadata": "m"`, // another flag
		strings.Replace(doc("ERRNO"), `"flags": []`, `"flags": ["SECCOMP_FILTER_FLAG_WAIT_KILLABLE_RECV"]`, 1),
	} {
		err := n.Check(ctx, parse(t, x))
		var e *profile.Error
		require.ErrorAs(t, err, &e, x)
		require.Contains(t, []profile.Code{"artifact-listener", "artifact-notify"}, e.Code)
		_, err = n.Intersect(ctx, machine, parse(t, x))
		require.ErrorAs(t, err, &e, x)
	}
	// The node's own stays, with its flag and its supervised calls.
	x := meet(t, n, doc("ERRNO", rule("ALLOW", `"mkdir"`, "")))
	require.Equal(t, seccomp.WaitKillable, x.Flags)
	require.Equal(t, seccomp.Notify, answer(t, x, "mkdir"))
	p, err := x.Profile()
	require.NoError(t, err)
	require.Equal(t, "/run/a.sock", p.ListenerPath)
	require.Equal(t, "m", p.ListenerMetadata)
	require.Equal(t, []string{"SECCOMP_FILTER_FLAG_WAIT_KILLABLE_RECV"}, p.Flags)
}

func TestKepErrnoAboveTheLargestIsRejected(t *testing.T) {
	_, err := node(t, doc("ERRNO")).Parse([]byte("{" + doc("ERRNO") + `, "defaultErrnoRet": 4096}`))
	require.ErrorIs(t, err, profile.ErrProfile)
}

func TestKepSizeLimit(t *testing.T) {
	n := node(t, doc("ERRNO"))
	text := []byte("{" + doc("ERRNO") + "}")
	_, err := n.Parse(append(text, strings.Repeat(" ", 1<<20-len(text))...))
	require.NoError(t, err)
	_, err = n.Parse(append(text, strings.Repeat(" ", 1<<20-len(text)+1)...))
	require.ErrorIs(t, err, profile.ErrLimit)
	n.Size = len(text) - 1
	_, err = n.Parse(text)
	require.ErrorIs(t, err, profile.ErrLimit)
}

func TestKepEntriesOfACall(t *testing.T) {
	entries := func(count int) string {
		var rules []string
		for i := range count {
			rules = append(rules, rule("ALLOW", `"ioctl"`, fmt.Sprintf(`, "args": [{"index": 1, "op": "SCMP_CMP_EQ", "value": %d}]`, i)))
		}
		return doc("ERRNO", rules...)
	}
	n := node(t, doc("ERRNO", rule("ALLOW", `"ioctl"`, "")))
	require.NoError(t, n.Check(ctx, parse(t, entries(128))))
	require.ErrorIs(t, n.Check(ctx, parse(t, entries(129))), profile.ErrLimit)
	_, err := n.Intersect(ctx, machine, parse(t, entries(129)))
	require.ErrorIs(t, err, profile.ErrLimit)
	n.Entries = 5
	require.NoError(t, n.Check(ctx, parse(t, entries(5))))
	require.ErrorIs(t, n.Check(ctx, parse(t, entries(6))), profile.ErrLimit)
}

// What an artifact cannot be looser in is not asked of it: it is constrained.
func TestKepTighterBaselineDoesNotBreakArtifacts(t *testing.T) {
	artifact := doc("ERRNO", rule("ALLOW", `"read", "bpf"`, ""))
	x := meet(t, node(t, doc("ERRNO", rule("ALLOW", `"read", "write"`, ""))), artifact)
	require.Equal(t, seccomp.Allow, answer(t, x, "read"))
	require.Equal(t, seccomp.Errno(38), answer(t, x, "bpf")) // which the node's profile does not know
	require.Equal(t, seccomp.Errno(1), answer(t, x, "write"))
}

// An artifact that allows everything gives the baseline.
func TestKepUnconfinedArtifactGivesTheBaseline(t *testing.T) {
	n := &baseline.Baseline{Document: profile.DockerDefault(), Targets: []profile.Target{machine}}
	all := parse(t, `"defaultAction": "SCMP_ACT_ALLOW", "architectures": ["SCMP_ARCH_X86_64", "SCMP_ARCH_X86", "SCMP_ARCH_X32"]`)
	x, err := n.Intersect(ctx, machine, all)
	require.NoError(t, err)
	p, _, err := profile.DockerDefault().Resolve(machine)
	require.NoError(t, err)
	require.NoError(t, proof.Prove(x.Stack, p))
}

// Three inputs: the order of the others changes no action, and the first one's numbers count.
func TestKepThreeWayMerge(t *testing.T) {
	n := node(t, doc("ERRNO", rule("ALLOW", `"read", "write", "close", "openat"`, "")))
	pod := doc("ERRNO", rule("ALLOW", `"read", "write", "close"`, ""))
	artifact := doc("ERRNO", rule("ALLOW", `"read", "write", "openat"`, ""), rule("LOG", `"close"`, ""))
	a, b := meet(t, n, pod, artifact), meet(t, n, artifact, pod)
	for d, err := range proof.Diff(proof.Of(a.Policy), proof.Of(b.Policy)) {
		require.NoError(t, err)
		t.Errorf("%v", d)
	}
	require.Equal(t, seccomp.Log, answer(t, a, "close"))
	require.Equal(t, seccomp.Errno(1), answer(t, a, "lseek"))
	require.True(t, answer(t, a, "openat").Denies())
	require.Len(t, a.Stack, 3)
}

// What the merge took away from the artifact can be shown (kep, "Observability").
func TestKepWhatWasConstrained(t *testing.T) {
	artifact := parse(t, doc("ERRNO", rule("ALLOW", `"read", "bpf"`, "")))
	x, err := node(t, doc("ERRNO", rule("ALLOW", `"read"`, ""))).Intersect(ctx, machine, artifact)
	require.NoError(t, err)
	p, _, err := artifact.Resolve(machine)
	require.NoError(t, err)
	for d, err := range proof.Looser(proof.Of(p), proof.Of(x.Policy)) {
		require.NoError(t, err)
		require.Equal(t, "x86_64 bpf (321): ALLOW, ERRNO(1)", d.String())
	}
}

func TestCrioConservativeRejection(t *testing.T) {
	n := &baseline.Baseline{Document: profile.DockerDefault(), Targets: []profile.Target{machine}, Limits: seccomp.Limits{Steps: 10}}
	artifact := parse(t, doc("ERRNO", rule("ALLOW", `"read"`, "")))
	require.ErrorIs(t, n.Check(ctx, artifact), proof.ErrUndecided)
	ended, cancel := context.WithCancel(ctx)
	cancel()
	n.Limits = seccomp.Limits{}
	require.ErrorIs(t, n.Check(ended, artifact), context.Canceled)
	require.NoError(t, n.Check(ctx, artifact))
	_, err := n.Intersect(ended, machine, artifact)
	require.ErrorIs(t, err, context.Canceled)
	require.ErrorIs(t, n.Check(ctx, nil), profile.ErrProfile)
	require.ErrorIs(t, new(baseline.Baseline).Check(ctx, artifact), profile.ErrProfile)
	_, err = new(baseline.Baseline).Intersect(ctx, machine, artifact)
	require.ErrorIs(t, err, profile.ErrProfile)
}

// What libseccomp is known to compile otherwise is not proved by what the document says.
func TestCrioConservativeRejectionOfWhatLibseccompErrsOn(t *testing.T) {
	cond := func(a, b string) string {
		return fmt.Sprintf(`, "args": [{"index": 0, "op": "SCMP_CMP_%s", "value": 3}, {"index": 1, "op": "SCMP_CMP_%s", "value": 2}]`, a, b)
	}
	n := node(t, doc("ERRNO", rule("ALLOW", `"read"`, "")))
	for _, tt := range []struct {
		artifact string
		refused  bool
	}{
		{doc("ERRNO", rule("ALLOW", `"read"`, cond("EQ", "NE")), rule("ALLOW", `"read"`, cond("NE", "EQ"))), true},
		{doc("ERRNO", rule("ALLOW", `"read"`, cond("LT", "EQ"))), false},
	} {
		err := n.Check(ctx, parse(t, tt.artifact))
		if !tt.refused {
			require.NoError(t, err)
			continue
		}
		require.ErrorIs(t, err, proof.ErrUndecided)
		require.ErrorContains(t, err, "libseccomp")
		x := meet(t, n, tt.artifact)
		_, err = x.Profile()
		var e *profile.UnsayableError
		require.ErrorAs(t, err, &e)
		n.OwnFilters = true
		require.NoError(t, n.Check(ctx, parse(t, tt.artifact)))
		_, err = meet(t, n, tt.artifact).Profile()
		require.NoError(t, err)
		n.OwnFilters = false
	}
}

// Capabilities and kernels of the targets decide which rules of the node's profile apply.
func TestTargets(t *testing.T) {
	artifact := parse(t, doc("ERRNO", rule("ALLOW", `"bpf"`, "")))
	n := &baseline.Baseline{Document: profile.DockerDefault(), Targets: []profile.Target{machine}}
	var e *baseline.LooserError
	require.ErrorAs(t, n.Check(ctx, artifact), &e)
	require.Equal(t, machine.Arch, e.Findings[0].Target.Arch)
	n.Targets[0].Caps = []string{"CAP_BPF", "CAP_SYS_ADMIN"}
	require.False(t, errors.As(n.Check(ctx, artifact), &e))
	n.Targets = append(n.Targets, machine)
	require.ErrorAs(t, n.Check(ctx, artifact), &e)
	n.Targets = []profile.Target{{}}
	require.ErrorIs(t, n.Check(ctx, artifact), profile.ErrTarget)
	n.Targets = []profile.Target{machine, {}} // what is certain comes before what is not known
	require.ErrorAs(t, n.Check(ctx, artifact), &e)
	require.True(t, e.More)
	n.Targets = nil // every machine
	require.ErrorAs(t, n.Check(ctx, artifact), &e)
	require.NoError(t, n.Check(ctx, parse(t, `"defaultAction": "SCMP_ACT_ERRNO", "architectures": ["SCMP_ARCH_X86_64", "SCMP_ARCH_X86"], "syscalls": [`+rule("ALLOW", `"read"`, "")+`]`)))
}

func TestLooserError(t *testing.T) {
	require.EqualError(t, (*baseline.LooserError)(nil), "<nil>")
	n := node(t, doc("ERRNO"))
	n.Sets = 2
	e := looser(t, n, doc("ERRNO", rule("ALLOW", `"read"`, ""), rule("LOG", `"close"`, ""), rule("TRACE", `"bpf"`, "")))
	require.Len(t, e.Findings, 2)
	require.True(t, e.More)
	require.Equal(t, 102, e.Findings[0].Artifact.Column)
	require.Equal(t, "defaultAction", e.Findings[0].Baseline.Path)
	require.EqualError(t, e, "looser than the baseline: x86_64 read (0): ALLOW, ERRNO(1) (the artifact's and the baseline's answer; 1:102, defaultAction)\n"+
		"x86_64 close (3): LOG, ERRNO(1) (the artifact's and the baseline's answer; 1:150, defaultAction)\nand more")
}
