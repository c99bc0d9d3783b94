// SPDX-License-Identifier: Apache-2.0

package main

import (
	"bytes"
	"fmt"
	"testing"

	"github.com/stretchr/testify/assert"
)

// TestProgress: a message takes the line's place instead of standing behind it.
func TestProgress(t *testing.T) {
	var b bytes.Buffer
	p := newProgress(&b)
	p.screen.terminal, p.next = true, p.next.Add(-2*progressEvery)
	p.show(func() string { return "3 calls" })
	fmt.Fprintln(p, "waiting")
	p.clear()
	assert.Equal(t, "\r\x1b[K3 calls\r\x1b[Kwaiting\n", b.String())
}
