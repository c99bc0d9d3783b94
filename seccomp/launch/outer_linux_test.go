// SPDX-License-Identifier: Apache-2.0

package launch

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"maps"
	"os"
	"os/exec"
	"slices"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"golang.org/x/sys/unix"

	"github.com/gosieve/sieve/arch"
	"github.com/gosieve/sieve/internal/test/kerneltest"
	"github.com/gosieve/sieve/internal/test/rig"
	"github.com/gosieve/sieve/seccomp"
	"github.com/gosieve/sieve/seccomp/notify"
)

// starts are the ways of starting a child, which make different calls.
var starts = map[string]func(c *Cmd){
	"plain":        func(*Cmd) {},
	"apart":        func(c *Cmd) { c.apart = true },
	"listen":       func(c *Cmd) { c.Listen = true },
	"listen apart": func(c *Cmd) { c.Listen, c.apart = true, true },
	"hand over":    func(c *Cmd) { c.Listen, c.HandOver = true, func(*notify.Listener) error { return nil } },
	"listen exec": func(c *Cmd) {
		c.filter, c.Listen, c.HandOver = rig.Asking(unix.SYS_EXECVE), true, func(l *notify.Listener) error { go allowAll(l); return nil }
	},
	"explain":     func(c *Cmd) { explain(c, rig.Only("getppid", seccomp.Log)) },
	"trace":       func(c *Cmd) { explain(c, rig.Only("getppid", seccomp.Log)); c.Trace = true },
	"trace kills": func(c *Cmd) { explain(c, rig.Only("getppid", seccomp.KillProcess)); c.Trace = true },
	"user namespace": func(c *Cmd) {
		c.SysProcAttr = &syscall.SysProcAttr{Cloneflags: unix.CLONE_NEWUSER, UidMappings: self(0, os.Getuid()), GidMappings: self(0, os.Getgid())}
	},
	"identity": func(c *Cmd) {
		id := syscall.Credential{Uid: uint32(os.Getuid()), Gid: uint32(os.Getgid()), NoSetGroups: true}
		if os.Getuid() == 0 { // privileged asks with os/exec, which hangs without close(2)
			id = syscall.Credential{Uid: kerneltest.Nobody, Gid: kerneltest.Nobody, Groups: []uint32{1}}
		}
		c.SysProcAttr = &syscall.SysProcAttr{Credential: &id}
	},
	"extra files": func(c *Cmd) { c.ExtraFiles = []*os.File{nil, os.Stdout}; c.Dir = "/" },
}

func explain(c *Cmd, p *seccomp.Policy) {
	f, err := p.Compile()
	if err != nil {
		panic(err)
	}
	c.filter, c.Supervise = f, p
}

func init() {
	scenes["starts a child in every way"] = func() error {
		for _, name := range slices.Sorted(maps.Keys(starts)) {
			c := Command(rig.Asking(unix.SYS_GETPPID), "/bin/true")
			starts[name](c)
			if !c.Listen && c.Supervise == nil {
				c.filter = rig.Always(seccomp.Allow)
			}
			err := c.Start()
			began := err == nil
			if began {
				err = c.Wait()
			}
			fmt.Printf("%s\t%t\t%t\t%v\n", name, began, errors.Is(err, seccomp.ErrNotSupported), err)
			if c.Listener != nil {
				c.Listener.Close()
			}
		}
		return nil
	}
}

func init() {
	scenes["installs under a filter that answers in the kernel's place"] = func() error {
		err := seccomp.NoNewPrivs()
		if err == nil {
			err = rig.Always(seccomp.Allow).Install(0)
			_, listenErr := notify.Listen(rig.Asking(unix.SYS_GETPPID), 0)
			err = errors.Join(rig.Is("install", err, seccomp.ErrNotSupported), rig.Is("listen", listenErr, seccomp.ErrNotSupported))
			if err == nil {
				err = seccomp.ErrNotSupported
			}
		}
		return rig.Is("the kernel's part", err, seccomp.ErrNotSupported)
	}
}

// TestInstallUnderFaking: nobody is told that a filter is in force which is not.
func TestInstallUnderFaking(t *testing.T) {
	for name, outer := range map[string]seccomp.Filter{
		"seccomp": {rig.Denying(unix.SYS_SECCOMP, seccomp.Errno(0))},
		"prctl":   {rig.Denying(unix.SYS_PRCTL, seccomp.Errno(0))},
		"both":    {rig.Denying(unix.SYS_PRCTL, seccomp.Errno(0)), rig.Denying(unix.SYS_SECCOMP, seccomp.Errno(0))},
	} {
		t.Run(name, func(t *testing.T) {
			kerneltest.Job{Programs: outer, Scene: "installs under a filter that answers in the kernel's place"}.Run(t)
		})
	}
}

func init() {
	scenes["listens under a filter that fakes a listener"] = func() error {
		if err := seccomp.NoNewPrivs(); err != nil {
			return err
		}
		f := rig.Asking(unix.SYS_GETPPID)
		_, listen := notify.Listen(f, 0)
		c := Command(f, "/bin/true")
		c.Listen = true
		start := c.Start()
		return errors.Join(rig.Is("Listen", listen, seccomp.ErrNotSupported), rig.Is("Start", start, seccomp.ErrNotSupported))
	}
}

