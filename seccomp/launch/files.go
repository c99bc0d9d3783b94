// SPDX-License-Identifier: Apache-2.0

package launch

import (
	"io"
	"os"
)

// This file makes the child's descriptors 0, 1, 2 and so on of the fields of Cmd, before
// the child is made.

// files are the child's descriptors 0, 1, 2 and so on. If Stdout and Stderr are the same
// writer, the child gets one descriptor for both, as with os/exec: two goroutines must not
// write to it at the same time.
func (c *Cmd) files() ([]*os.File, error) {
	stdin, err := c.input()
	if err != nil {
		return nil, err
	}
	stdout, err := c.output(c.Stdout)
	if err != nil {
		return nil, err
	}
	stderr := stdout
	if c.Stderr == nil || !same(c.Stderr, c.Stdout) {
		if stderr, err = c.output(c.Stderr); err != nil {
			return nil, err
		}
	}
	return append([]*os.File{stdin, stdout, stderr}, c.ExtraFiles...), nil
}

// input is the child's descriptor 0. A reader that is no file is copied into a pipe by the
// launcher, which Wait waits for.
func (c *Cmd) input() (*os.File, error) {
	if c.Stdin == nil {
		return c.null(os.O_RDONLY)
	}
	if f, ok := c.Stdin.(*os.File); ok {
		return f, nil
	}
	r, w, err := os.Pipe()
	if err != nil {
		return nil, err
	}
	c.childFiles = append(c.childFiles, r)
	c.parentFiles = append(c.parentFiles, w)
	c.copies = append(c.copies, &copying{from: c.Stdin, to: w, close: w, input: true, done: make(chan struct{})})
	return r, nil
}

// output is the child's end of where it writes to.
func (c *Cmd) output(to io.Writer) (*os.File, error) {
	if to == nil {
		return c.null(os.O_WRONLY)
	}
	if f, ok := to.(*os.File); ok {
		return f, nil
	}
	r, w, err := os.Pipe()
	if err != nil {
		return nil, err
	}
	c.childFiles = append(c.childFiles, w)
	c.parentFiles = append(c.parentFiles, r)
	c.copies = append(c.copies, &copying{from: r, to: to, close: r, done: make(chan struct{})})
	return w, nil
}

// null is /dev/null, for a stream that the caller has left nil.
func (c *Cmd) null(flag int) (*os.File, error) {
	f, err := os.OpenFile(os.DevNull, flag, 0)
	if err == nil {
		c.childFiles = append(c.childFiles, f)
	}
	return f, err
}

// same says whether two writers are one, which values that cannot be compared
// are not.
func same(a, b io.Writer) (equal bool) {
	defer func() { _ = recover() }()
	return a == b
}

// copying is input or output on its way between launcher and child.
type copying struct {
	from  io.Reader
	to    io.Writer
	close io.Closer // the pipe's end
	input bool
	err   error
	done  chan struct{} // closed at the end, with err set
}

// run copies until the end of the input, or until one side is closed.
func (c *copying) run() {
	defer close(c.done)
	_, err := io.Copy(c.to, c.from)
	c.close.Close()
	if c.input && isBrokenPipe(err) {
		err = nil // the child need not read all
	}
	c.err = err
}

func closeAll(list []io.Closer) {
	for _, c := range list {
		c.Close()
	}
}
