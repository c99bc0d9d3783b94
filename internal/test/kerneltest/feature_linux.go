// SPDX-License-Identifier: Apache-2.0

package kerneltest

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"runtime"
	"sync"
	"syscall"
	"testing"
	"unsafe"

	"golang.org/x/sys/unix"
)

// A Feature is something that not every machine has: the function returns nil, or why this
// machine lacks it. A child finds out, since a filter around the tests may kill whoever
// tries. The answer is kept: each test binary asks once.
type Feature func() error

// The features that tests ask for. Some depend on the user that runs the tests.
var (
	// I386 is calls of i386 from a 64-bit program, through int $0x80. A kernel can be
	// built without them (CONFIG_IA32_EMULATION) or started with ia32_emulation=0.
	I386 Feature = sync.OnceValue(func() error { return ask("i386", nil) })
	// X32 is calls of x32, whose numbers have a bit that those of x86_64 lack.
	X32 Feature = sync.OnceValue(func() error { return ask("x32", nil) })
	// X32Numbers is that a call with such a number returns, be it with ENOSYS. A filter
	// around the tests may kill the caller instead.
	X32Numbers Feature = sync.OnceValue(func() error { return ask("x32 numbers", nil) })
	// Namespaces is a user namespace with all capabilities inside it. Some systems
	// forbid such namespaces to everybody, some to users without privileges.
	Namespaces Feature = sync.OnceValue(func() error {
		one := func(id int) []syscall.SysProcIDMap { return []syscall.SysProcIDMap{{HostID: id, Size: 1}} }
		return ask("namespaces", &syscall.SysProcAttr{
			Cloneflags:  unix.CLONE_NEWUSER | unix.CLONE_NEWPID | unix.CLONE_NEWNS,
			UidMappings: one(os.Getuid()), GidMappings: one(os.Getgid()),
		})
	})
	// Privileges is what root may do outside of containers, without no_new_privs.
	Privileges Feature = sync.OnceValue(func() error {
		if os.Getuid() != 0 {
			return errors.New("the tests do not run as root")
		}
		return ask("privileges", &syscall.SysProcAttr{Cloneflags: unix.CLONE_NEWPID | unix.CLONE_NEWNS | unix.CLONE_NEWUTS})
	})
	// Tracing is ptrace(2) of a child, which Yama can forbid.
	Tracing Feature = sync.OnceValue(func() error { return ask("tracing", nil) })
	// Reading is process_vm_readv(2) of a child's memory, which Yama can forbid as well.
	Reading Feature = sync.OnceValue(func() error { return ask("reading", nil) })
	// Unfiltered says that the tests themselves run under no filter, and without
	// no_new_privs.
	Unfiltered Feature = sync.OnceValue(func() error {
		if mode, err := unix.PrctlRetInt(unix.PR_GET_SECCOMP, 0, 0, 0, 0); err != nil || mode != 0 {
			return fmt.Errorf("the tests run under filters of their own: mode %d (%v)", mode, err)
		}
		return mayGain()
	})
)

// Need skips the test, with the reason, where the machine lacks the feature.
func Need(t testing.TB, f Feature) {
	t.Helper()
	if err := f(); err != nil {
		t.Skip(err)
	}
}

// questions are the functions that children call, by the question's name. An error is the
// reason why the machine lacks the feature.
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
	"x32 numbers": func() error {
		unix.RawSyscall(0x40000000|39, 0, 0, 0) // a filter may answer with a signal
		return nil
	},
	"namespaces": private,
	"privileges": func() error {
		if err := mayGain(); err != nil {
			return err
		}
		return private()
	},
	"tracing": func() error { return withChild(unix.PtraceSeize) },
	"reading": func() error { return withChild(readFrom) },
	"waiting": func() error { // the child of withChild
		fmt.Print("1")
		_, err := io.Copy(io.Discard, os.Stdin)
		return err
	},
}

const questionVariable = "SIEVE_KERNELTEST_QUESTION"

// ask starts a child that answers a question. The child answers in init, so the package
// under test needs no TestMain.
func ask(question string, attr *syscall.SysProcAttr) error {
	var out bytes.Buffer
	ctx, cancel := context.WithTimeout(context.Background(), patience)
	defer cancel()
	cmd := exec.CommandContext(ctx, "/proc/self/exe")
	cmd.Env = append(os.Environ(), questionVariable+"="+question, "GOGC=off")
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
	runtime.LockOSThread()
	err := errors.New("the thread that asked was ended")
	onThread(func() { err = question() })
	if err != nil {
		fmt.Println(err)
		os.Exit(1)
	}
	os.Exit(0)
}

// mayGain says whether executed programs may gain privileges.
func mayGain() error {
	if set, err := unix.PrctlRetInt(unix.PR_GET_NO_NEW_PRIVS, 0, 0, 0, 0); err != nil || set != 0 {
		return fmt.Errorf("no_new_privs is %d (%v)", set, err)
	}
	return nil
}

// private needs capabilities in the namespaces that the process was started in: it mounts
// and makes a further namespace.
func private() error {
	if err := unix.Mount("none", "/", "", unix.MS_REC|unix.MS_PRIVATE, ""); err != nil {
		return fmt.Errorf("mount(2): %w", err)
	}
	if err := unix.Unshare(unix.CLONE_NEWUTS); err != nil {
		return fmt.Errorf("unshare(2): %w", err)
	}
	return nil
}

// withChild calls a function with the process id of a child that waits.
func withChild(do func(pid int) error) error {
	runtime.LockOSThread()
	cmd := exec.Command("/proc/self/exe")
	cmd.Env = append(os.Environ(), questionVariable+"=waiting")
	in, err := cmd.StdinPipe()
	if err != nil {
		return err
	}
	out, err := cmd.StdoutPipe()
	if err != nil {
		return err
	}
	if err := cmd.Start(); err != nil {
		return err
	}
	defer cmd.Wait()
	defer cmd.Process.Kill()
	defer in.Close()
	if _, err := io.ReadFull(out, make([]byte, 1)); err != nil {
		return err
	}
	return do(cmd.Process.Pid)
}

// readFrom reads a string constant in the child's memory. The child runs the same program,
// so the constant has the same address there.
func readFrom(pid int) error {
	const constant = "process_vm_readv"
	b := make([]byte, len(constant))
	local := []unix.Iovec{{Base: &b[0]}}
	local[0].SetLen(len(b))
	remote := []unix.RemoteIovec{{Base: uintptr(unsafe.Pointer(unsafe.StringData(constant))), Len: len(b)}}
	if _, err := unix.ProcessVMReadv(pid, local, remote, 0); err != nil {
		return fmt.Errorf("process_vm_readv(2): %w", err)
	}
	return nil
}
