// SPDX-License-Identifier: Apache-2.0

package main

import _ "embed"

//go:embed s390x.bpf
var raw []byte
