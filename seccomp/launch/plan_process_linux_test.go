// SPDX-License-Identifier: Apache-2.0

package launch

import (
	"bufio"
	"bytes"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"syscall"
	"testing"

	"github.com/stretchr/testify/require"
	"golang.org/x/sys/unix"

	"github.com/gosieve/sieve/internal/test/kerneltest"
	"github.com/gosieve/sieve/internal/test/rig"
	"github.com/gosieve/sieve/seccomp"
)

// modes runs a test for each way to make a child: in the launcher's memory, with
// a copy of it, and with a helper that fetches a listener.
func modes(t *testing.T, test func(t *testing.T, prepare func(*Cmd) *Cmd)) {
	eachWay(t, test)
	if tooOld(t) {
		return
	}
	t.Run("explained", func(t *testing.T) {
		test(t, func(c *Cmd) *Cmd {
			p := rig.Only("getppid", seccomp.Errno(7))
			c.filter, c.Supervise = rig.Compiled(t, p), p
			return c
		})
	})
}

// TestChroot runs a program below another root.
func TestChroot(t *testing.T) {
	root := t.TempDir()
	require.NoError(t, os.Chmod(root, 0o755))
	require.NoError(t, os.WriteFile(filepath.Join(root, "marker"), []byte("inside"), 0o644))
	libraries := output(t, "ldd", "/bin/cat")
	for _, field := range append(strings.Fields(libraries), "/bin/cat") {
		if !strings.HasPrefix(field, "/") {
			continue
		}
		b, err := os.ReadFile(field)
		require.NoError(t, err)
		require.NoError(t, os.MkdirAll(filepath.Join(root, filepath.Dir(field)), 0o755))
		require.NoError(t, os.WriteFile(filepath.Join(root, field), b, 0o755))
	}
	modes(t, func(t *testing.T, prepare func(*Cmd) *Cmd) {
		c := prepare(Command(rig.Always(seccomp.Allow), "/bin/cat", "marker", "/marker"))
		c.Dir = "/"
		c.SysProcAttr = &syscall.SysProcAttr{Chroot: root}
		if !rig.Privileged() {
			kerneltest.Need(t, kerneltest.Namespaces)
			c.SysProcAttr.Cloneflags = unix.CLONE_NEWUSER
			c.SysProcAttr.UidMappings = self(0, os.Getuid())
		}
		out, err := c.CombinedOutput()
		require.NoError(t, err, "%s", out)
		require.Equal(t, "insideinside", string(out))
	})
}

// TestPidFD has a descriptor of the child, and none if there is no child.
func TestPidFD(t *testing.T) {
	modes(t, func(t *testing.T, prepare func(*Cmd) *Cmd) {
		files := rig.Count(t, "fd")
		fd := 77
		c := prepare(Command(rig.Always(seccomp.Allow), "/bin/cat"))
		in, err := c.StdinPipe()
		require.NoError(t, err)
		c.SysProcAttr = &syscall.SysProcAttr{PidFD: &fd}
		require.NoError(t, c.Start())
		if !rig.KernelIs(5, 3) { // pidfd_open(2)
			require.Equal(t, -1, fd)
			in.Close()
			require.NoError(t, c.Wait())
			return
		}
		require.NoError(t, unix.PidfdSendSignal(fd, 0, nil, 0))
		info, err := os.ReadFile(fmt.Sprintf("/proc/self/fdinfo/%d", fd))
		require.NoError(t, err)
		require.Contains(t, string(info), fmt.Sprintf("\nPid:\t%d\n", c.Process.Pid))
		flags, err := unix.FcntlInt(uintptr(fd), unix.F_GETFD, 0)
		require.NoError(t, err)
		require.Equal(t, unix.FD_CLOEXEC, flags)
		in.Close()
		require.NoError(t, c.Wait())
		require.NoError(t, unix.Close(fd))
		for name, set := range map[string]func(c *Cmd){
			"before the filter": func(c *Cmd) { c.Dir = "/nowhere" },
			"at exec":           func(c *Cmd) { c.Path = "/nowhere" },
			"not at all":        func(c *Cmd) { c.Args = []string{"\x00"} },
			"refused":           func(c *Cmd) { c.SysProcAttr.Ptrace = true },
		} {
			fd = 77
			c := prepare(Command(rig.Always(seccomp.Allow), "/bin/true"))
			c.SysProcAttr = &syscall.SysProcAttr{PidFD: &fd}
			set(c)
			require.Error(t, c.Start(), name)
			require.Equal(t, -1, fd, name)
		}
		requireFiles(t, files)
	})
}

