// SPDX-License-Identifier: Apache-2.0

package main

import (
	"errors"
	"io/fs"
	"os"
	"strings"
)

// sysctls are settings of the kernel that bear on filters and their supervisors, as
// sysctl(8) has them. sieve features shows them.
var sysctls = []string{
	"net.core.bpf_jit_enable", "net.core.bpf_jit_harden",
	"kernel.seccomp.actions_avail", "kernel.seccomp.actions_logged",
	"kernel.yama.ptrace_scope", "user.max_user_namespaces",
}

// readSysctl is a setting's value. The error says why it could not be read: it is not
// there, or for root alone.
func readSysctl(name string) (string, error) {
	b, err := os.ReadFile("/proc/sys/" + strings.ReplaceAll(name, ".", "/"))
	if cause := (*fs.PathError)(nil); errors.As(err, &cause) {
		err = cause.Err // the name says the path
	}
	return strings.TrimSpace(string(b)), err
}
