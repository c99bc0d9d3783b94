// SPDX-License-Identifier: Apache-2.0

// Execforked starts a process by os.StartProcess, behind a variable.
package main

import "os"

var start = os.StartProcess

func main() { _, _ = start("/bin/true", nil, new(os.ProcAttr)) }
