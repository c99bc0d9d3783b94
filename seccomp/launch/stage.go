// SPDX-License-Identifier: Apache-2.0

package launch

import (
	"fmt"
	"os"
)

// This file names the stages of a start, and the error that says at which one it failed.

// Stage is a part of the way from the launcher to the child's program.
type Stage string

// The stages. Where a child passes through most of them, and in which order,
// stands at Cmd.Start.
const (
	StageFork        Stage = "fork"         // the child is made
	StageCgroup      Stage = "cgroup"       // it joins SysProcAttr.CgroupFD
	StageNamespace   Stage = "namespace"    // Unshareflags, the user namespace's maps
	StageSession     Stage = "session"      // session, process group, controlling terminal
	StageSignals     Stage = "signals"      // the launcher's handlers are removed
	StageTrace       Stage = "trace"        // the launcher becomes its tracer
	StageRoot        Stage = "chroot"       // Chroot
	StageCredential  Stage = "credential"   // groups, gid, uid, ambient capabilities
	StageDir         Stage = "chdir"        // Dir
	StageDeathSignal Stage = "death signal" // Pdeathsig
	StageFiles       Stage = "files"        // the child's descriptors get their numbers
	StageNoNewPrivs  Stage = "no_new_privs" // unless Privileged
	StageFilter      Stage = "filter"       // the programs are installed
	StageListener    Stage = "hand over"    // HandOver
	StageExec        Stage = "exec"         // the child's program is executed
)

// StartError says where a child ended that never came to its program. The child
// is gone, and nothing of it is left to wait for.
type StartError struct {
	Stage  Stage
	What   string    // what the stage works on: a path, a number, a program of the filter; may be empty
	Err    error     // a syscall.Errno, perhaps wrapped; nil if a signal ended the child
	Signal os.Signal // the signal that did, SIGSYS where a filter killed it; nil otherwise
}

// Error is the stage, what it works on, and why: "seccomp: start: chdir /srv: no such file or
// directory".
func (e *StartError) Error() string {
	if e == nil {
		return "<nil>"
	}
	place := string(e.Stage)
	if e.What != "" {
		place += " " + e.What
	}
	if e.Signal != nil {
		return fmt.Sprintf("seccomp: start: %s: the child was killed: %v", place, e.Signal)
	}
	return fmt.Sprintf("seccomp: start: %s: %v", place, e.Err)
}

// Unwrap makes errors.Is find the errno.
func (e *StartError) Unwrap() error {
	if e == nil {
		return nil
	}
	return e.Err
}
