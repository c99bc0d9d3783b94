// SPDX-License-Identifier: Apache-2.0

// Newtimer gives a function to the runtime by a linkname.
package main

import (
	"time"
	"unsafe"

	"example.com/mutants/rare"
)

//go:linkname newTimer time.newTimer
func newTimer(when, period int64, f func(any, uintptr, int64), arg any, cp unsafe.Pointer) *time.Timer

var done = make(chan struct{})

func finish() {
	rare.Call()
	close(done)
}

func main() {
	newTimer(1, 0, func(any, uintptr, int64) { go finish() }, nil, nil)
	<-done
}
