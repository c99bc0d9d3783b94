// SPDX-License-Identifier: Apache-2.0

//go:build !amd64 && !arm64 && !s390x

package main

var raw []byte
