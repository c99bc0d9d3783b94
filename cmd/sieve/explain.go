// SPDX-License-Identifier: Apache-2.0

package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"slices"
	"strconv"
	"strings"

	"github.com/gosieve/sieve/arch"
	"github.com/gosieve/sieve/cmd/sieve/internal/cli"
	"github.com/gosieve/sieve/internal/argument"
	"github.com/gosieve/sieve/internal/constants"
	"github.com/gosieve/sieve/internal/unfiltered"
	"github.com/gosieve/sieve/internal/wording"
	"github.com/gosieve/sieve/profile"
	"github.com/gosieve/sieve/profile/grant"
	"github.com/gosieve/sieve/seccomp"
)

// explain has two questions: a call that somebody types (question, verdict), and the
// records of a log (auditlog.go). Both end with the rule that decided and the smallest
// change that would allow the call (package profile/grant). Changes are found by trying:
// each changed document is resolved and asked again, so a change that is shown does allow
// the call.
//
// A profile with a mistake in it can be explained as far as it resolves; lint says what
// is wrong with it.
func explainCommand() *cli.Command {
	return &cli.Command{
		Name:      "explain",
		Usage:     "say why a call is denied, and what would allow it",
		ArgsUsage: "CALL [ARG...]",
		Description: `Says what a profile decides for a call, which rule does so, and the smallest
changes that would allow it, the narrowest first. CALL is a name or a number; an
ARG is a number or constants: AF_VSOCK, O_RDWR|O_CREAT. Those left out are 0.

With --audit it reads the kernel's log instead: lines of auditd, dmesg, journalctl
and ausearch. Records of seccomp (type 1326, or SECCOMP) become a line for each
command, call and action; others are counted. So do the SIGSYS of strace and what
snappy-debug prints. A profile, if one is given, is
asked which rule that was. The log has no arguments: where rules look at them,
it may be one of several.

The exit status is 2 if a record cannot be read, else 0.

Examples:
  sieve explain mount
  sieve explain --cap CAP_SYS_ADMIN clone 'CLONE_NEWUSER|SIGCHLD'
  sieve explain --profile web.json --abi x86 socket AF_INET SOCK_STREAM 0
  journalctl -k | sieve explain --audit - --profile web.json
  sieve explain --audit /var/log/audit/audit.log --format json`,
		Flags: append(policyFlags(),
			&cli.Flag{Name: "abi", Usage: "the call comes through `ABI`: x86 on an x86_64 machine", DefaultText: "that of --arch"},
			&cli.Flag{Name: "audit", Usage: "read log lines from `FILE`, - for standard input"},
			&cli.Flag{Name: "format", Value: "text", Usage: "write `FORMAT`: text or json"},
		),
		StopAtArgument: true,
		Action:         explain,
	}
}

// explain tells the two questions apart. A log names its calls itself, so --audit
// excludes a CALL. Flags are checked before the profile is read: an error about a flag must
// not wait for a profile on standard input.
func explain(_ context.Context, cmd *cli.Command) error {
	if format := cmd.String("format"); format != "text" && format != "json" {
		return fmt.Errorf("--format: %w", unknownWord("format", format, "text", "json"))
	}
	if cmd.IsSet("audit") {
		if cmd.Args().Present() || cmd.IsSet("abi") {
			return errors.New("explain: --audit excludes a CALL and --abi: the log says them")
		}
		return explainAudit(cmd)
	}
	if !cmd.Args().Present() {
		return errors.New("explain: want a CALL or --audit: \"sieve explain --help\" has examples")
	}
	asked, err := newQuestion(cmd)
	if err != nil {
		return err
	}
	a, err := asked.answer(cmd)
	if err != nil {
		return err
	}
	if cmd.String("format") == "json" {
		return a.json(cmd.Root().Writer)
	}
	return a.text(cmd.Root().Writer)
}

// question is a call that a profile is asked about. Arguments that were not given are 0
// in call; the verdict says which of them the rules look at.
type question struct {
	target profile.Target
	abi    arch.Arch
	call   seccomp.Call
	args   int // how many were given
}

