// SPDX-License-Identifier: Apache-2.0

// Package flat finds what a profile says that depends on its target, for the writers of
// documents that cannot say it (profile.Flatten decides it for a target).
package flat

import (
	"github.com/gosieve/sieve/internal/resolution"
	"github.com/gosieve/sieve/profile"
)

// mostPaths is how many paths Not gives: they are listed in an error, which people read.
const mostPaths = 20

// Not lists what only Flatten decides, as paths: archMap, errnos by name, includes
// and excludes. It is empty for a profile that means the same on every target, and has
// the first 20 paths of any other.
func Not(p *profile.Profile) []string {
	var paths []string
	if len(p.ArchMap) > 0 {
		paths = append(paths, "archMap")
	}
	if p.DefaultErrno != "" {
		paths = append(paths, "defaultErrno")
	}
	for i := range p.Syscalls {
		r := &p.Syscalls[i]
		if says(r.Includes) {
			paths = append(paths, resolution.RulePath(i)+".includes")
		}
		if says(r.Excludes) {
			paths = append(paths, resolution.RulePath(i)+".excludes")
		}
		if r.Errno != "" {
			paths = append(paths, resolution.RulePath(i)+".errno")
		}
		if len(paths) >= mostPaths {
			return paths[:mostPaths]
		}
	}
	return paths
}

// says says whether a filter has a condition.
func says(f *profile.Selector) bool {
	return f != nil && (len(f.Caps) > 0 || len(f.Arches) > 0 || f.MinKernel != nil)
}
