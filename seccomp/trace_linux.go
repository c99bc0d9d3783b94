// SPDX-License-Identifier: Apache-2.0

package seccomp

func (l *launch) trace(pid int) error {
	return &StartError{Stage: StageTrace, Err: ErrNotSupported}
}
