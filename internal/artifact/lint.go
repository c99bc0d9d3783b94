// SPDX-License-Identifier: Apache-2.0

package artifact

import (
	"cmp"
	"slices"

	"github.com/gosieve/sieve/profile"
)

// refused are diagnostics of any document for which an artifact is refused, though a node
// takes its own files with them: keys that the OCI format does not have, names of calls that
// no table knows, rules without a name, errno 4095, which libseccomp refuses, a number for an
// action that carries none, which crun refuses, and rules for one call of which one hides
// another with another answer.
var refused = []profile.Code{"errno-4095", "no-names", "shadowed-rule", "unknown-key", "unknown-syscall", "unused-errno"}

// Lint makes the findings about a document those about an artifact: what is refused becomes
// an error, and the rules for artifacts are added. A rule that is hidden by one with the same
// answer stays what it is, as nothing depends on it.
//
// Of a document that stands for too many rules only what reading it said is wanted.
func Lint(p *profile.Profile, lint func() []profile.Diagnostic) []profile.Diagnostic {
	own := Check(p, Default())
	list := slices.Clone(p.Warnings)
	if !TooMany(own) {
		list = slices.Clone(lint())
	}
	for i := range list {
		d := &list[i]
		if slices.Contains(refused, d.Code) && (d.Code != "shadowed-rule" || d.Severity > profile.Info) {
			d.Severity = profile.Failure
		}
	}
	list = append(list, own...)
	slices.SortStableFunc(list, func(a, b profile.Diagnostic) int {
		return cmp.Or(cmp.Compare(a.Place.Line, b.Place.Line), cmp.Compare(a.Place.Column, b.Place.Column))
	})
	return list
}
