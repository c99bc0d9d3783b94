// SPDX-License-Identifier: Apache-2.0

// Walk makes the call in the callback of filepath.WalkDir.
package main

import (
	"io/fs"
	"path/filepath"

	"example.com/mutants/rare"
)

func main() {
	_ = filepath.WalkDir("/proc/self/fd", func(string, fs.DirEntry, error) error { rare.Call(); return fs.SkipAll })
}
