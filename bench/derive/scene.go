// SPDX-License-Identifier: Apache-2.0

package main

import (
	"bufio"
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"sync"
	"syscall"
	"time"
)

// A scene is a program in a folder of its own, where a load runs it in one way.
type scene struct {
	ctx     context.Context
	program string // its path
	native  string // the same for this machine's architecture, if the program is not
	dir     string // empty at first
	way     way
	runs    int
}

// A running is a program that a load has started.
type running struct {
	scene  *scene
	cmd    *exec.Cmd
	lines  chan string // standard output and error
	mu     sync.Mutex
	output bytes.Buffer
	read   chan struct{}
}

// start starts the program. All that it says is kept for errors.
func (s *scene) start(args ...string) (*running, error) {
	s.runs++
	cmd := s.way.command(s.program, filepath.Join(s.dir, fmt.Sprintf("seen.%d", s.runs)), args)
	cmd.Dir = s.dir
	if cmd.Env == nil {
		cmd.Env = os.Environ()
	}
	cmd.Env = append(cmd.Env, "HOME="+s.dir, "XDG_CONFIG_HOME="+s.dir, "XDG_DATA_HOME="+s.dir, "GOTRACEBACK=single")
	// Whatever the load leaves behind dies with it.
	cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true}
	from, to := io.Pipe()
	cmd.Stdout, cmd.Stderr = to, to
	cmd.WaitDelay = 5 * time.Second
	if err := cmd.Start(); err != nil {
		return nil, err
	}
	r := &running{scene: s, cmd: cmd, lines: make(chan string, 1000), read: make(chan struct{})}
	stop := context.AfterFunc(s.ctx, func() { _ = syscall.Kill(-cmd.Process.Pid, syscall.SIGKILL) })
	go func() {
		defer close(r.read)
		defer close(r.lines)
		defer stop()
		scanner := bufio.NewScanner(from)
		scanner.Buffer(nil, 1<<20)
		for scanner.Scan() {
			r.mu.Lock()
			fmt.Fprintln(&r.output, scanner.Text())
			r.mu.Unlock()
			select {
			case r.lines <- scanner.Text():
			default: // nobody waits for a word any more
			}
		}
		_, _ = io.Copy(io.Discard, from)
	}()
	return r, nil
}

// wait waits for the end, which must be a good one. A program that ends by a signal of ours
// has stopped as it should.
func (r *running) wait(by ...syscall.Signal) error {
	err := r.cmd.Wait()
	_ = r.cmd.Stdout.(*io.PipeWriter).Close()
	<-r.read
	_ = syscall.Kill(-r.cmd.Process.Pid, syscall.SIGKILL)
	var exit *exec.ExitError
	if errors.As(err, &exit) && len(by) > 0 {
		status, _ := exit.Sys().(syscall.WaitStatus)
		if status.Signaled() && status.Signal() == by[0] || status.ExitStatus() == 128+int(by[0]) {
			err = nil
		}
	}
	if err = errors.Join(err, r.scene.ctx.Err()); err != nil {
		r.mu.Lock()
		defer r.mu.Unlock()
		return fmt.Errorf("%v: %w\n%s", r.cmd.Args, err, tail(r.output.Bytes(), 3000))
	}
	return nil
}

func tail(text []byte, n int) []byte { return text[max(0, len(text)-n):] }

// run starts the program and waits for its end.
func (s *scene) run(args ...string) error {
	r, err := s.start(args...)
	if err != nil {
		return err
	}
	return r.wait()
}

// word waits for a line for which find gives a word.
func (r *running) word(find func(line string) string) (string, error) {
	for line := range r.lines {
		if word := find(line); word != "" {
			return word, nil
		}
	}
	return "", errors.Join(errors.New("the program ended before it said what was waited for"), r.wait())
}

// terminate sends SIGTERM to the program itself, not to what watches it.
func (r *running) terminate() error {
	processes, err := filepath.Glob("/proc/[0-9]*")
	if err != nil {
		return err
	}
	for _, process := range processes {
		exe, err := os.Readlink(process + "/exe")
		pid, _ := strconv.Atoi(filepath.Base(process))
		if err == nil && (exe == r.scene.program || pid == r.cmd.Process.Pid && r.scene.way.name == emulating.name) {
			return syscall.Kill(pid, syscall.SIGTERM)
		}
	}
	return errors.New("the program is gone")
}
