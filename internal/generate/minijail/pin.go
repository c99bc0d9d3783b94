// SPDX-License-Identifier: Apache-2.0

//go:build pin

package main

// The import keeps the module in go.mod; its files are read, not built. The library
// itself requires an older release, which lacks the newest constants.
import _ "golang.org/x/sys/unix"
