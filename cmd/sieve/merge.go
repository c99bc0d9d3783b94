// SPDX-License-Identifier: Apache-2.0

package main

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/gosieve/sieve/arch"
	"github.com/gosieve/sieve/cmd/sieve/internal/cli"
	"github.com/gosieve/sieve/internal/artifact"
	"github.com/gosieve/sieve/internal/errnos"
	"github.com/gosieve/sieve/internal/scmp"
	"github.com/gosieve/sieve/internal/wording"
	"github.com/gosieve/sieve/profile"
	"github.com/gosieve/sieve/profile/dialect"
	"github.com/gosieve/sieve/seccomp"
	"github.com/gosieve/sieve/seccomp/proof"
)

// Merging works on policies, not on documents: each document is resolved for one target,
// the policies are combined (proof.Union, Intersect, Subtract), and the result is written
// as a new document. So the merged document has no includes and excludes, and neither the
// comments of its sources nor their order.
//
// Documents cannot be merged rule by rule: a rule of one may decide a call before a rule
// of the other with other conditions is asked, and the two may differ in their default.
func mergeCommand() *cli.Command {
	flags := []*cli.Flag{
		{Name: "union", Kind: cli.Bool, Usage: "allow what any of them allows: the least restrictive answer wins"},
		{Name: "intersect", Kind: cli.Bool, Usage: "allow what all of them allow: the most restrictive answer wins"},
		{Name: "subtract", Kind: cli.Bool, Usage: "allow what A allows and none of the others"},
		{Name: "denied", Usage: "with --subtract: what calls get that are taken from A, as `ACTION` or ACTION:ERRNO", DefaultText: "A's default action"},
		{Name: "base", Usage: "allow as well what `FILE` allows, whatever the others say: what a runtime itself needs"},
		{Name: "to", Usage: "write `DIALECT`", DefaultText: "that of A"},
		{Name: "format", Usage: "write the filter of the result in place of a document, in a `FORMAT` of sieve compile: " + strings.Join(formats, ", ")},
		{Name: "stack", Kind: cli.Bool, Usage: "with --intersect and --format: a filter of each, which the kernel combines, in the order of installing them"},
		effortFlag(),
	}
	return &cli.Command{
		Name:      "merge",
		Usage:     "join, intersect or subtract profiles",
		ArgsUsage: "A B...",
		Description: `Each is a profile, docker for Docker's default, or - for standard input. They are
resolved for one target, and the result means exactly what the flag says for
every call: of answers that differ in their number alone, the first profile's. It
is proved, and refused with exit status 1 where a document cannot say it; a
filter of it can always be written (--format). What --intersect gives is proved
at most as permissive as each of them, and equal to what the kernel makes of
their filters together.

Examples:
  sieve merge --union base.json web.json -o all.json
  sieve merge --intersect docker tightened.json
  sieve merge --intersect docker pulled.json --format raw -o effective.bpf
  sieve merge --subtract docker admin.json --denied SCMP_ACT_ERRNO:1`,
		Flags:  append(append(flags, policyFlags()[1:]...), writeFlags()...),
		Action: merge,
	}
}

// merge reads, combines and writes. If the dialect cannot say the result, the merge is
// tried again with flags that make it say less exactly (remedy.go), to name those that
// would do.
func merge(ctx context.Context, cmd *cli.Command) error {
	names := cmd.Args().Slice()
	operation, err := operation(cmd)
	if err != nil {
		return err
	}
	// A single profile is merged with --base alone.
	if len(names) < 2 && !(len(names) == 1 && cmd.IsSet("base")) {
		return errors.New("merge: want at least two profiles")
	}
	o, err := writeOptions(cmd)
	if err != nil {
		return err
	}
	write, err := filterFormat(cmd, operation)
	if err != nil {
		return err
	}
	m := merger{cmd: cmd, ctx: ctx, operation: operation}
	if cmd.IsSet("base") {
		names = append(names, cmd.String("base"))
	}
	for _, name := range names {
		if err := m.read(name); err != nil {
			return err
		}
	}
	policy, err := m.merged(m.policies)
	if err != nil {
		return err
	}
	if write != nil {
		return m.filter(policy, write)
	}
	// Without --to the result is in the dialect of the first profile, with its flags.
	to := m.first
	if cmd.IsSet("to") {
		if to, err = writtenAs(cmd); err != nil {
			return err
		}
	}
	// Like has the writer copy the first document's flags and listener.
	o.Like, o.Unnamed = m.like, note(cmd)
	doc, err := dialect.Write(to, policy, o)
	if err == nil {
		return writeDocument(cmd, doc)
	}
	return withFilter(suggest(cmd, to, err, func(chosen remedies) error {
		policies, err := m.again(chosen)
		if err != nil {
			return err
		}
		policy, err := m.merged(policies)
		if err == nil {
			_, err = dialect.Write(to, policy, chosen.written(o))
		}
		return err
	}))
}

// withFilter adds to a dialect's refusal that a filter needs no words.
func withFilter(err error) error {
	var e *profile.UnsayableError
	if errors.As(err, &e) {
		return fmt.Errorf("%w\n  --format raw writes its filter in any case", err)
	}
	return err
}

