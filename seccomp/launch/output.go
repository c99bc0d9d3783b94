// SPDX-License-Identifier: Apache-2.0

package launch

import (
	"bytes"
	"errors"
	"fmt"
	"os/exec"
	"slices"
)

// This file runs a child to its end and returns what it wrote.

// Output runs the child and returns what it writes to its standard output. If it
// fails and Stderr is nil, what it wrote there is in the *exec.ExitError: of more than
// 64 KiB the first half of that and the last, with how much was left out between them.
func (c *Cmd) Output() ([]byte, error) {
	if c == nil {
		return nil, errNilCmd
	}
	if c.Stdout != nil {
		return nil, errors.New("seccomp: Stdout already set")
	}
	var out bytes.Buffer
	c.Stdout = &out
	var head *excerpt
	if c.Stderr == nil {
		head = &excerpt{}
		c.Stderr = head
	}
	err := c.Run()
	var exit *exec.ExitError
	if errors.As(err, &exit) && head != nil {
		exit.Stderr = head.bytes()
	}
	return out.Bytes(), err
}

// CombinedOutput runs the child and returns what it writes to its standard output
// and its standard error.
func (c *Cmd) CombinedOutput() ([]byte, error) {
	if c == nil {
		return nil, errNilCmd
	}
	if c.Stdout != nil {
		return nil, errors.New("seccomp: Stdout already set")
	}
	if c.Stderr != nil {
		return nil, errors.New("seccomp: Stderr already set")
	}
	var out bytes.Buffer
	c.Stdout, c.Stderr = &out, &out
	err := c.Run()
	return out.Bytes(), err
}

// excerpt keeps the first and the last bytes that are written to it.
type excerpt struct {
	first, last []byte
	omitted     int64
}

// maxExcerpt is how many bytes are kept of each.
const maxExcerpt = 32 << 10

// Write takes all of p: an excerpt must not stop the child that writes.
func (w *excerpt) Write(p []byte) (int, error) {
	n := min(len(p), maxExcerpt-len(w.first))
	w.first = append(w.first, p[:n]...)
	w.last = append(w.last, p[n:]...)
	if over := len(w.last) - maxExcerpt; over > 0 {
		w.last = append(w.last[:0], w.last[over:]...)
		w.omitted += int64(over)
	}
	return len(p), nil
}

func (w *excerpt) bytes() []byte {
	if w.omitted == 0 {
		return append(w.first, w.last...)
	}
	return slices.Concat(w.first, fmt.Appendf(nil, "\n... omitting %d bytes ...\n", w.omitted), w.last)
}
