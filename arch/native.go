// SPDX-License-Identifier: Apache-2.0

package arch

import "runtime"

// Native is the ABI that this program was built for, whatever its GOOS, and 0
// where the kernel has none that Arch knows (wasm, for instance).
func Native() Arch {
	for a := X86_64; a <= last; a++ {
		if abis[a].goarch == runtime.GOARCH {
			return a
		}
	}
	return 0
}
