// SPDX-License-Identifier: Apache-2.0

package launch

import (
	"fmt"
	"runtime"

	"github.com/gosieve/sieve/seccomp"
	"github.com/gosieve/sieve/seccomp/launch/internal/supervise"
)

// trace makes the launcher the child's tracer, where the child waits for that.
func (l *launch) trace(pid int) error {
	if !supervise.CanTrace {
		return &StartError{Stage: StageTrace, Err: fmt.Errorf("%w: on %s, want amd64 or arm64", seccomp.ErrNotSupported, runtime.GOARCH)}
	}
	there, err := l.awaitChild()
	if err == nil && !there {
		return nil // the child has ended: its report says why
	}
	if err == nil {
		err = l.cmd.supervisor.Trace(pid)
	}
	if err == nil {
		err = l.releaseChild()
	}
	if err != nil {
		return &StartError{Stage: StageTrace, Err: err}
	}
	return nil
}
