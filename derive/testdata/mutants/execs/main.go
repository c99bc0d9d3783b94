// SPDX-License-Identifier: Apache-2.0

// Execs starts a program: the child runs under the filter too.
package main

import "os/exec"

func main() { _ = exec.Command("/bin/true").Run() }
