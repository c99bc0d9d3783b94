// SPDX-License-Identifier: Apache-2.0

// Package migrate has what launchers write in place of libseccomp-golang (Container and
// Load), elastic/go-seccomp-bpf (Judge) and gVisor's pkg/seccomp (Server). The tables in
// docs/libseccomp.md go through those packages call by call.
package migrate
