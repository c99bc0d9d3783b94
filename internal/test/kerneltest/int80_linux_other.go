// SPDX-License-Identifier: Apache-2.0

//go:build linux && !amd64

package kerneltest

func int80(uint32, *[6]uint32) uint32 { panic("kerneltest: no int $0x80 on this architecture") }
