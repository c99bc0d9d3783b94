// SPDX-License-Identifier: Apache-2.0

//go:build seccomp

package peer

import (
	"bufio"
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"runtime"
	"slices"
	"testing"
	"unsafe"

	"github.com/opencontainers/runc/libcontainer/seccomp"
	"github.com/opencontainers/runtime-spec/specs-go"
	"golang.org/x/net/bpf"
	"golang.org/x/sys/unix"
)

// initEnv names the document that the child gives to runc's InitSeccomp.
const initEnv = "BENCH_INIT_SECCOMP"

func TestMain(m *testing.M) {
	if file := os.Getenv(initEnv); file != "" {
		initSeccomp(file)
	}
	os.Exit(m.Run())
}

// initSeccomp lets runc filter this thread, says which it is, and waits for the
// end of standard input.
func initSeccomp(file string) {
	runtime.LockOSThread()
	config, err := RuncConfig(document(file))
	if err == nil {
		_, err = seccomp.InitSeccomp(config)
	}
	if err != nil {
		fmt.Println(err)
		os.Exit(1)
	}
	fmt.Println(unix.Gettid())
	os.Stdin.Read(make([]byte, 1))
	os.Exit(0)
}

func document(file string) *specs.LinuxSeccomp {
	raw, err := os.ReadFile(file)
	if err != nil {
		panic(err)
	}
	var doc specs.LinuxSeccomp
	if err := json.Unmarshal(raw, &doc); err != nil {
		panic(err)
	}
	return &doc
}

// TestRuncCompile holds the program that is measured as runc's to the one that
// runc's own entry point puts into the kernel.
func TestRuncCompile(t *testing.T) {
	for _, file := range []string{"../testdata/workloads/W1-docker.json", "../testdata/workloads/W3-deny44.json"} {
		compile, err := runc().Prepare(document(file))
		if err != nil {
			t.Fatal(err)
		}
		got, err := compile()
		if err != nil {
			t.Fatal(err)
		}
		if want := loaded(t, file); !slices.Equal(got, want) {
			t.Errorf("%s: %d instructions, the kernel has %d others", file, len(got), len(want))
		}
	}
}

// loaded is the program that the kernel has of a child that runc has filtered.
func loaded(t *testing.T, file string) []bpf.RawInstruction {
	cmd := exec.Command("/proc/self/exe")
	cmd.Env = append(os.Environ(), initEnv+"="+file)
	cmd.Stderr = os.Stderr
	stdin, err := cmd.StdinPipe()
	if err != nil {
		t.Fatal(err)
	}
	out, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	line, _ := bufio.NewReader(out).ReadString('\n')
	var tid int
	if _, err := fmt.Sscan(line, &tid); err != nil {
		t.Fatalf("the child said %q", line)
	}
	program := filterOf(t, tid)
	stdin.Close()
	if err := cmd.Wait(); err != nil {
		t.Fatal(err)
	}
	return program
}

// filterOf reads a thread's newest filter (PTRACE_SECCOMP_GET_FILTER, ptrace(2);
// it needs CAP_SYS_ADMIN).
func filterOf(t *testing.T, tid int) []bpf.RawInstruction {
	const getFilter = 0x420c
	runtime.LockOSThread()
	defer runtime.UnlockOSThread()
	if err := unix.PtraceSeize(tid); err != nil {
		t.Fatal(err)
	}
	if err := unix.PtraceInterrupt(tid); err != nil {
		t.Fatal(err)
	}
	if _, err := unix.Wait4(tid, nil, unix.WALL, nil); err != nil {
		t.Fatal(err)
	}
	program := make([]bpf.RawInstruction, 4096)
	n, _, errno := unix.Syscall6(unix.SYS_PTRACE, getFilter, uintptr(tid), 0, uintptr(unsafe.Pointer(&program[0])), 0, 0)
	if errno != 0 {
		t.Fatalf("PTRACE_SECCOMP_GET_FILTER: %v", errno)
	}
	if err := unix.PtraceDetach(tid); err != nil {
		t.Fatal(err)
	}
	return program[:n]
}
