// SPDX-License-Identifier: Apache-2.0

// Cpuprofile starts a profile: the runtime makes timers.
package main

import (
	"io"
	"runtime/pprof"
)

func main() {
	_ = pprof.StartCPUProfile(io.Discard)
	pprof.StopCPUProfile()
}
