// SPDX-License-Identifier: Apache-2.0

package main

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"time"
)

// A derivation is what "sieve derive --format json" writes, and what it cost.
type derivation struct {
	Functions int
	Go        string
	Calls     []struct{ Name, Origin string }
	Unknown   []struct{ Kind, Message, Function, File string }
	Children  []struct{ Function string }

	status     int
	complaints string
	cost       cost
}

// cost is of one process and those that it waited for.
type cost struct {
	processor time.Duration
	memory    int64 // bytes of the largest process
}

// derive runs the command. Flags come before the package.
func (b *bench) derive(ctx context.Context, dir, pkg, goarch string, flags ...string) (*derivation, error) {
	d := &derivation{}
	text, err := b.deriveCommand(ctx, d, dir, append([]string{"--arch", goarch, "--format", "json"}, append(flags, pkg)...))
	if err != nil {
		return nil, err
	}
	if len(text) == 0 { // nothing could be derived: the complaint says why
		return d, nil
	}
	if err := json.Unmarshal(text, d); err != nil {
		return nil, fmt.Errorf("sieve derive %s: %w\n%s", pkg, err, tail(text, 1000))
	}
	return d, nil
}

// deriveCommand gives standard output. Statuses other than 0 and 2 are errors, and a panic,
// which ends with 2 as well.
func (b *bench) deriveCommand(ctx context.Context, d *derivation, dir string, args []string) ([]byte, error) {
	cmd := exec.CommandContext(ctx, b.sieve, append([]string{"derive"}, args...)...)
	cmd.Dir, cmd.Env, cmd.WaitDelay = dir, b.environment(dir, ""), time.Second
	var out, complaints bytes.Buffer
	cmd.Stdout, cmd.Stderr = &out, &complaints
	err := cmd.Run()
	var exit *exec.ExitError
	if err != nil && !errors.As(err, &exit) {
		return nil, err
	}
	d.status, d.complaints = cmd.ProcessState.ExitCode(), complaints.String()
	if d.status != 0 && d.status != 2 || strings.Contains(d.complaints, "\ngoroutine ") {
		return nil, fmt.Errorf("%v: %w\n%s", cmd.Args, err, tail(complaints.Bytes(), 3000))
	}
	d.cost.processor = cmd.ProcessState.UserTime() + cmd.ProcessState.SystemTime()
	if usage, ok := cmd.ProcessState.SysUsage().(*syscall.Rusage); ok {
		d.cost.memory = usage.Maxrss * 1024
	}
	return out.Bytes(), nil
}

// calls are the names of what the profile allows.
func (d *derivation) calls() map[string]bool {
	set := map[string]bool{}
	for _, c := range d.Calls {
		set[c.Name] = true
	}
	return set
}

// profile writes the profile of a program, with which other calls end the process, and gives
// its path.
func (b *bench) profile(ctx context.Context, p program, goarch string, flags ...string) (string, error) {
	file := filepath.Join(b.dir, "profile.json")
	args := append([]string{"--arch", goarch, "--denied", "SCMP_ACT_KILL_PROCESS", "-o", file}, flags...)
	if p.children {
		args = append(args, "--allow-exec", "docker")
	}
	d := &derivation{}
	_, err := b.deriveCommand(ctx, d, filepath.Join(b.root, p.dir), append(args, p.pkg))
	if err == nil && d.status != 0 && !p.executes && p.open == "" {
		err = fmt.Errorf("sieve derive: status %d\n%s", d.status, d.complaints)
	}
	return file, err
}
