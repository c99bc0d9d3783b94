// SPDX-License-Identifier: Apache-2.0

package kerneltest

import (
	"bytes"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"runtime"
	"sync"
	"syscall"
	"testing"

	"golang.org/x/sys/unix"
)

// A Feature is something that not every machine has. It is asked for by a child,
// which may die of the question, once for each test binary. The error is the reason
// why this machine lacks it.
type Feature func() error

// What machines differ in, for the user that runs the tests.
var (
	// I386 is calls of i386 from a 64-bit program, through int $0x80. Kernels are built
	// without them or started with ia32_emulation=0.
	I386 Feature = sync.OnceValue(func() error { return ask("i386", nil) })
	// X32 is calls of x32, whose numbers have a bit that those of x86_64 lack.
	X32 Feature = sync.OnceValue(func() error { return ask("x32", nil) })
	// Namespaces is a user namespace with capabilities in it, which some systems
	// forbid to all and some to those without privileges.
	Namespaces Feature = sync.OnceValue(func() error {
		one := func(id int) []syscall.SysProcIDMap { return []syscall.SysProcIDMap{{HostID: id, Size: 1}} }
		return ask("namespaces", &syscall.SysProcAttr{
			Cloneflags:  unix.CLONE_NEWUSER | unix.CLONE_NEWPID | unix.CLONE_NEWNS,
			UidMappings: one(os.Getuid()), GidMappings: one(os.Getgid()),
		})
	})
	// Privileges is what root may do outside of containers.
	Privileges Feature = sync.OnceValue(func() error {
		if os.Getuid() != 0 {
			return errors.New("the tests do not run as root")
		}
		return ask("privileges", &syscall.SysProcAttr{Cloneflags: unix.CLONE_NEWPID | unix.CLONE_NEWNS | unix.CLONE_NEWUTS})
	})
	// Tracing is ptrace(2) of a child, which Yama can forbid.
	Tracing Feature = sync.OnceValue(func() error { return ask("tracing", nil) })
)

// Need skips the test, with the reason, where the machine lacks the feature.
func Need(t testing.TB, f Feature) {
	t.Helper()
	if err := f(); err != nil {
		t.Skip(err)
	}
}

// questions are what children ask. The error of one that fails is what is lacking.
var questions = map[string]func() error{
	"i386": func() error {
		if runtime.GOARCH != "amd64" {
			return fmt.Errorf("int $0x80 is amd64's, this is %s", runtime.GOARCH)
		}
		if got := int80(20, &[6]uint32{}); got != uint32(os.Getpid()) { // __NR_getpid, asm/unistd_32.h
			return fmt.Errorf("getpid of i386 returned %#x", got)
		}
		return nil
	},
	"x32": func() error {
		if runtime.GOARCH != "amd64" {
			return fmt.Errorf("x32 is amd64's, this is %s", runtime.GOARCH)
		}
		got, _, errno := unix.RawSyscall(0x40000000|39, 0, 0, 0) // __X32_SYSCALL_BIT, getpid
		if int(got) != os.Getpid() {
			return fmt.Errorf("getpid of x32 returned %#x: %w", got, errno)
		}
		return nil
	},
	"namespaces": private,
	"privileges": private,
	"tracing":    seize,
}

const questionVariable = "SIEVE_KERNELTEST_QUESTION"

// ask has a child answer a question. It needs no TestMain of the package's.
func ask(question string, attr *syscall.SysProcAttr) error {
	var out bytes.Buffer
	cmd := exec.Command("/proc/self/exe")
	cmd.Env = append(os.Environ(), questionVariable+"="+question)
	cmd.Stdout, cmd.Stderr, cmd.SysProcAttr = &out, &out, attr
	if err := cmd.Run(); err != nil {
		said, _, _ := bytes.Cut(bytes.TrimSpace(out.Bytes()), []byte("\n"))
		return fmt.Errorf("no %s on this machine: %w: %s", question, err, said)
	}
	return nil
}

func init() {
	question, ok := questions[os.Getenv(questionVariable)]
	if !ok {
		return
	}
	if err := question(); err != nil {
		fmt.Println(err)
		os.Exit(1)
	}
	os.Exit(0)
}

// private is for who has capabilities in a mount namespace of its own.
func private() error { return unix.Mount("none", "/", "", unix.MS_REC|unix.MS_PRIVATE, "") }

// seize traces a child of its own.
func seize() error {
	runtime.LockOSThread()
	cmd := exec.Command("/proc/self/exe")
	cmd.Env = []string{questionVariable + "="}
	cmd.Args = []string{"kerneltest", "-test.run=^$"}
	in, err := cmd.StdinPipe()
	if err != nil {
		return err
	}
	if err := cmd.Start(); err != nil {
		return err
	}
	defer cmd.Wait()
	defer cmd.Process.Kill()
	defer in.Close()
	if err := unix.PtraceSeize(cmd.Process.Pid); err != nil {
		return fmt.Errorf("ptrace(2): %w", err)
	}
	return nil
}
