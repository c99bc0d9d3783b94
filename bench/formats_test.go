// SPDX-License-Identifier: Apache-2.0

//go:build seccomp

package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"runtime"
	"slices"
	"strings"
	"testing"
	"time"

	moby "github.com/moby/profiles/seccomp"
	"github.com/opencontainers/runc/libcontainer/configs"
	runc "github.com/opencontainers/runc/libcontainer/seccomp"
	"github.com/opencontainers/runtime-spec/specs-go"
	podman "go.podman.io/common/pkg/seccomp"

	"github.com/gosieve/sieve/bench/peer"
	"github.com/gosieve/sieve/internal/test/formats"
	"github.com/gosieve/sieve/seccomp"
)

// TestFormats holds the tools to what internal/test/formats says of them: moby's loader and
// that of containers/common, each before runc with libseccomp. What they refuse is
// refused, what makes them panic does, and of the rest the call gets what is said.
func TestFormats(t *testing.T) {
	for _, row := range formats.Rows() {
		for _, tool := range []struct {
			name   string
			load   func(string) (*specs.LinuxSeccomp, error)
			column formats.Column
		}{
			{"docker", func(doc string) (*specs.LinuxSeccomp, error) { return moby.LoadProfile(doc, specWith(dockerCaps)) }, row.Docker},
			{"podman", func(doc string) (*specs.LinuxSeccomp, error) { return podman.LoadProfile(doc, specWith(dockerCaps)) }, row.Podman},
		} {
			t.Run(row.String()+": "+tool.name, func(t *testing.T) {
				got := outcome(tool.load, &row)
				want := tool.column.Does
				if got.Panics != want.Panics || (got.Refused == "") != (want.Refused == "") || got.Action != want.Action {
					t.Errorf("%s\nthe tool: %+v\nthe table: %+v, %s", row.Doc, got, want, tool.column.Tool)
				}
			})
		}
	}
}

// outcome is what a tool makes of a row's document, with what it says if it refuses.
func outcome(load func(string) (*specs.LinuxSeccomp, error), row *formats.Row) formats.Outcome {
	oci, panicked, err := loaded(load, row.Doc)
	if panicked {
		return formats.Outcome{Panics: true}
	}
	if err != nil {
		return formats.Outcome{Refused: err.Error()}
	}
	if oci == nil {
		return formats.Outcome{Action: seccomp.Allow} // no filter at all
	}
	if notifies(oci) {
		if err := initSeccomp(oci); err != nil {
			return formats.Outcome{Refused: err.Error()}
		}
	}
	f, err := runcProgram(oci)
	if err != nil {
		return formats.Outcome{Refused: err.Error()}
	}
	return formats.Outcome{Action: f.Run(&row.Call)}
}

// loaded is what a loader gives, or that it panics.
func loaded(load func(string) (*specs.LinuxSeccomp, error), doc string) (oci *specs.LinuxSeccomp, panicked bool, err error) {
	defer func() { panicked = recover() != nil }()
	oci, err = load(doc)
	return oci, false, err
}

// notifies says whether a document asks a supervisor: what runc checks for that before
// it makes a filter is not among the steps of peer.
func notifies(doc *specs.LinuxSeccomp) bool {
	return doc.DefaultAction == specs.ActNotify || slices.ContainsFunc(doc.Syscalls, func(r specs.LinuxSyscall) bool { return r.Action == specs.ActNotify })
}

const initEnv = "BENCH_FORMATS_DOCUMENT"

// initSeccomp is what runc's own entry point says of a document, in a child, which is
// killed if it has no reason to refuse and waits for a supervisor.
func initSeccomp(doc *specs.LinuxSeccomp) error {
	text, err := json.Marshal(doc)
	if err != nil {
		return err
	}
	ctx, cancel := context.WithTimeout(context.Background(), 20*time.Second)
	defer cancel()
	cmd := exec.CommandContext(ctx, "/proc/self/exe", "-test.run=^TestFormatsChild$")
	cmd.Env = append(os.Environ(), initEnv+"="+string(text))
	out, err := cmd.Output()
	if said, ok := strings.CutPrefix(string(out), "refused: "); ok && err == nil {
		return errors.New(said)
	}
	if err != nil {
		panic(fmt.Sprintf("the child did not come to an answer: %v %s", err, out))
	}
	return nil
}

// TestFormatsChild is the child of initSeccomp; without a document it has nothing to do.
func TestFormatsChild(*testing.T) {
	text := os.Getenv(initEnv)
	if text == "" {
		return
	}
	runtime.LockOSThread()
	var doc specs.LinuxSeccomp
	err := json.Unmarshal([]byte(text), &doc)
	if err == nil {
		var config *configs.Seccomp
		if config, err = peer.RuncConfig(&doc); err == nil {
			_, err = runc.InitSeccomp(config)
		}
	}
	if err != nil {
		fmt.Print("refused: ", err)
	}
	os.Exit(0)
}
