// SPDX-License-Identifier: Apache-2.0

package main

import (
	"bufio"
	"bytes"
	"strings"
)

// lines splits what is written into lines.
type lines struct {
	emit func(string)
	rest []byte
}

// Write emits each line when its end comes, and what is longer than a scanner's line in pieces: a task
// that never ends a line cannot fill the memory. What stands after the last end is kept.
func (l *lines) Write(b []byte) (int, error) {
	l.rest = append(l.rest, b...)
	for {
		i := bytes.IndexByte(l.rest, '\n')
		if i < 0 && len(l.rest) < bufio.MaxScanTokenSize {
			return len(b), nil
		}
		if i < 0 {
			i = len(l.rest) - 1
		}
		l.emit(strings.TrimSuffix(string(l.rest[:i+1]), "\n"))
		l.rest = l.rest[i+1:]
	}
}
