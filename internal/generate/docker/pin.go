// SPDX-License-Identifier: Apache-2.0

//go:build pin

package main

// The import keeps the module in go.mod; its code is never built.
import _ "github.com/moby/profiles/seccomp"
