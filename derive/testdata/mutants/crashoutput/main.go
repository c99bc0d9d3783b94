// SPDX-License-Identifier: Apache-2.0

// Crashoutput has the runtime copy a descriptor for the text of a crash.
package main

import (
	"os"
	"runtime/debug"
)

func main() { _ = debug.SetCrashOutput(os.Stderr, debug.CrashOptions{}) }
