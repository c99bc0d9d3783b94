// SPDX-License-Identifier: Apache-2.0

package lint

import (
	"github.com/gosieve/sieve/arch"
)

// named are all names in the document, those of rules for other targets included.
//
// A rule that waits for a capability names a call on purpose, so its author knew the
// call.
func (l *linter) named() map[string]bool {
	set := map[string]bool{}
	for i := range l.p.Syscalls {
		for _, name := range l.p.Syscalls[i].Names {
			set[name] = true
		}
	}
	return set
}

// age is the newest call of an ABI that the document names, with the first kernel
// that has it; no name if no version is known.
//
// It stands for the time at which the document was written: a document that names a call
// of Linux 5.9 was written with 5.9 in view, and calls that came later are unknown to it.
func (l *linter) age(a int) (newest string, age arch.Kernel) {
	abi := l.arches[a]
	for i := range l.p.Syscalls {
		for _, name := range l.p.Syscalls[i].Names {
			if nr, ok := abi.Number(name); ok {
				if since := abi.Since(nr); newest == "" || since > age {
					newest, age = name, since
				}
			}
		}
	}
	return newest, age
}
