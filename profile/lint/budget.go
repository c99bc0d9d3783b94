// SPDX-License-Identifier: Apache-2.0

package lint

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"iter"

	"github.com/gosieve/sieve/internal/resolution"
	"github.com/gosieve/sieve/internal/settings"
	"github.com/gosieve/sieve/internal/wording"
	"github.com/gosieve/sieve/profile"
	"github.com/gosieve/sieve/seccomp"
	"github.com/gosieve/sieve/seccomp/proof"
)

// Within bounds the work of one Lint or Policy, on all of the document. The default is that of
// seccomp.Within, which bounds one proof. What is left when the steps are spent, or the context
// has ended, is not looked at, and a diagnostic says what that is (not-examined).
func Within(ctx context.Context, l seccomp.Limits) profile.Option { return within{ctx, l} }

type within struct {
	context context.Context
	limits  seccomp.Limits
}

// Apply makes the bounds an option of Resolve, which needs none itself.
func (w within) Apply(o *resolution.Options) {
	o.Context, o.Steps, o.Memory = w.context, w.limits.Steps, w.limits.Memory
}

// budget is the work that one document is worth. The questions about it share the steps, so that
// a document with a hundred hard ones takes no longer than one with a single one.
type budget struct {
	context context.Context
	steps   int // in all
	spent   int
	memory  int
	proofs  int // comparisons that were begun
	missed  []missed
}

// missed is a question that was not answered, and about which calls.
type missed struct {
	severity profile.Severity // of what may be there
	what     string
	calls    []string
}

// optionsOf is what options say.
func optionsOf(opts []profile.Option) *resolution.Options {
	o := &resolution.Options{}
	for _, opt := range opts {
		if opt != nil {
			opt.Apply(o)
		}
	}
	return o
}

func newBudget(o *resolution.Options) *budget {
	steps := o.Steps
	if steps <= 0 {
		steps = seccomp.DefaultSteps
	}
	return &budget{context: cmp.Or(o.Context, context.Background()), steps: steps, memory: o.Memory}
}

// spend counts n steps of work, and says whether some are left.
func (b *budget) spend(n int) bool {
	b.spent += n
	return b.left() > 0
}

// left is how many steps are left, none if the context has ended.
func (b *budget) left() int {
	if b.context.Err() != nil {
		return 0
	}
	return max(b.steps-b.spent, 0)
}

// share makes a search of at most that many steps, and counts what it leaves of them. A search
// writes -1 if it has found out nothing.
func (b *budget) share(most int, search func(left *int)) {
	most = min(most, b.left())
	left := most
	search(&left)
	b.spend(most - max(left, 0) + 1)
}

// miss notes that a question was not answered.
func (b *budget) miss(s profile.Severity, what string, calls ...string) {
	for i := range b.missed {
		if m := &b.missed[i]; m.what == what {
			for _, call := range calls {
				m.calls = wording.AppendOnce(m.calls, call)
			}
			return
		}
	}
	b.missed = append(b.missed, missed{s, what, calls})
}

// regions is how many sets of calls of one comparison are looked at.
const regions = 4096

var errRegions = errors.New("too many sets of calls")

// differences is proof.Diff. One comparison takes at most half of the steps that are left: a
// hard one does not hide what easy ones would find. A quarter of all steps is not for
// comparisons, but for questions that take few. Each set costs its reader that many steps.
func (b *budget) differences(x, y proof.Side, each int) iter.Seq2[proof.Difference, error] {
	return func(yield func(proof.Difference, error) bool) {
		left := func() int { return b.left() - b.steps/4 }
		if left() <= 0 {
			yield(proof.Difference{}, proof.ErrUndecided)
			return
		}
		b.proofs++
		n, spent := 0, 0
		defer func() { b.spend(spent) }()
		share := seccomp.Within(b.context, seccomp.Limits{Steps: max(left()/2, 1), Memory: b.memory})
		for d, err := range proof.Diff(x, y, share, func(s *settings.Settings) { s.Spent = &spent }) {
			if n++; err == nil && n > regions {
				err = errRegions
			}
			if b.spend(each); err == nil && left() <= 0 {
				err = proof.ErrUndecided
			}
			if !yield(d, err) || err != nil {
				return
			}
		}
	}
}

// diagnostics say what was not looked at, each question once.
func (b *budget) diagnostics(at profile.Place, strict bool) []profile.Diagnostic {
	var list []profile.Diagnostic
	for _, m := range b.missed {
		d := profile.Diagnostic{Severity: m.severity, Code: "not-examined", Place: at}
		if strict && d.Severity == profile.Warning {
			d.Severity = profile.Failure
		}
		d.Message = "not looked at: " + m.what
		if len(m.calls) > 0 {
			d.Message += " of " + wording.Few(m.calls)
		}
		d.Message += fmt.Sprintf(", which takes more work than one document gets (%d steps)", b.steps)
		list = append(list, d)
	}
	return list
}

// unexamined says what was not looked at, however many diagnostics there are: else silence
// would look as if all were well.
func (l *linter) unexamined() {
	l.diags = append(l.diags, l.work.diagnostics(l.of("defaultAction"), l.Strict)...)
}
