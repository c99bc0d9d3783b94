// SPDX-License-Identifier: Apache-2.0

package seccomp

import (
	"bytes"
	"errors"
	"io"
	"io/fs"
	"os"
	"os/exec"
)

// files are the child's descriptors 0, 1, 2 and so on.
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

// StdinPipe returns the end of a pipe from which the child will read. Wait closes
// it; closing it before tells the child that there is no more.
func (c *Cmd) StdinPipe() (io.WriteCloser, error) {
	if c == nil {
		return nil, errNilCmd
	}
	if c.Stdin != nil {
		return nil, errors.New("seccomp: Stdin already set")
	}
	if c.started {
		return nil, errors.New("seccomp: StdinPipe after Start")
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

func (c *Cmd) outputPipe(name string, to *io.Writer) (io.ReadCloser, error) {
	if *to != nil {
		return nil, errors.New("seccomp: " + name + " already set")
	}
	if c.started {
		return nil, errors.New("seccomp: " + name + "Pipe after Start")
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

// Output runs the child and returns what it writes to its standard output. If it
// fails and Stderr is nil, the beginning of what it wrote there is in the
// *exec.ExitError.
func (c *Cmd) Output() ([]byte, error) {
	if c == nil {
		return nil, errNilCmd
	}
	if c.Stdout != nil {
		return nil, errors.New("seccomp: Stdout already set")
	}
	var out bytes.Buffer
	c.Stdout = &out
	var head *beginning
	if c.Stderr == nil {
		head = &beginning{}
		c.Stderr = head
	}
	err := c.Run()
	if exit, ok := errors.AsType[*exec.ExitError](err); ok && head != nil {
		exit.Stderr = head.b
	}
	return out.Bytes(), err
}

// CombinedOutput runs the child and returns what it writes to its standard output
// and its standard error.
func (c *Cmd) CombinedOutput() ([]byte, error) {
	if c == nil {
		return nil, errNilCmd
	}
	if c.Stdout != nil || c.Stderr != nil {
		return nil, errors.New("seccomp: Stdout or Stderr already set")
	}
	var out bytes.Buffer
	c.Stdout, c.Stderr = &out, &out
	err := c.Run()
	return out.Bytes(), err
}

// beginning keeps the first bytes that are written to it.
type beginning struct{ b []byte }

const maxBeginning = 64 << 10

func (w *beginning) Write(p []byte) (int, error) {
	w.b = append(w.b, p[:min(len(p), maxBeginning-len(w.b))]...)
	return len(p), nil
}