// operation is the one flag of the three that is given. There is no default: somebody who
// leaves the flag out may want any of them, and a union allows more than an intersection.
func operation(cmd *cli.Command) (string, error) {
	given := ""
	for _, name := range []string{"union", "intersect", "subtract"} {
		if cmd.Bool(name) {
			if given != "" {
				return "", fmt.Errorf("merge: --%s and --%s exclude each other", given, name)
			}
			given = name
		}
	}
	if given == "" {
		return "", errors.New("merge: want one of --union, --intersect and --subtract")
	}
	if cmd.IsSet("denied") && given != "subtract" {
		return "", fmt.Errorf("merge: --denied is for --subtract, not --%s", given)
	}
	return given, nil
}

// filterFormat is the function that writes a filter as --format says, nil without the flag.
func filterFormat(cmd *cli.Command, operation string) (programWriter, error) {
	switch {
	case cmd.Bool("stack") && (operation != "intersect" || !cmd.IsSet("format") || cmd.IsSet("base")):
		return nil, errors.New("merge: --stack is for --intersect with --format, without --base")
	case !cmd.IsSet("format"):
		return nil, nil
	case cmd.IsSet("to"):
		return nil, errors.New("merge: --format writes a filter and --to a document: they exclude each other")
	}
	abi, err := archOf(cmd)
	if err != nil {
		return nil, err
	}
	return formatter(cmd.String("format"), abi)
}

// merger reads profiles and makes one policy of them. docs and policies are in the order
// of the arguments, with --base last. The documents are kept for a second attempt: to find
// out which flags would help, they are resolved again with others.
type merger struct {
	cmd       *cli.Command
	ctx       context.Context
	operation string
	first     profile.Dialect  // of the first document
	like      *profile.Profile // the first, for its flags
	docs      []*dialect.Document
	policies  []*seccomp.Policy // of the documents
}

// read resolves one more profile. Flags of seccomp(2) and a listener cannot be combined
// as decisions can: the first profile's are kept, and a warning says where others differ. Of
// an intersection the flags are those that loosen nothing (artifact.Flags).
func (m *merger) read(name string) error {
	t, err := target(m.cmd)
	if err != nil {
		return err
	}
	l, err := loadDocument(m.cmd, "dialect", name)
	if err != nil {
		return err
	}
	policy, err := resolve(m.cmd, l, t)
	if err != nil {
		return err
	}
	p := l.Profile()
	switch {
	case m.policies == nil:
		m.first, m.like = l.Dialect(), p
	case m.operation == "intersect" && !(m.cmd.IsSet("base") && len(m.docs) == m.cmd.Args().Len()):
		m.intersectFlags(name, l)
	case !sameFlags(m.like, p):
		fmt.Fprintf(m.cmd.Root().ErrWriter, "sieve: %s: other flags or another listener than the first profile, whose are kept\n", shown(name))
	}
	m.docs, m.policies = append(m.docs, l), append(m.policies, policy)
	return nil
}

// intersectFlags takes one more document into the flags of an intersection. A list that is
// missing everywhere stays so.
func (m *merger) intersectFlags(name string, d *dialect.Document) {
	none := &profile.Profile{} // what the dialects without flags ask
	p, q := cmp.Or(m.like, none), cmp.Or(d.Profile(), none)
	if q.ListenerPath != "" && (p.ListenerPath != q.ListenerPath || p.ListenerMetadata != q.ListenerMetadata) {
		fmt.Fprintf(m.cmd.Root().ErrWriter, "sieve: %s: another listener than the first profile, whose is kept\n", shown(name))
	}
	if p.Flags == nil && q.Flags == nil {
		return
	}
	like := *p
	like.Flags = artifact.Words(artifact.Flags(p.InstallFlags(artifact.All), d.InstallFlags(artifact.All)))
	m.like = &like
}

// again resolves the documents with other options. They are not read again: standard
// input is gone.
func (m *merger) again(chosen remedies) ([]*seccomp.Policy, error) {
	t, err := target(m.cmd)
	if err != nil {
		return nil, err
	}
	options, err := resolveOptions(m.cmd, t)
	if err != nil {
		return nil, err
	}
	var list []*seccomp.Policy
	for _, d := range m.docs {
		p, _, err := d.Resolve(t, chosen.options(options)...)
		if err != nil {
			return nil, err
		}
		list = append(list, p)
	}
	return list, nil
}

// sameFlags says whether two profiles ask for the same apart from decisions. A missing
// list of flags is not an empty one: runtimes choose flags themselves where it is
// missing.
func sameFlags(p, q *profile.Profile) bool {
	none := &profile.Profile{} // what the dialects without flags ask
	p, q = cmp.Or(p, none), cmp.Or(q, none)
	return slices.Equal(p.Flags, q.Flags) && (p.Flags == nil) == (q.Flags == nil) &&
		p.ListenerPath == q.ListenerPath && p.ListenerMetadata == q.ListenerMetadata
}

