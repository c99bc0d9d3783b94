// SPDX-License-Identifier: Apache-2.0

//go:build linux && cgo && seccomp

// Initseccomp reads a list of rules as a runtime gets it, hands it to runc's
// InitSeccomp, and prints how long that took. It ends under the filter.
package main

import (
	"encoding/json"
	"fmt"
	"os"
	"runtime"
	"time"

	"github.com/opencontainers/runc/libcontainer/seccomp"
	"github.com/opencontainers/runc/libcontainer/specconv"
	"github.com/opencontainers/runtime-spec/specs-go"
	"golang.org/x/sys/unix"
)

func main() {
	took, err := load()
	if err != nil {
		fmt.Fprintln(os.Stderr, "initseccomp:", err)
		os.Exit(1)
	}
	fmt.Println(took)
}

func load() (time.Duration, error) {
	var rules specs.LinuxSeccomp
	if err := json.NewDecoder(os.Stdin).Decode(&rules); err != nil {
		return 0, err
	}
	config, err := specconv.SetupSeccomp(&rules)
	if err != nil {
		return 0, err
	}
	runtime.LockOSThread() // runc filters the calling thread
	if err := unix.Prctl(unix.PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0); err != nil {
		return 0, err
	}
	began := time.Now()
	_, err = seccomp.InitSeccomp(config)
	return time.Since(began), err
}
