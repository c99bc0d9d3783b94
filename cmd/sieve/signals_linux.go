// SPDX-License-Identifier: Apache-2.0

package main

import (
	"encoding/binary"
	"os"
	ossignal "os/signal"
	"reflect"
	"strconv"
	"strings"
	"sync"
	"syscall"

	"github.com/gosieve/sieve/internal/elf"
)

// maxSignal is the last real-time signal (_NSIG, asm-generic/signal.h; MIPS has
// more, which are left alone).
const maxSignal = 64

// unhandled says whether a signal is one that sieve cannot or must not touch. SIGKILL and
// SIGSTOP cannot be caught. SIGCHLD tells of sieve's own children, and the Go runtime preempts
// goroutines with SIGURG. Faults, SIGTRAP, SIGSYS and SIGPROF are the runtime's as well. C
// libraries use 32 to 34.
func unhandled(s syscall.Signal) bool {
	switch s {
	case syscall.SIGKILL, syscall.SIGSTOP, syscall.SIGCHLD, syscall.SIGURG,
		syscall.SIGSEGV, syscall.SIGBUS, syscall.SIGFPE, syscall.SIGILL,
		syscall.SIGTRAP, syscall.SIGSYS, syscall.SIGPROF, 32, 33, 34:
		return true
	}
	return false
}

// ignored are the signals that sieve was started with as ignored: by nohup(1), a shell
// that puts a job into the background or has an empty trap, or systemd (IgnoreSIGPIPE=).
// A program that is started by sieve ignores them too, as it would without sieve.
//
// The Go runtime keeps SIGHUP, SIGINT and the signals of job control ignored, which
// /proc shows. Of the others it has installed its own handlers by now, and what was
// there before stands in a variable of the runtime. Where that cannot be read SIGQUIT
// goes with SIGINT: a shell ignores both for a job in the background.
var ignored = sync.OnceValue(func() map[syscall.Signal]bool {
	text, _ := os.ReadFile("/proc/self/status")
	now := statusMask(text, "SigIgn:")
	before, known := ignoredBefore()
	set := map[syscall.Signal]bool{}
	for s := syscall.Signal(1); s <= maxSignal; s++ {
		if !unhandled(s) && (now>>(s-1)&1 != 0 || before[s] || ossignal.Ignored(s)) {
			set[s] = true
		}
	}
	if !known && set[syscall.SIGINT] {
		set[syscall.SIGQUIT] = true
	}
	return set
})

// statusMask is a set of signals in /proc/PID/status (proc_pid_status(5)): bit 0 is signal 1.
// MIPS writes 128 bits; only the last 64, signals 1 to 64, are read.
func statusMask(text []byte, field string) uint64 {
	_, rest, _ := strings.Cut(string(text), "\n"+field)
	value, _, _ := strings.Cut(rest, "\n")
	value = strings.TrimSpace(value)
	mask, _ := strconv.ParseUint(value[max(0, len(value)-16):], 16, 64)
	return mask
}

// ignoredBefore reads which handlers the runtime has replaced: runtime.fwdSig, an address
// for each signal, where 1 is SIG_IGN. The variable is no interface of Go, so its
// contents are checked: a program has no handlers of its own when it starts, and every
// value must be 0 or 1. known is false for a program without a symbol table (go build
// -ldflags=-s), or if the check fails.
func ignoredBefore() (set map[syscall.Signal]bool, known bool) {
	const word = strconv.IntSize / 8
	b := make([]byte, (maxSignal+1)*word)
	if !readVariable("runtime.fwdSig", b) {
		return nil, false
	}
	set = map[syscall.Signal]bool{}
	for s := range syscall.Signal(maxSignal + 1) {
		var value uint64
		if b := b[s*word:]; word == 8 {
			value = binary.NativeEndian.Uint64(b)
		} else {
			value = uint64(binary.NativeEndian.Uint32(b))
		}
		if value > 1 {
			return nil, false // a program has no handlers of its own when it starts
		}
		set[s] = value == 1
	}
	return set, true
}

// readVariable reads the memory of a variable of this program, if the symbol table has it
// and it is at least as large as b. A position-independent program is loaded at an
// address that its file does not say; the address of a known function tells by how much
// it was moved.
func readVariable(name string, b []byte) bool {
	program, err := os.Open("/proc/self/exe")
	if err != nil {
		return false
	}
	defer program.Close()
	f, err := elf.New(program)
	if err != nil {
		return false
	}
	const anchor = "os.Getpid" // a function whose address is known
	symbols, err := f.Symbols(name, anchor)
	if err != nil {
		return false
	}
	variable, known := symbols[name], symbols[anchor]
	memory, err := os.Open("/proc/self/mem")
	if err != nil || variable.Size < uint64(len(b)) || known.Value == 0 {
		return false
	}
	defer memory.Close()
	moved := uint64(reflect.ValueOf(os.Getpid).Pointer()) - known.Value // of a position-independent program
	_, err = memory.ReadAt(b, int64(variable.Value+moved))
	return err == nil
}