// merged combines the policies. What --base allows is added last, so that neither an
// intersection nor a subtraction takes away what the runtime needs.
func (m *merger) merged(policies []*seccomp.Policy) (*seccomp.Policy, error) {
	var base []*seccomp.Policy
	if n := len(policies) - 1; m.cmd.IsSet("base") {
		policies, base = policies[:n], policies[n:]
	}
	a, more := policies[0], policies[1:]
	var err error
	switch m.operation {
	case "union":
		a, err = proof.Union(a, more...)
	case "intersect":
		if a, err = proof.Intersect(a, more...); err == nil {
			err = m.prove(a, policies)
		}
	case "subtract":
		a, err = m.subtracted(a, more)
	}
	if err != nil || base == nil {
		return a, err
	}
	return proof.Union(a, base...)
}

// prove holds an intersection to its parts: it is at most as permissive as each, and equal to
// what the kernel makes of their filters.
func (m *merger) prove(all *seccomp.Policy, parts []*seccomp.Policy) error {
	within := within(m.ctx, m.cmd)
	for i, p := range parts {
		if err := proof.AtMost(proof.Of(all), proof.Of(p), within); err != nil {
			return fmt.Errorf("merge: the result and %s: %w", shown(m.cmd.Args().Get(i)), err)
		}
	}
	stack, err := m.stack(parts)
	if err != nil {
		return err
	}
	if err := proof.Prove(stack, all, within); err != nil {
		return fmt.Errorf("merge: the result and the filters of all: %w", err)
	}
	return nil
}

// stack is a filter of each policy. The first one's is installed last: of answers that differ
// in their number alone the kernel takes the newest filter's.
func (m *merger) stack(policies []*seccomp.Policy) (seccomp.Filter, error) {
	var stack seccomp.Filter
	for _, p := range slices.Backward(policies) {
		f, err := proof.Compile(p, within(m.ctx, m.cmd))
		if err != nil {
			return nil, unproved(err)
		}
		stack = append(stack, f...)
	}
	return stack, nil
}

// filter writes the result as a filter, or the filters of all.
func (m *merger) filter(all *seccomp.Policy, write programWriter) error {
	policies := []*seccomp.Policy{all}
	if m.cmd.Bool("stack") {
		policies = m.policies
	}
	filter, err := m.stack(policies)
	if err != nil {
		return err
	}
	return writeFilter(m.cmd, m.cmd.String("o"), filter, write)
}

// subtracted is the first policy without what the others allow. The action for those
// calls has to deny; the first policy's default serves if it does. A default that allows
// would change nothing, so --denied is wanted then.
func (m *merger) subtracted(a *seccomp.Policy, more []*seccomp.Policy) (*seccomp.Policy, error) {
	denied := a.Default
	if m.cmd.IsSet("denied") {
		var err error
		if denied, err = actionOf(m.cmd.String("denied")); err != nil {
			return nil, fmt.Errorf("--denied: %w", err)
		}
	} else if denied.Rank() > seccomp.Errno(0).Rank() {
		return nil, fmt.Errorf("merge: the default action of the first profile is %v, which denies nothing: say what does with --denied", denied)
	}
	for _, b := range more {
		var err error
		if a, err = proof.Subtract(a, b, denied); err != nil {
			return nil, err
		}
	}
	return a, nil
}

// denying are the actions that --denied takes.
var denying = []string{"SCMP_ACT_ERRNO", "SCMP_ACT_KILL_PROCESS", "SCMP_ACT_KILL_THREAD", "SCMP_ACT_TRAP"}

// nearAction is the end of an error about an action of --denied.
func nearAction(word string) string {
	if _, _, known := scmp.Action(word); known {
		return "" // it is right, and does not deny
	}
	if near := wording.Meant(word, denying); near != "" {
		return fmt.Sprintf("; did you mean %q?", near)
	}
	return ""
}

// nearErrno is the end of an error about an errno: the number of one that is named. Numbers
// differ by ABI, and those of most are meant.
func nearErrno(word string) string {
	if n, ok := errnos.Number(strings.ToUpper(word), arch.X86_64); ok {
		return fmt.Sprintf("; did you mean %q?", strconv.FormatUint(uint64(n), 10))
	}
	return ""
}

// actionOf reads an action that denies, as documents write it, with its errno after a
// colon: "SCMP_ACT_ERRNO:38". Without a number the errno is 1, EPERM, as for a rule
// without errnoRet.
func actionOf(text string) (seccomp.Action, error) {
	word, number, has := strings.Cut(text, ":")
	n := uint64(1)
	if has {
		var err error
		if n, err = strconv.ParseUint(number, 10, 16); err != nil || n > seccomp.MaxErrno {
			return 0, fmt.Errorf("%q is no errno from 0 to %d%s", number, seccomp.MaxErrno, nearErrno(number))
		}
	}
	a, most, ok := scmp.Action(word)
	switch {
	case !ok || !a.Denies():
		return 0, fmt.Errorf("%q does not deny, want %s%s", word, series(denying, "or"), nearAction(word))
	case most > 0:
		return a | seccomp.Action(n), nil
	case has:
		return 0, fmt.Errorf("%s carries no errno", word)
	}
	return a, nil
}
