// SPDX-License-Identifier: Apache-2.0

package kerneltest

import (
	"bytes"
	"context"
	"encoding/binary"
	"encoding/json"
	"errors"
	"io"
	"os"
	"os/exec"
	"syscall"
	"testing"
	"time"

	"github.com/gosieve/sieve/bpf"
)

// Call is a system call that the child makes.
type Call struct {
	Nr   uint32    // its number; on x86_64 with 0x40000000 one of x32
	Args [6]uint64 // its arguments: no addresses, which would be the launcher's
	I386 bool      // made through int $0x80, which only amd64 has
}

// Result is what a call returned.
type Result struct {
	Value uint64
	Errno syscall.Errno // 0 means success
}

// Job is what a child does, and how it must end.
type Job struct {
	Programs []bpf.Program // the filter; none means no filter
	Flags    uint32        // for its installation
	Scene    string        // what the child does before the calls, see Main
	Calls    []Call        // in order
	Nobody   bool          // as user and group 65534, without privileges

	// WantSignal is the signal that a call must end the child with.
	WantSignal syscall.Signal `json:"-"`
	// WantThreadEnd means that a call must end the child's thread, and nothing else.
	WantThreadEnd bool `json:"-"`
}

// Nobody is the user and group without privileges.
const Nobody = 65534

// environment is the variable that makes a process of the test binary a child.
const environment = "SIEVE_KERNELTEST_CHILD=1"

// patience is how long a child may take. It needs milliseconds; a loaded machine, an
// emulator or the race detector can make seconds of them. A child that hangs is killed,
// and the test that started it fails.
const patience = 5 * time.Minute

// done is the last report of a child: "done" in ASCII, with an errno that no call returns.
var done = report{Value: 0x656e6f64, Errno: ^uint64(0)}

// report is a Result on the pipe, in the machine's byte order.
type report struct{ Value, Errno uint64 }

// Process is the environment and the standard input that make a process of the test binary
// do the job, for tests that start the process themselves. The process writes its reports
// to descriptor 3.
func (j Job) Process(t testing.TB) (env []string, stdin io.Reader) {
	t.Helper()
	input, err := json.Marshal(j)
	if err != nil {
		t.Fatal(err)
	}
	return append(os.Environ(), environment, "GOGC=off", "GORACE=atexit_sleep_ms=0"), bytes.NewReader(input)
}

// Run starts a child that does the job, and returns the results of the calls, up to the
// call that ended the child if the job says that one must. Anything else is fatal.
func (j Job) Run(t testing.TB) []Result {
	t.Helper()
	r, w, err := os.Pipe()
	if err != nil {
		t.Fatal(err)
	}
	defer r.Close()
	var output bytes.Buffer
	ctx, cancel := context.WithTimeout(t.Context(), patience)
	defer cancel()
	cmd := exec.CommandContext(ctx, "/proc/self/exe")
	cmd.Env, cmd.Stdin = j.Process(t)
	cmd.Stdout, cmd.Stderr = &output, &output
	cmd.ExtraFiles = []*os.File{w}
	if j.Nobody && os.Getuid() == 0 {
		cmd.SysProcAttr = &syscall.SysProcAttr{Credential: &syscall.Credential{Uid: Nobody, Gid: Nobody}}
	}
	err = cmd.Start()
	w.Close()
	if err != nil {
		t.Fatal(err)
	}
	results, ended := read(r)
	err = cmd.Wait()
	j.judge(t, cmd.ProcessState, len(results), ended, output.String(), err)
	return results
}

// judge fails the test unless the child ended as the job says it must.
func (j Job) judge(t testing.TB, state *os.ProcessState, results int, ended bool, output string, err error) {
	t.Helper()
	status, _ := state.Sys().(syscall.WaitStatus)
	switch {
	case j.WantSignal != 0:
		if ended || !status.Signaled() || status.Signal() != j.WantSignal {
			t.Fatalf("the child ended with %v after %d of %d calls, want signal %v\n%s", state, results, len(j.Calls), j.WantSignal, output)
		}
	case j.WantThreadEnd:
		if ended || status.ExitStatus() != exitThreadEnded {
			t.Fatalf("the child ended with %v after %d of %d calls, want its thread ended\n%s", state, results, len(j.Calls), output)
		}
	case err != nil || !ended || results != len(j.Calls):
		t.Fatalf("the child ended with %v after %d of %d calls, done: %v\n%s", state, results, len(j.Calls), ended, output)
	}
}

// read reads reports until "done" or the end of the pipe, which the child's end closes.
// Ended is whether the child said "done".
func read(r io.Reader) (results []Result, ended bool) {
	for {
		var one report
		if err := binary.Read(r, binary.NativeEndian, &one); err != nil {
			if !errors.Is(err, io.EOF) {
				return nil, false
			}
			return results, false
		}
		if one == done {
			return results, true
		}
		results = append(results, Result{one.Value, syscall.Errno(one.Errno)})
	}
}
