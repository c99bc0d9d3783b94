// SPDX-License-Identifier: Apache-2.0

package launch

import (
	"errors"
	"io"
	"io/fs"
	"os"
	"sync/atomic"
)

// This file has the pipes that a launcher asks for before Start.

// StdinPipe returns the end of a pipe from which the child will read. Wait closes
// it; closing it before tells the child that there is no more.
func (c *Cmd) StdinPipe() (io.WriteCloser, error) {
	if c == nil {
		return nil, errNilCmd
	}
	if c.Stdin != nil {
		return nil, errors.New("seccomp: Stdin already set")
	}
	if atomic.LoadInt32(&c.started) != 0 {
		return nil, errors.New("seccomp: StdinPipe after process started")
	}
	r, w, err := os.Pipe()
	if err != nil {
		return nil, err
	}
	c.Stdin = r
	c.childFiles = append(c.childFiles, r)
	c.parentFiles = append(c.parentFiles, w)
	return &pipeEnd{File: w}, nil
}

// pipeEnd makes a second Close no error.
type pipeEnd struct{ *os.File }

func (p *pipeEnd) Close() error {
	if err := p.File.Close(); !errors.Is(err, fs.ErrClosed) {
		return err
	}
	return nil
}

// StdoutPipe returns the end of a pipe into which the child will write. Wait
// closes it, so all must be read before Wait.
func (c *Cmd) StdoutPipe() (io.ReadCloser, error) {
	if c == nil {
		return nil, errNilCmd
	}
	return c.outputPipe("Stdout", &c.Stdout)
}

// StderrPipe is StdoutPipe for the child's standard error.
func (c *Cmd) StderrPipe() (io.ReadCloser, error) {
	if c == nil {
		return nil, errNilCmd
	}
	return c.outputPipe("Stderr", &c.Stderr)
}

// outputPipe makes a pipe of which the child gets the end for writing. name is for the errors,
// which are those of os/exec.
func (c *Cmd) outputPipe(name string, to *io.Writer) (io.ReadCloser, error) {
	if *to != nil {
		return nil, errors.New("seccomp: " + name + " already set")
	}
	if atomic.LoadInt32(&c.started) != 0 {
		return nil, errors.New("seccomp: " + name + "Pipe after process started")
	}
	r, w, err := os.Pipe()
	if err != nil {
		return nil, err
	}
	*to = w
	c.childFiles = append(c.childFiles, w)
	c.parentFiles = append(c.parentFiles, r)
	return r, nil
}
