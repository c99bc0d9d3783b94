// SPDX-License-Identifier: Apache-2.0

package kerneltest

import (
	"errors"
	"os"
	"runtime"
	"testing"
	"time"

	"golang.org/x/sys/unix"

	"github.com/gosieve/sieve/bpf"
)

func TestMain(m *testing.M) {
	if isChild() {
		wander()
	}
	Main(m, func([]bpf.Program, uint32) error { return errors.New("no filter is wanted here") },
		map[string]func() error{"threads": noneIsFirst})
}

// wander gives the runtime every occasion to have the caller's goroutine go on on
// another thread, as a busy machine does.
func wander() {
	for range 20 {
		moved := make(chan struct{})
		go func() {
			sleep := unix.NsecToTimespec(int64(time.Millisecond))
			unix.Nanosleep(&sleep, nil)
			close(moved)
		}()
		<-moved
		runtime.Gosched()
	}
}

// noneIsFirst has goroutines lock more threads than there are.
func noneIsFirst() error {
	const many = 50
	first, over := make(chan bool), make(chan struct{})
	defer close(over)
	for range many {
		go func() {
			runtime.LockOSThread()
			first <- unix.Gettid() == os.Getpid()
			<-over
		}()
	}
	for range many {
		if <-first {
			return errors.New("a goroutine of the scene is on the process's first thread, which does not end with it")
		}
	}
	return nil
}

// TestThreads: threads that scenes lock end with their goroutines, and so does the
// use of a filter there.
func TestThreads(t *testing.T) {
	for range 10 {
		Job{Scene: "threads"}.Run(t)
	}
}
