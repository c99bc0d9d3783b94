// SPDX-License-Identifier: Apache-2.0

//go:build !amd64

package features

import "github.com/gosieve/sieve/arch"

// acceptsForeign cannot tell without a program of the ABI.
func acceptsForeign(arch.Arch) Answer { return Unknown }
