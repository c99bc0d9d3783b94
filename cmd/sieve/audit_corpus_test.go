// SPDX-License-Identifier: Apache-2.0

package main

import (
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/gosieve/sieve/arch"
	"github.com/gosieve/sieve/internal/audit"
	"github.com/gosieve/sieve/internal/constants"
	"github.com/gosieve/sieve/internal/test/boundary"
	"github.com/gosieve/sieve/internal/test/shared"
	"github.com/gosieve/sieve/profile"
	"github.com/gosieve/sieve/profile/dialect"
	"github.com/gosieve/sieve/seccomp"
	"github.com/gosieve/sieve/seccomp/proof"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// TestAuditCorpus asks every question of every profile of the corpus, with the answers in a golden
// table. A reading of the questions that shares no code with the command holds each: what is
// reached must be a call of the question that Evaluate lets through, what is closed must hold
// at the boundary calls, and the rules that would close must.
func TestAuditCorpus(t *testing.T) {
	var b strings.Builder
	b.WriteString("# go test ./cmd/sieve -run TestAuditCorpus -update\nprofile")
	for _, q := range audit.Questions() {
		b.WriteString("\t" + q.ID)
	}
	b.WriteByte('\n')
	all := readQuestions(t)
	require.Len(t, all, len(audit.Questions()))
	profiles, reached := 0, 0
	for _, one := range auditCorpus(t) {
		profiles++
		b.WriteString(one.name)
		answers := audit.Ask(audit.Of(one.policy), one.native, audit.Questions())
		for i := range answers {
			a := &answers[i]
			b.WriteString("\t" + a.Verdict.String())
			if a.Verdict != audit.Closed {
				reached++
			}
			checkFound(t, &one, a, &all[i])
			checkClosing(t, &one, a)
		}
		b.WriteByte('\n')
		checkClosed(t, &one, answers, all)
	}
	assert.Greater(t, profiles, 75)
	t.Logf("%d profiles, %d answers that are not closed", profiles, reached)
	golden(t, "testdata/audit/corpus.tsv", b.String())
}

// corpusPolicy is a policy of the corpus.
type corpusPolicy struct {
	name   string
	native arch.Arch
	policy *seccomp.Policy
}

// auditCorpus is every filter of every file that is a profile, for x86_64 or, if it has none
// for that, for aarch64; and Docker's default as it is built in.
func auditCorpus(t *testing.T) (list []corpusPolicy) {
	for _, file := range shared.Glob(t, "data/profiles/*/*") {
		name := filepath.Base(filepath.Dir(file)) + "/" + filepath.Base(file)
		doc, err := dialect.ReadFile(file)
		if err != nil {
			continue // TestCorpus of package dialect says of each why
		}
		docs := map[string]*dialect.Document{"": doc}
		if threads := doc.Threads(); len(threads) > 0 {
			docs = map[string]*dialect.Document{}
			for _, thread := range threads {
				docs["#"+thread], err = doc.Thread(thread)
				require.NoError(t, err)
			}
		}
		for thread, doc := range docs {
			for _, native := range []arch.Arch{arch.X86_64, arch.AArch64} {
				p, _, err := doc.Resolve(profile.Target{Arch: native, Kernel: arch.Newest, Caps: profile.DockerCaps()})
				if err == nil && (native == arch.X86_64) != strings.Contains(name, "aarch64") {
					list = append(list, corpusPolicy{name + thread + " " + native.String(), native, p})
				}
			}
		}
	}
	for name, caps := range map[string][]string{"built in": profile.DockerCaps(), "built in, CAP_SYS_ADMIN": append(profile.DockerCaps(), "CAP_SYS_ADMIN")} {
		p, _, err := profile.DockerDefault().Resolve(profile.Target{Arch: arch.X86_64, Kernel: arch.Newest, Caps: caps})
		require.NoError(t, err)
		list = append(list, corpusPolicy{name + " x86_64", arch.X86_64, p})
	}
	slices.SortFunc(list, func(a, b corpusPolicy) int { return strings.Compare(a.name, b.name) })
	return list
}

// plainQuestion is a question as this test reads the table: the words of its calls.
type plainQuestion struct {
	id    string
	words []string
}

func readQuestions(t *testing.T) (list []plainQuestion) {
	text, err := os.ReadFile("../../internal/audit/data/questions.tsv")
	require.NoError(t, err)
	for _, line := range strings.Split(strings.TrimSpace(string(text)), "\n") {
		if !strings.HasPrefix(line, "#") {
			fields := strings.Split(line, "\t")
			list = append(list, plainQuestion{fields[0], strings.Fields(fields[2])})
		}
	}
	return list
}

// has says whether a call is one of the question, by the words of the table.
func (q *plainQuestion) has(abi arch.Arch, c *seccomp.Call) bool {
	return slices.ContainsFunc(q.words, func(word string) bool {
		name, conds := wordOn(word, abi)
		if name == "" {
			return false
		}
		if nr, ok := abi.Number(name); ok && nr == c.Nr {
			return !slices.ContainsFunc(conds, func(cond string) bool { return !met(name, cond, c) })
		}
		nr, ok := abi.Number("socketcall")
		if !ok || nr != c.Nr {
			return false
		}
		which := uint32(c.Args[0])
		return name == "socket" && which == 1 || name == "socketpair" && which == 8 // SYS_SOCKET, SYS_SOCKETPAIR
	})
}

// wordOn takes "clone@-s390,s390x(0&X,...)" apart; no name if it is for other ABIs.
func wordOn(word string, abi arch.Arch) (name string, conds []string) {
	head, args, _ := strings.Cut(strings.TrimSuffix(word, ")"), "(")
	name, abis, limited := strings.Cut(head, "@")
	abis, except := strings.CutPrefix(abis, "-")
	if limited && slices.Contains(strings.Split(abis, ","), abi.String()) == except {
		return "", nil
	}
	if args != "" {
		conds = strings.Split(args, ",")
	}
	return name, conds
}

// met says whether a condition holds for a call of x86_64 and its kind, or of arm: their
// constants are the same.
func met(name, cond string, c *seccomp.Call) bool {
	index, rest := int(cond[0]-'0'), cond[1:]
	x := c.Args[index]
	if bits, _ := arch.Width(name, index); bits == 32 {
		x = uint64(uint32(x))
	} else if bits == 16 {
		x = uint64(uint16(x))
	}
	if value, ok := strings.CutPrefix(rest, "!="); ok {
		return x != valueOf(value)
	}
	mask, value, equal := strings.Cut(rest, "=")
	switch {
	case mask == "":
	case strings.HasPrefix(mask, "&~"):
		x &^= valueOf(mask[2:])
	default:
		x &= valueOf(mask[1:])
	}
	if equal {
		return slices.ContainsFunc(strings.Split(value, "/"), func(one string) bool { return x == valueOf(one) })
	}
	return x != 0
}

// valueOf are constants joined by "|". Those that package constants lacks are of
// linux/personality.h, linux/seccomp.h and linux/netlink.h.
func valueOf(text string) (value uint64) {
	own := map[string]uint64{"ADDR_NO_RANDOMIZE": 0x40000, "MMAP_PAGE_ZERO": 0x100000, "ADDR_COMPAT_LAYOUT": 0x200000, "READ_IMPLIES_EXEC": 0x400000,
		"NETLINK_NETFILTER": 12, "SECCOMP_SET_MODE_FILTER": 1, "SECCOMP_FILTER_FLAG_NEW_LISTENER": 8}
	for _, word := range strings.Split(text, "|") {
		if v, err := strconv.ParseUint(word, 0, 64); err == nil {
			value |= v
		} else if v, ok := own[word]; ok {
			value |= v
		} else if v, ok, _ := constants.Value(word, arch.X86_64); ok {
			value |= v
		} else {
			panic(word)
		}
	}
	return value
}

// checkFound: a call that was found is one of the question, and Evaluate does not deny it.
func checkFound(t *testing.T, p *corpusPolicy, a *audit.Answer, q *plainQuestion) {
	t.Helper()
	runs := false
	for _, f := range a.Found {
		action := p.policy.Evaluate(&f.Call)
		assert.False(t, action.Denies(), "%s: %s: %s", p.name, q.id, f.Text())
		assert.Equal(t, action, f.Decision.Action)
		runs = runs || action.Runs()
		abi, _ := arch.Of(f.Call.Audit, f.Call.Nr)
		assert.Equal(t, abi, f.ABI)
		switch q.words[0] {
		case "@foreign":
			assert.NotEqual(t, p.native, abi)
		case "@multiplexer", "@high-half":
			assert.False(t, p.policy.Evaluate(f.Denied).Runs(), "%s: %s", p.name, f.DeniedText())
		default:
			assert.True(t, q.has(abi, &f.Call), "%s: %s: %s", p.name, q.id, f.Text())
		}
	}
	assert.Equal(t, runs, a.Verdict == audit.Reached, "%s: %s", p.name, q.id)
	assert.Equal(t, len(a.Found) == 0, a.Verdict == audit.Closed, "%s: %s", p.name, q.id)
}

// checkClosing: with the rules that would close it the question is closed.
func checkClosing(t *testing.T, p *corpusPolicy, a *audit.Answer) {
	t.Helper()
	if a.Verdict == audit.Closed {
		return
	}
	text, err := a.Closing.Document().MarshalJSON()
	require.NoError(t, err)
	doc, err := profile.Parse(text)
	require.NoError(t, err)
	closing, _, err := doc.Resolve(profile.Target{Arch: p.native, Kernel: arch.Newest, Caps: profile.DockerCaps()})
	require.NoError(t, err, "%s", text)
	both, err := proof.Intersect(p.policy, closing)
	require.NoError(t, err)
	again := audit.Ask(audit.Of(both), p.native, []audit.Question{a.Question})[0]
	assert.Equal(t, audit.Closed, again.Verdict, "%s: %s: %s", p.name, a.Question.ID, text)
}

// checkClosed asks Evaluate about the boundary calls of the policy, moved into each question: a
// call of the question that gets through makes it one that is not closed.
func checkClosed(t *testing.T, p *corpusPolicy, answers []audit.Answer, all []plainQuestion) {
	t.Helper()
	var numbers []uint32
	type place struct {
		question int
		name     string
		conds    []string
	}
	places := map[seccomp.Call][]place{} // by token and number
	for _, abi := range audit.Machine(p.native) {
		for i, q := range all {
			for _, word := range q.words {
				name, conds := wordOn(word, abi)
				if nr, ok := abi.Number(name); ok {
					key := seccomp.Call{Audit: abi.Audit(), Nr: nr}
					places[key] = append(places[key], place{i, name, conds})
					numbers = append(numbers, nr)
				}
				if nr, ok := abi.Number("socketcall"); ok && name == "socket" {
					key := seccomp.Call{Audit: abi.Audit(), Nr: nr}
					places[key] = append(places[key], place{i, "socketcall", []string{"0=1"}}) // SYS_SOCKET
					numbers = append(numbers, nr)
				}
			}
		}
	}
	worst := make([]seccomp.Action, len(all))
	see := func(i int, c *seccomp.Call) {
		if a := p.policy.Evaluate(c); worst[i] == 0 || a.Rank() > worst[i].Rank() {
			worst[i] = a
		}
	}
	for c := range boundary.Calls(p.policy, numbers...) {
		abi, ok := arch.Of(c.Audit, c.Nr)
		if !ok || !slices.Contains(audit.Machine(p.native), abi) {
			continue
		}
		for i := range all {
			if all[i].has(abi, c) || all[i].words[0] == "@foreign" && abi != p.native {
				see(i, c)
			}
		}
		for _, at := range places[seccomp.Call{Audit: c.Audit, Nr: c.Nr}] {
			moved := *c
			for _, cond := range at.conds {
				move(at.name, cond, &moved)
			}
			if all[at.question].has(abi, &moved) {
				see(at.question, &moved)
			}
		}
	}
	for i := range answers {
		if answers[i].Verdict == audit.Closed {
			assert.True(t, worst[i].Denies(), "%s: %s is closed, and a call of it gets %v", p.name, all[i].id, worst[i])
		} else if answers[i].Verdict == audit.Supervised {
			assert.False(t, worst[i].Runs(), "%s: %s is supervised, and a call of it gets %v", p.name, all[i].id, worst[i])
		}
	}
}

// move changes an argument so that a condition holds, and leaves what does not count.
func move(name, cond string, c *seccomp.Call) {
	x := &c.Args[cond[0]-'0']
	mask, value, equal := strings.Cut(cond[1:], "=")
	bits, ok := arch.Width(name, int(cond[0]-'0'))
	if !ok {
		bits = 32 // socketcall, which no 64-bit kernel has
	}
	counts := uint64(1)<<bits - 1
	switch {
	case mask == "!":
		return
	case strings.HasPrefix(mask, "&~"):
		counts &^= valueOf(mask[2:])
	case mask != "":
		counts = valueOf(mask[1:])
	}
	if equal {
		values := strings.Split(value, "/") // one of them, by the other bits
		*x = *x&^counts | valueOf(values[*x%uint64(len(values))])
	} else if *x&counts == 0 {
		*x |= counts & -counts
	}
}
