// SPDX-License-Identifier: Apache-2.0

package main

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"slices"

	"github.com/gosieve/sieve/arch"
	"github.com/gosieve/sieve/cmd/sieve/internal/cli"
	"github.com/gosieve/sieve/internal/page"
	"github.com/gosieve/sieve/internal/review"
	"github.com/gosieve/sieve/profile"
	"github.com/gosieve/sieve/profile/dialect"
	"github.com/gosieve/sieve/profile/lint"
	"github.com/gosieve/sieve/seccomp"
	"github.com/gosieve/sieve/seccomp/proof"
)

// subjectOf reads what a page is about: a document or a filter, and what it is compared with.
func subjectOf(ctx context.Context, cmd *cli.Command, name string) (*page.Subject, error) {
	machines, err := targets(cmd)
	if err != nil {
		return nil, err
	}
	in, filter, err := documentOrFilter(cmd, name)
	if err != nil {
		return nil, err
	}
	var s *page.Subject
	if in != nil {
		s, err = documentSubject(ctx, cmd, in, machines)
	} else {
		s, err = filterSubject(ctx, cmd, shown(name), filter, machines[0])
	}
	if err != nil {
		return nil, err
	}
	s.Options = []seccomp.Option{within(ctx, cmd)}
	if cmd.IsSet("against") {
		s.Against, err = against(cmd, cmd.String("against"), s.Machines)
	}
	return s, err
}

// targets are the machines of --arch, each once.
func targets(cmd *cli.Command) ([]profile.Target, error) {
	t, err := target(cmd)
	if err != nil {
		return nil, err
	}
	names := cmd.Strings("arch")
	if len(names) == 0 {
		return []profile.Target{t}, nil
	}
	var list []profile.Target
	for _, name := range names {
		if t.Arch, err = arch.Parse(name); err != nil {
			return nil, fmt.Errorf("--arch: %w", err)
		}
		if !slices.ContainsFunc(list, func(o profile.Target) bool { return o.Arch == t.Arch }) {
			list = append(list, t)
		}
	}
	return list, nil
}

// documentOrFilter reads what a name stands for: one of the two is nil. If there is no file of
// that name, there may be a stack of filters, NAME.0, NAME.1 and so on.
func documentOrFilter(cmd *cli.Command, name string) (in *input, filter seccomp.Filter, err error) {
	in, err = readInput(cmd, name)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		filter, err = readFilter(cmd, name)
		return nil, filter, err
	case err != nil:
		return nil, nil, err
	case filterLike(in.text):
		filter, err = decodeFilter(cmd, name, in.text)
		return nil, filter, err
	}
	in.wants = "a profile or a raw filter"
	return in, nil, nil
}

// filterSubject is a filter with the policy that it means. Without --arch the machine is that of
// the first ABI that it asks for.
func filterSubject(ctx context.Context, cmd *cli.Command, name string, filter seccomp.Filter, t profile.Target) (*page.Subject, error) {
	policy, err := proof.Decompile(filter, within(ctx, cmd))
	if err != nil {
		return nil, fmt.Errorf("%s: %w", name, err)
	}
	if len(policy.Arches) == 0 {
		return nil, fmt.Errorf("%s: the filter gives every call %v, whatever its ABI", name, policy.BadArch)
	}
	if !cmd.IsSet("arch") {
		t.Arch = policy.Arches[0]
	}
	return &page.Subject{Name: name, Machines: []page.Machine{{Target: t, Policy: policy, Filter: filter}}}, nil
}

// documentSubject is a document on each machine. What is found on several is said once.
func documentSubject(ctx context.Context, cmd *cli.Command, in *input, machines []profile.Target) (*page.Subject, error) {
	doc, err := in.document(cmd, "dialect")
	if err != nil {
		return nil, err
	}
	if err := answers(cmd, doc); err != nil {
		return nil, err
	}
	s := &page.Subject{Name: in.name, Dialect: doc.Dialect(), Text: in.text}
	told := map[string]bool{} // of several machines the same is said once
	for _, t := range machines {
		options, err := resolveOptions(cmd, t)
		if err != nil {
			return nil, err
		}
		for _, thread := range threadsOf(cmd, doc) {
			m := page.Machine{Target: t, Thread: thread}
			if m.Policy, err = quietly(cmd, doc, &m); err != nil {
				return nil, err
			}
			if m.Filter, err = compiled(ctx, cmd, m.Policy); err != nil {
				return nil, unproved(err)
			}
			s.Machines = append(s.Machines, m)
		}
		l := linter{cmd: cmd, target: t, options: append(options, lint.Within(ctx, bounds(cmd)))}
		found, err := l.input(in)
		if err != nil {
			return nil, err
		}
		for _, d := range found {
			if text := d.String(); !told[text] {
				told[text] = true
				s.Findings = append(s.Findings, d)
			}
		}
	}
	slices.SortStableFunc(s.Findings, byPlace)
	return s, nil
}

// threadsOf are the threads whose filters are shown: those of a document that has several, unless
// --thread has chosen one, and else one without a name.
func threadsOf(cmd *cli.Command, doc *dialect.Document) []string {
	if list := doc.Threads(); len(list) > 0 && !cmd.IsSet("thread") {
		return list
	}
	return []string{""}
}

// quietly makes the policy of a document for a machine, as resolve does. Its warnings are among
// the findings on the page, and would be written once for each machine.
func quietly(cmd *cli.Command, doc *dialect.Document, m *page.Machine) (*seccomp.Policy, error) {
	options, err := resolveOptions(cmd, m.Target)
	if err != nil {
		return nil, err
	}
	if m.Thread != "" && len(doc.Threads()) > 0 {
		if doc, err = doc.Thread(m.Thread); err != nil {
			return nil, err
		}
	}
	policy, _, err := doc.Resolve(m.Target, options...)
	return policy, detailed(err)
}

// against is the older side of a page, for the same machines: a document is resolved for each of
// them, and a filter is the same on all.
func against(cmd *cli.Command, name string, machines []page.Machine) (*page.Against, error) {
	in, filter, err := documentOrFilter(cmd, name)
	if err != nil {
		return nil, err
	}
	if in == nil {
		return &page.Against{Name: shown(name), Sides: slices.Repeat([]review.Side{{Filter: filter}}, len(machines))}, nil
	}
	doc, err := in.document(cmd, "against-dialect")
	if err != nil {
		return nil, err
	}
	out := &page.Against{Name: in.name}
	for i := range machines {
		policy, err := quietly(cmd, doc, &machines[i])
		if err != nil {
			return nil, err
		}
		out.Sides = append(out.Sides, review.Side{Policy: policy})
	}
	return out, nil
}
