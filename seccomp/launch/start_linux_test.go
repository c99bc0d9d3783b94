// SPDX-License-Identifier: Apache-2.0

package launch

import (
	"os"
	"syscall"
	"testing"

	"github.com/stretchr/testify/require"
	"golang.org/x/sys/unix"

	"github.com/gosieve/sieve/internal/test/kerneltest"
	"github.com/gosieve/sieve/internal/test/rig"
	"github.com/gosieve/sieve/seccomp"
)

func self(inside, outside int) []syscall.SysProcIDMap {
	return []syscall.SysProcIDMap{{ContainerID: inside, HostID: outside, Size: 1}}
}

// TestStartError has children that never come to their program.
func TestStartError(t *testing.T) {
	const execve, seccompCall = unix.SYS_EXECVE, unix.SYS_SECCOMP
	tests := map[string]struct {
		root   bool
		filter seccomp.Filter
		name   string
		set    func(*Cmd)
		want   StartError
	}{
		"no such program":   {name: "/nowhere/at/all", want: StartError{Stage: StageExec, What: "/nowhere/at/all", Err: syscall.ENOENT}},
		"not a program":     {name: "/etc/passwd", want: StartError{Stage: StageExec, What: "/etc/passwd", Err: syscall.EACCES}},
		"no such directory": {set: func(c *Cmd) { c.Dir = "/nowhere" }, want: StartError{Stage: StageDir, What: "/nowhere", Err: syscall.ENOENT}},
		"no such root": {root: true, set: func(c *Cmd) { c.SysProcAttr = &syscall.SysProcAttr{Chroot: "/nowhere"} },
			want: StartError{Stage: StageRoot, What: "/nowhere", Err: syscall.ENOENT}},
		"no such id": {root: true, set: func(c *Cmd) {
			c.SysProcAttr = &syscall.SysProcAttr{Credential: &syscall.Credential{Uid: ^uint32(0), NoSetGroups: true}}
		}, want: StartError{Stage: StageCredential, What: "uid 4294967295", Err: syscall.EINVAL}},
		"no such group of processes": {set: func(c *Cmd) { c.SysProcAttr = &syscall.SysProcAttr{Setpgid: true, Pgid: 1} },
			want: StartError{Stage: StageSession, What: "setpgid 1", Err: syscall.EPERM}},
		"no terminal": {set: func(c *Cmd) { c.SysProcAttr = &syscall.SysProcAttr{Setsid: true, Setctty: true} },
			want: StartError{Stage: StageSession, What: "terminal 0", Err: syscall.ENOTTY}},
		"flag that no kernel has": {set: func(c *Cmd) { c.Flags = 1 << 30 },
			want: StartError{Stage: StageFilter, Err: syscall.EINVAL}},
		"map of another's id": {set: func(c *Cmd) {
			c.SysProcAttr = &syscall.SysProcAttr{Cloneflags: unix.CLONE_NEWUSER, UidMappings: []syscall.SysProcIDMap{{Size: 0}}}
		}, want: StartError{Stage: StageNamespace, What: "uid_map", Err: syscall.EINVAL}},
		"execve denied":           {filter: seccomp.Filter{rig.Denying(execve, seccomp.Errno(7))}, want: StartError{Stage: StageExec, What: "/bin/true", Err: syscall.Errno(7)}},
		"execve denied with 4095": {filter: seccomp.Filter{rig.Denying(execve, seccomp.Errno(4095))}, want: StartError{Stage: StageExec, What: "/bin/true"}},
		"execve kills":            {filter: seccomp.Filter{rig.Denying(execve, seccomp.KillProcess)}, want: StartError{Stage: StageExec, What: "/bin/true", Signal: syscall.SIGSYS}},
		"execve kills thread":     {filter: seccomp.Filter{rig.Denying(execve, seccomp.KillThread)}, want: StartError{Stage: StageExec, What: "/bin/true", Signal: syscall.SIGSYS}},
		"execve traps":            {filter: seccomp.Filter{rig.Denying(execve, seccomp.Trap(1))}, want: StartError{Stage: StageExec, What: "/bin/true", Signal: syscall.SIGSYS}},
		"execve is traced":        {filter: seccomp.Filter{rig.Denying(execve, seccomp.Trace(1))}, want: StartError{Stage: StageExec, What: "/bin/true", Err: syscall.ENOSYS}},
		"execve is supervised":    {filter: seccomp.Filter{rig.Denying(execve, seccomp.Notify)}, want: StartError{Stage: StageExec, What: "/bin/true", Err: syscall.ENOSYS}},
		"everything is denied":    {filter: rig.Always(seccomp.Errno(13)), want: StartError{Stage: StageExec, What: "/bin/true", Err: syscall.Errno(13)}},
		"everything kills":        {filter: rig.Always(seccomp.KillProcess), want: StartError{Stage: StageExec, What: "/bin/true", Signal: syscall.SIGSYS}},
		"everything kills thread": {filter: rig.Always(seccomp.KillThread), want: StartError{Stage: StageExec, What: "/bin/true", Signal: syscall.SIGSYS}},
		"everything traps":        {filter: rig.Always(seccomp.Trap(1)), want: StartError{Stage: StageExec, What: "/bin/true", Signal: syscall.SIGSYS}},
		"next program denied": {filter: seccomp.Filter{rig.Unforeseen(seccompCall, seccomp.Errno(9)), rig.Always(seccomp.Allow)[0]},
			want: StartError{Stage: StageFilter, What: "program 2 of 2", Err: syscall.Errno(9)}},
		"next program kills": {filter: seccomp.Filter{rig.Unforeseen(seccompCall, seccomp.KillProcess), rig.Always(seccomp.Allow)[0]},
			want: StartError{Stage: StageFilter, What: "program 2 of 2", Signal: syscall.SIGSYS}},
		"privileged, identity denied": {root: true, filter: seccomp.Filter{rig.Denying(sysSetgid, seccomp.Errno(9))}, set: func(c *Cmd) {
			c.Privileged = true
			c.SysProcAttr = &syscall.SysProcAttr{Credential: &syscall.Credential{Uid: 1, Gid: 1}}
		}, want: StartError{Stage: StageCredential, What: "gid 1", Err: syscall.Errno(9)}},
	}
	if !rig.KernelIs(5, 0) { // an action that it does not know kills
		row := tests["execve is supervised"]
		row.want = tests["execve kills"].want
		tests["execve is supervised"] = row
	}
	if os.Getuid() != 0 && kerneltest.Unfiltered() == nil {
		tests["privileged without privilege"] = tests["no such program"]
		row := tests["privileged without privilege"]
		row.set, row.want = func(c *Cmd) { c.Privileged = true }, StartError{Stage: StageFilter, Err: syscall.EACCES}
		tests["privileged without privilege"] = row
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			suits(t, tt.root, tt.set)
			eachWay(t, func(t *testing.T, prepare func(*Cmd) *Cmd) {
				filter, program := tt.filter, tt.name
				if filter == nil {
					filter = rig.Always(seccomp.Allow)
				}
				if program == "" {
					program = "/bin/true"
				}
				c := prepare(Command(filter, program))
				c.Err = nil // of looking for it
				c.Path = program
				if tt.set != nil {
					tt.set(c)
				}
				requireStartError(t, c.Start(), tt.want)
				require.Nil(t, c.Process)
				rig.RequireNoChildren(t)
			})
		})
	}
	rig.RequireFree(t)
}

