// SPDX-License-Identifier: Apache-2.0

package launch

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"os/exec"
	"slices"
	"sync/atomic"
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
