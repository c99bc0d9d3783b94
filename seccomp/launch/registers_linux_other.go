// SPDX-License-Identifier: Apache-2.0

//go:build linux && !amd64 && !arm64

package launch

import "github.com/gosieve/sieve/seccomp"

const canTrace = false

func callIn([]byte, uint32) (seccomp.Call, bool) { return seccomp.Call{}, false }