// newQuestion reads the arguments of the command. Flags end at CALL, since an argument
// may be negative; "--" after CALL is passed over. A word with two dashes there is most
// likely a flag in the wrong place, and is refused.
func newQuestion(cmd *cli.Command) (*question, error) {
	t, err := target(cmd)
	if err != nil {
		return nil, err
	}
	// The ABI of the call need not be the target's: an x86_64 kernel takes calls of x86
	// too.
	q := &question{target: t, abi: t.Arch}
	if name := cmd.String("abi"); name != "" {
		if q.abi, err = arch.Parse(name); err != nil {
			return nil, fmt.Errorf("--abi: %w", err)
		}
	}
	q.call.Audit = q.abi.Audit()
	if q.call.Nr, err = callNumber(q.abi, cmd.Args().First()); err != nil {
		return nil, err
	}
	args := cmd.Args().Tail()
	if len(args) > 0 && args[0] == "--" {
		args = args[1:]
	}
	if len(args) > len(q.call.Args) {
		return nil, fmt.Errorf("explain: %d arguments, a call has at most 6", len(args))
	}
	for i, text := range args {
		if strings.HasPrefix(text, "--") {
			return nil, fmt.Errorf("explain: %s behind the CALL is an argument: flags go before it", text)
		}
		if q.call.Args[i], err = argumentValue(q.abi, text); err != nil {
			return nil, fmt.Errorf("explain: argument %d: %w", i, err)
		}
	}
	q.args = len(args)
	return q, nil
}

// argumentValue reads an argument: in the form that reports use (package argument), or
// with other constants of the kernel's headers, TIOCSTI or SO_REUSEPORT, which minijail's
// table has. Words joined by "|" are flags. Their values differ by ABI (O_DIRECT has four),
// so the ABI is that of the call and not of this machine.
func argumentValue(abi arch.Arch, text string) (uint64, error) {
	value := uint64(0)
	for _, word := range strings.Split(text, "|") {
		v, err := argument.Parse(abi, word)
		// Package constants knows names that package argument does not, such as the requests of
		// ioctl: which of them apply depends on the driver behind the descriptor.
		if c, ok, _ := constants.Value(word, abi); err != nil && ok {
			v, err = c, nil
		}
		if near := wording.Nearest(word, constants.Names()); err != nil && near != "" {
			return 0, fmt.Errorf("%w, did you mean %s?", err, near)
		}
		if err != nil {
			return 0, fmt.Errorf("%w; of what lies in memory a filter sees the address alone", err)
		}
		value |= v
	}
	return value, nil
}

// callNumber reads a call, by number or by name. A number need not be one that a table
// has: a filter is asked about any number, and newer kernels have calls that no table here
// names. It is the number as the kernel sees it, with x32's bit or MIPS' base.
func callNumber(abi arch.Arch, text string) (uint32, error) {
	if n, err := strconv.ParseUint(text, 0, 32); err == nil {
		return uint32(n), nil
	}
	if nr, ok := abi.Number(text); ok {
		return nr, nil
	}
	// A right name on the wrong ABI gets another message than a misspelt one.
	if arch.Known(text) {
		return 0, fmt.Errorf("%v has no call %q", abi, text)
	}
	if near := wording.NearestCall(text); near != "" {
		return 0, fmt.Errorf("unknown call %q, did you mean %q?", text, near)
	}
	return 0, fmt.Errorf("unknown call %q, want a name or a number", text)
}

// verdict is what a profile says about a call.
type verdict struct {
	*question
	decision seccomp.Decision
	builtIn  bool   // the profile is no file
	rule     string // what decided, for people
	looks    []int  // arguments that rules look at and that were not given
	changes  []grant.Change
	// unfiltered is the first kernel that does not ask about the call, 0 where the target
	// asks. Then no change to the profile changes what the call does.
	unfiltered arch.Kernel
}

// answer asks the profile of the flags. It notes the arguments that rules for the call
// look at and that were not given: the answer holds for 0 there, and the text says so. The
// question is put to the policy, whose meaning every filter is proved against, and not to a
// filter: a policy knows which of its rules decided.
func (q *question) answer(cmd *cli.Command) (*verdict, error) {
	p, policy, err := loadFor(cmd, q.target)
	if err != nil {
		return nil, err
	}
	a := &verdict{question: q, decision: policy.Explain(&q.call), builtIn: cmd.String("profile") == dockerName}
	a.rule = decidedBy(policy, a.decision)
	for _, i := range rulesOf(policy, q.abi, q.call.Nr) {
		for _, arg := range policy.Rules[i].Args {
			if arg.Index >= q.args && !slices.Contains(a.looks, arg.Index) {
				a.looks = append(a.looks, arg.Index)
			}
		}
	}
	slices.Sort(a.looks)
	// Changes are not looked for: no profile would have an effect on the call.
	if since, ok := unfiltered.Since(q.abi, q.call.Nr); ok && q.target.Kernel >= since {
		a.unfiltered = since
		return a, nil
	}
	options, err := resolveOptions(cmd, q.target)
	if err != nil {
		return nil, err
	}
	a.changes, err = p.Changes(q.target, q.call, options...)
	return a, err
}

