// SPDX-License-Identifier: Apache-2.0

package main

import _ "embed"

//go:embed amd64.bpf
var raw []byte