// TestCgroup starts a child in a control group. Only version 2 has them in one
// hierarchy, and only the privileged make new ones.
func TestCgroup(t *testing.T) {
	group := ""
	mounts, err := os.Open("/proc/self/mountinfo")
	require.NoError(t, err)
	defer mounts.Close()
	for lines := bufio.NewScanner(mounts); lines.Scan(); {
		if fields := strings.Fields(lines.Text()); slices.Contains(fields, "cgroup2") {
			group = filepath.Join(fields[4], fmt.Sprintf("sieve-test-%d", os.Getpid()))
		}
	}
	if group == "" || os.Mkdir(group, 0o755) != nil {
		c := Command(rig.Always(seccomp.Allow), "/bin/true")
		null, err := os.Open("/")
		require.NoError(t, err)
		defer null.Close()
		c.SysProcAttr = &syscall.SysProcAttr{UseCgroupFD: true, CgroupFD: int(null.Fd())}
		require.Equal(t, &StartError{Stage: StageCgroup, Err: syscall.ENOENT}, c.Start())
		t.Log("no control group can be made here")
		return
	}
	defer func() { require.NoError(t, os.Remove(group)) }()
	dir, err := os.Open(group)
	require.NoError(t, err)
	defer dir.Close()
	modes(t, func(t *testing.T, prepare func(*Cmd) *Cmd) {
		files := rig.Count(t, "fd")
		c := prepare(Command(rig.Always(seccomp.Allow), "/bin/sh", "-c", "grep ^0: /proc/self/cgroup"))
		c.SysProcAttr = &syscall.SysProcAttr{UseCgroupFD: true, CgroupFD: int(dir.Fd())}
		out, err := c.CombinedOutput()
		require.NoError(t, err, "%s", out)
		require.Contains(t, string(out), "/"+filepath.Base(group)+"\n")
		requireFiles(t, files)
	})
}

// terminal is a new terminal: the end of its user, and that of its programs.
func terminal(t *testing.T) (user, program *os.File) {
	user, err := os.OpenFile("/dev/ptmx", os.O_RDWR|unix.O_NOCTTY, 0)
	require.NoError(t, err)
	t.Cleanup(func() { user.Close() })
	require.NoError(t, unix.IoctlSetPointerInt(int(user.Fd()), unix.TIOCSPTLCK, 0))
	n, err := unix.IoctlGetInt(int(user.Fd()), unix.TIOCGPTN)
	require.NoError(t, err)
	program, err = os.OpenFile(fmt.Sprintf("/dev/pts/%d", n), os.O_RDWR|unix.O_NOCTTY, 0)
	require.NoError(t, err)
	t.Cleanup(func() { program.Close() })
	return user, program
}

// TestSetctty gives a child a terminal of its own.
func TestSetctty(t *testing.T) {
	modes(t, func(t *testing.T, prepare func(*Cmd) *Cmd) {
		user, program := terminal(t)
		c := prepare(Command(rig.Always(seccomp.Allow), "/bin/sh", "-c", "echo in the foreground >/dev/tty; echo $(cut -d' ' -f5,8 /proc/self/stat)"))
		c.ExtraFiles = []*os.File{program}
		c.SysProcAttr = &syscall.SysProcAttr{Setsid: true, Setctty: true, Ctty: 3}
		var out bytes.Buffer
		c.Stdout, c.Stderr = &out, &out
		require.NoError(t, c.Run(), "%s", out.String())
		require.Equal(t, fmt.Sprintf("%[1]d %[1]d\n", c.Process.Pid), out.String())
		program.Close()
		line, err := bufio.NewReader(user).ReadString('\n')
		require.NoError(t, err)
		require.Equal(t, "in the foreground\r\n", line)
	})
}

// TestForeground runs itself in a session with a terminal, where a child comes to
// the foreground, and one leaves the terminal.
func TestForeground(t *testing.T) {
	const inner = "SIEVE_TEST_FOREGROUND=1"
	if !slices.Contains(os.Environ(), inner) {
		_, program := terminal(t)
		c := exec.Command("/proc/self/exe", "-test.run=^TestForeground$", "-test.v")
		c.Env = append(os.Environ(), inner)
		c.ExtraFiles = []*os.File{program}
		c.SysProcAttr = &syscall.SysProcAttr{Setsid: true, Setctty: true, Ctty: 3}
		out, err := c.CombinedOutput()
		require.NoError(t, err, "%s", out)
		require.Contains(t, string(out), "--- PASS: TestForeground")
		return
	}
	// Group, session, terminal and the terminal's foreground group.
	const script = "cut -d' ' -f5,6,7,8 /proc/$$/stat"
	run := func(c *Cmd, a *syscall.SysProcAttr) (group, session, terminal, foreground int) {
		c.SysProcAttr = a
		out, err := c.Output()
		require.NoError(t, err)
		_, err = fmt.Sscan(string(out), &group, &session, &terminal, &foreground)
		require.NoError(t, err, "%s", out)
		return
	}
	modes(t, func(t *testing.T, prepare func(*Cmd) *Cmd) {
		c := prepare(Command(rig.Always(seccomp.Allow), "/bin/sh", "-c", script))
		group, session, terminal, foreground := run(c, &syscall.SysProcAttr{Foreground: true, Ctty: 3})
		require.Equal(t, c.Process.Pid, group)
		require.Equal(t, c.Process.Pid, foreground)
		require.Equal(t, os.Getpid(), session)
		require.NotZero(t, terminal)
	})
	c := Command(rig.Always(seccomp.Allow), "/bin/sh", "-c", "true; "+script)
	c.Stdin = os.NewFile(3, "terminal")
	_, _, tty, _ := run(c, &syscall.SysProcAttr{Noctty: true})
	require.Zero(t, tty)
}