// decidedBy says for people what decided: the place of the rule, or the policy's own
// words.
func decidedBy(p *seccomp.Policy, d seccomp.Decision) string {
	if d.By == seccomp.ByRule {
		return originText(p.Rules[d.Rule].Origin)
	}
	return p.Describe(d)
}

// originText says where a rule comes from. One kind of rule stands in no document:
// resolving adds it, so that new calls fail with ENOSYS as under runc.
func originText(origin seccomp.Origin) string {
	if origin.Reason == seccomp.UnknownCall && origin.Note == "" {
		return "ENOSYS for calls that the profile does not know (--enosys)"
	}
	return origin.String()
}

// rulesOf returns the indices of the rules that name a call, in the order in which they
// are tried; none for an ABI that the policy does not list, whose calls BadArch decides.
func rulesOf(p *seccomp.Policy, abi arch.Arch, nr uint32) []int {
	var list []int
	if !slices.Contains(p.Arches, abi) {
		return nil
	}
	for i := range p.Rules {
		if p.Rules[i].Names(abi, nr) {
			list = append(list, i)
		}
	}
	return list
}

// texts are the call's arguments in words; nil if none was given, so that the line shows
// the call alone.
func (a *verdict) texts() []string {
	if a.args == 0 {
		return nil
	}
	name, _ := a.abi.Name(a.call.Nr)
	return argument.Text(a.abi, name, a.call.Args, nil)
}

// text writes the verdict for people: what happens, what decided, and what would allow
// the call. Changes come with the narrowest first, as package grant orders them; those
// that answer ENOSYS stand under a head of their own, because they do not allow the call.
func (a *verdict) text(w io.Writer) error {
	row := denied{ABI: a.abi, Audit: a.call.Audit, Nr: a.call.Nr, Args: a.texts()}
	var b strings.Builder
	fmt.Fprintf(&b, "%s on %s %s\n", row.call(), row.abi(), inWords(a.abi, a.decision.Action, true))
	fmt.Fprintf(&b, "decided by: %s\n", a.rule)
	if a.unfiltered != 0 {
		fmt.Fprintf(&b, "this does not count: Linux %v and later ask no filter about the call\n", a.unfiltered)
	}
	if len(a.looks) > 0 {
		fmt.Fprintf(&b, "rules look at argument %s, taken for 0\n", series(texts(a.looks), "and"))
	}
	head := ""
	for _, c := range a.changes {
		// The head is written again only when the kind of change differs from the one
		// before.
		next := "to allow it, one of:\n"
		if c.Kind == grant.AnswerENOSYS {
			next = "to have programs go on without it:\n"
		}
		if next != head {
			head = next
			b.WriteString(head)
		}
		fmt.Fprintf(&b, "  %s\n", c.Text)
		if c.JSON != "" && c.Kind != grant.GrantCapability && c.Kind != grant.DropCapability {
			fmt.Fprintf(&b, "    %s: %s\n", c.Place, strings.ReplaceAll(c.JSON, "\n", "\n    "))
		} else {
			fmt.Fprintf(&b, "    %s\n", c.Place)
		}
	}
	if len(a.changes) == 0 && a.unfiltered == 0 && !a.decision.Action.Runs() {
		b.WriteString("no change to the profile is known that would allow it\n")
	}
	// The places name lines of a file that the user does not have.
	if a.builtIn && strings.Contains(b.String(), "docker-default.json:") {
		b.WriteString("docker-default.json is built in: \"sieve convert --to docker docker -o docker-default.json\" writes it\n")
	}
	_, err := io.WriteString(w, b.String())
	return err
}

// json writes the verdict as one object. Names and types of its fields are an interface.
func (a *verdict) json(w io.Writer) error {
	out := struct {
		Call    string        `json:"call,omitempty"`
		Nr      uint32        `json:"nr"`
		Arch    string        `json:"arch"`
		Args    []string      `json:"args,omitempty"`
		Action  string        `json:"action"`
		Value   uint32        `json:"value"`
		Rule    string        `json:"rule"`
		Unknown []int         `json:"unknownArgs,omitempty"`
		Since   string        `json:"unfiltered,omitempty"`
		Changes []*changeJSON `json:"changes"`
	}{
		Nr: a.call.Nr, Arch: a.abi.String(), Args: a.texts(), Action: a.decision.Action.String(), Value: uint32(a.decision.Action),
		Rule: a.rule, Unknown: a.looks, Changes: []*changeJSON{},
	}
	out.Call, _ = a.abi.Name(a.call.Nr)
	if a.unfiltered != 0 {
		out.Since = a.unfiltered.String()
	}
	for i := range a.changes {
		out.Changes = append(out.Changes, newChangeJSON(&a.changes[i]))
	}
	e := json.NewEncoder(w)
	e.SetEscapeHTML(false)
	return e.Encode(out)
}
