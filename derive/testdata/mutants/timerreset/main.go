// SPDX-License-Identifier: Apache-2.0

// Timerreset starts a timer's function anew.
package main

import (
	"time"

	"example.com/mutants/rare"
)

type caller interface{ Call() }

type thing struct{}

func (*thing) Call() { rare.Call() }

func main() {
	done := make(chan struct{}, 2)
	var c caller = &thing{}
	t := time.AfterFunc(time.Hour, func() { done <- struct{}{} })
	t.Stop()
	t = time.AfterFunc(time.Hour, c.Call)
	t.Reset(time.Millisecond)
	time.AfterFunc(200*time.Millisecond, func() { done <- struct{}{} })
	<-done
}
