// SPDX-License-Identifier: Apache-2.0

package profile

import (
	"bufio"
	"bytes"
	"errors"
	"fmt"
	"os"
	"strconv"
	"strings"
	"syscall"

	"github.com/gosieve/sieve/arch"
)

// Host is the machine that the program runs on: the ABI that it was built for, the
// running kernel, and the capability bounding set of the process (CapBnd in
// /proc/self/status), as for a launcher that gives its child what it has. To
// resolve as Docker does, set Caps to DockerCaps.
//
// It is the one place of this package that asks the machine. A 32-bit program on a 64-bit
// kernel gets its own ABI.
func Host() (Target, error) {
	var name syscall.Utsname
	if err := syscall.Uname(&name); err != nil {
		return Target{}, fmt.Errorf("%w: kernel version: %w", ErrTarget, err)
	}
	kernel, err := arch.ParseKernel(cString(name.Release[:]))
	if err != nil {
		return Target{}, fmt.Errorf("%w: kernel version: %w", ErrTarget, err)
	}
	status, err := os.ReadFile("/proc/self/status")
	if err != nil {
		return Target{}, fmt.Errorf("%w: capabilities: %w", ErrTarget, err)
	}
	caps, err := boundingSet(status)
	if err != nil {
		return Target{}, fmt.Errorf("%w: capabilities: %w", ErrTarget, err)
	}
	return Target{Arch: arch.Native(), Kernel: kernel, Caps: caps}, nil
}

// cString is a C string, whose characters are signed on some machines.
func cString[T int8 | uint8](s []T) string {
	var b []byte
	for _, c := range s {
		if c == 0 {
			break
		}
		b = append(b, byte(c))
	}
	return string(b)
}

// boundingSet reads the capabilities in CapBnd. One that is newer than
// CAP_CHECKPOINT_RESTORE is left out: no document can name it.
//
// The line is "CapBnd:\t000001ffffffffff", 64 bits in hexadecimal (proc_pid_status(5)).
// An empty set is a list that is not nil.
func boundingSet(status []byte) ([]string, error) {
	lines := bufio.NewScanner(bytes.NewReader(status))
	for lines.Scan() {
		value, ok := strings.CutPrefix(lines.Text(), "CapBnd:")
		if !ok {
			continue
		}
		set, err := strconv.ParseUint(strings.TrimSpace(value), 16, 64)
		if err != nil {
			return nil, err
		}
		caps := []string{}
		for i, name := range capNames {
			if set&(1<<i) != 0 {
				caps = append(caps, name)
			}
		}
		return caps, nil
	}
	return nil, errors.New("no line CapBnd in /proc/self/status")
}
