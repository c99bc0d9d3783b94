// SPDX-License-Identifier: Apache-2.0

package record

import (
	"fmt"

	"github.com/gosieve/sieve/internal/userland"
)

// Runtime is what starts the command under the profile. It makes calls of its own
// between installing the filter and executing the command, which the profile
// must allow.
type Runtime string

// The runtimes. NoRuntime is a launcher that installs the filter as the last thing
// before execve, as package seccomp does.
const (
	NoRuntime Runtime = "none"
	Runc      Runtime = "runc"
	Crun      Runtime = "crun"
)

// ParseRuntime reads "none", "runc" or "crun".
func ParseRuntime(name string) (Runtime, error) {
	switch r := Runtime(name); r {
	case NoRuntime, Runc, Crun:
		return r, nil
	}
	return "", fmt.Errorf("unknown runtime %q, want none, runc or crun", name)
}

// calls are what the runtime needs of its own, as it installs the filter before its last
// steps. Every runtime executes the command under the filter.
func (r Runtime) calls() []string {
	if r == NoRuntime {
		return []string{"execve"}
	}
	return userland.RuntimeCalls(string(r))
}

// comment stands in the document beside the runtime's calls. NoRuntime has none, so that
// its execve joins the calls that were seen.
func (r Runtime) comment() string {
	if r == NoRuntime || r == "" {
		return ""
	}
	return "what " + string(r) + " needs to start a container"
}
