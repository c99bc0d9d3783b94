// SPDX-License-Identifier: Apache-2.0

// Package inc calls C.
package inc

// #include <unistd.h>
import "C"

// Call calls C.
func Call() { C.getpid() }