// TestListenUnderFaking: a filter that fakes success where a listener is asked for
// passes the probe. Its answer 0 must not be taken for a descriptor.
func TestListenUnderFaking(t *testing.T) {
	flag := uint64(seccomp.NewListener)
	fakes := rig.Compiled(t, rig.Only("seccomp", seccomp.Errno(0), seccomp.Arg{Index: 1, Op: seccomp.MaskedEQ, Value: flag, Mask: flag}))
	kerneltest.Job{Programs: fakes, Scene: "listens under a filter that fakes a listener"}.Run(t)
}

// startResult is what became of a start under an outer filter.
type startResult struct{ began, unsupported, text string }

// startsUnder starts children in every way from a launcher under a filter. The launcher
// must end, and so must all that descend from it.
func startsUnder(t *testing.T, outer seccomp.Filter) map[string]startResult {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
	defer cancel()
	// The soft limit below the hard one is what the runtime raises.
	c := exec.CommandContext(ctx, "/bin/sh", "-c", "ulimit -S -n 200; exec /proc/$PPID/exe")
	c.Env, c.Stdin = kerneltest.Job{Programs: outer, Flags: uint32(seccomp.TSync), Scene: "starts a child in every way"}.Process(t)
	c.Cancel = func() error { return c.Process.Signal(syscall.SIGQUIT) } // says where it hangs
	c.WaitDelay = 5 * time.Second
	var out, errs bytes.Buffer
	c.Stdout, c.Stderr = &out, &errs
	r, w, err := os.Pipe()
	require.NoError(t, err)
	defer r.Close()
	c.ExtraFiles = []*os.File{w, w}
	require.NoError(t, c.Start())
	require.NoError(t, w.Close())
	c.Wait() // what counts is that every way says what became of it
	require.NoError(t, ctx.Err(), "hangs after:\n%s%s", out.String(), errs.String())
	require.NoError(t, r.SetReadDeadline(time.Now().Add(30*time.Second)))
	_, err = io.Copy(io.Discard, r)
	require.NoError(t, err, "somebody is left:\n%s%s", out.String(), errs.String())
	list := map[string]startResult{}
	for line := range strings.Lines(out.String()) {
		if f := strings.SplitN(strings.TrimSpace(line), "\t", 4); len(f) == 4 {
			list[f[0]] = startResult{f[1], f[2], f[3]}
		}
	}
	require.Len(t, list, len(starts), "%s%s", out.String(), errs.String())
	return list
}

// outerCalls are calls that a launcher, its helper or its child makes. Without
// epoll_create1 and epoll_ctl the Go runtime itself ends the program.
var outerCalls = []string{
	"kill", "tgkill", "ptrace", "prctl", "seccomp", "wait4", "waitid", "pidfd_open", "pidfd_send_signal", "pidfd_getfd",
	"clone3", "close_range", "fcntl", "setrlimit", "prlimit64", "socketpair", "sendmsg", "recvmsg", "shutdown", "ppoll", "poll", "dup3",
	"close", "uname", "readlinkat", "ioctl", "getppid", "chdir", "munmap",
	"setuid", "setgid", "setgroups", "geteuid", "getegid", "getgroups", "sched_yield", "process_vm_readv",
}

// TestStartUnderDenial: whatever single call a launcher is denied, a start ends: it
// works, or says what went wrong.
func TestStartUnderDenial(t *testing.T) {
	for _, name := range outerCalls {
		t.Run(name, func(t *testing.T) {
			nr, ok := arch.Native().Number(name)
			if !ok {
				t.Skip("no such call on this ABI")
			}
			as := unix.EPERM
			if name == "clone3" { // glibc's threads fail with EPERM
				as = unix.ENOSYS
			}
			list := startsUnder(t, seccomp.Filter{rig.Denying(nr, seccomp.Errno(uint16(as)))})
			for way, o := range list {
				t.Logf("%s: %+v", way, o)
			}
		})
	}
}

// TestStartUnderFaking has filters that answer with success, and nothing is done.
func TestStartUnderFaking(t *testing.T) {
	for name, refused := range map[string]string{
		"seccomp": "all", "prctl": "all", "setuid": "identity", "setgid": "identity", "setgroups": "identity",
		"kill": "", "ptrace": "", "dup3": "", "sendmsg": "", "recvmsg": "",
	} {
		if refused == "identity" && !rig.Privileged() {
			continue // whose changes of identity change nothing
		}
		t.Run(name, func(t *testing.T) {
			nr, ok := arch.Native().Number(name)
			if !ok {
				t.Skip("no such call on this ABI")
			}
			for way, o := range startsUnder(t, seccomp.Filter{rig.Denying(nr, seccomp.Errno(0))}) {
				t.Logf("%s: %+v", way, o)
				if refused == "all" || refused == way {
					assert.Equal(t, "false", o.began, "%s: %s", way, o.text)
				}
			}
		})
	}
}