// TestStartRefuses has what is refused before there is a child.
func TestStartRefuses(t *testing.T) {
	tests := map[string]struct {
		filter seccomp.Filter
		set    func(*Cmd)
		says   string
	}{
		"no filter":             {filter: seccomp.Filter{}, says: "no programs"},
		"invalid program":       {filter: seccomp.Filter{{{Op: 0x01}}}, says: "program 1 of 1: instruction 0"},
		"stack denies its next": {filter: seccomp.Filter{rig.Always(seccomp.Errno(13))[0], rig.Always(seccomp.Allow)[0]}, says: "program 2 of 2: those before it"},
		"stack asks about next": {filter: seccomp.Filter{rig.Denying(unix.SYS_SECCOMP, seccomp.Notify), rig.Always(seccomp.Allow)[0]}, says: "program 2 of 2: those before it"},
		"listener":              {set: func(c *Cmd) { c.Flags = seccomp.NewListener }, says: "no listener"},
		"ptrace":                {set: attr(syscall.SysProcAttr{Ptrace: true}), says: "Ptrace"},
		"clone flags":           {set: attr(syscall.SysProcAttr{Cloneflags: unix.CLONE_FILES}), says: "Cloneflags: 0x400"},
		"time namespace":        {set: attr(syscall.SysProcAttr{Cloneflags: unix.CLONE_NEWTIME}), says: "Cloneflags: 0x80"},
		"maps":                  {set: attr(syscall.SysProcAttr{UidMappings: self(0, 0)}), says: "without CLONE_NEWUSER"},
		"two terminals":         {set: attr(syscall.SysProcAttr{Setctty: true, Foreground: true}), says: "both Setctty and Foreground"},
		"terminal":              {set: attr(syscall.SysProcAttr{Setctty: true, Ctty: 3}), says: "Ctty: 3"},
		"capability":            {set: attr(syscall.SysProcAttr{AmbientCaps: []uintptr{64}}), says: "AmbientCaps: 64"},
		"NUL in argument":       {set: func(c *Cmd) { c.Args = []string{"a\x00"} }, says: "Args"},
		"NUL in dir":            {set: func(c *Cmd) { c.Dir = "a\x00" }, says: `"a\x00"`},
		"cancel":                {set: func(c *Cmd) { c.Cancel = func() error { return nil } }, says: "CommandContext"},
		"closed file":           {set: func(c *Cmd) { f, _ := os.Open("/"); f.Close(); c.ExtraFiles = []*os.File{f} }, says: "closed"},
		"not found":             {set: func(c *Cmd) { *c = *Command(rig.Always(seccomp.Allow), "no-such-program-anywhere") }, says: "not found"},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			if tt.filter == nil {
				tt.filter = rig.Always(seccomp.Allow)
			}
			c := Command(tt.filter, "/bin/true")
			if tt.set != nil {
				tt.set(c)
			}
			files := rig.Count(t, "fd")
			_, err := c.StdinPipe()
			require.NoError(t, err)
			_, err = c.StdoutPipe()
			require.NoError(t, err)
			require.ErrorContains(t, c.Start(), tt.says)
			require.ErrorContains(t, c.Wait(), "not started")
			requireFiles(t, files)
		})
	}
}

func attr(a syscall.SysProcAttr) func(*Cmd) { return func(c *Cmd) { c.SysProcAttr = &a } }

// requireStartError fails unless an error of Start is the wanted one: its stage, what it
// is about, its signal, and the error that it wraps if one is wanted.
func requireStartError(t *testing.T, err error, want StartError) {
	t.Helper()
	var got *StartError
	require.ErrorAs(t, err, &got)
	require.Equal(t, want.Stage, got.Stage, "%v", err)
	require.Equal(t, want.What, got.What, "%v", err)
	require.Equal(t, want.Signal, got.Signal, "%v", err)
	if want.Err != nil {
		require.ErrorIs(t, err, want.Err)
	}
}
