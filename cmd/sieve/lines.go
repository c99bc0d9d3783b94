// SPDX-License-Identifier: Apache-2.0

package main

import (
	"bufio"
	"bytes"
	"strings"
)

// lines is a Writer that splits what is written into lines, so that the output of several
// tasks is mixed by lines and not within them. It is written to by one goroutine.
type lines struct {
	emit func(string)
	rest []byte
}

// Write emits each line when its end comes. What is longer than a scanner's line (64 KiB)
// is emitted in pieces: a task that never ends a line cannot fill the memory. What
// follows the last line end is kept for the next Write. The error is always nil, as one
// would end the task's output.
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
