// SPDX-License-Identifier: Apache-2.0

//go:build linux && !amd64 && !arm64

package seccomp

const canTrace = false

func callIn([]byte, uint32) (Call, bool) { return Call{}, false }
