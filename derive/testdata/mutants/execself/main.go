// SPDX-License-Identifier: Apache-2.0

// Execself replaces the process.
package main

import "syscall"

func main() { _ = syscall.Exec("/bin/true", []string{"true"}, nil) }
