// SPDX-License-Identifier: Apache-2.0

//go:build linux && !amd64 && !arm64

package supervise

import "github.com/gosieve/sieve/seccomp"

// CanTrace says whether Trace finds the calls of a stopped process on this machine.
const CanTrace = false

func callIn([]byte, uint32) (seccomp.Call, bool) { return seccomp.Call{}, false }
