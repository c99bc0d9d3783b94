// SPDX-License-Identifier: Apache-2.0

package lint

import (
	"github.com/gosieve/sieve/arch"
)

// named are all names in the document, those of rules for other targets included.
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
