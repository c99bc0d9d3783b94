// SPDX-License-Identifier: Apache-2.0

package main

import _ "embed"

//go:embed arm64.bpf
var raw []byte
