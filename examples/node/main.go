// SPDX-License-Identifier: Apache-2.0

// Node does what a container runtime does with a profile that it pulled from a registry: it
// makes the profile that goes beyond neither the pulled one nor the node's own, and writes it
// for runc.
//
//	go run ./examples/node node.json pulled.json > effective.json
//
// The node's profile may be in any dialect. What the node takes away from the pulled
// one is said on standard error. A runtime that takes profiles which only tighten calls
// Check in the place of Intersect.
package main

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"os"

	"github.com/gosieve/sieve/arch"
	"github.com/gosieve/sieve/profile"
	"github.com/gosieve/sieve/profile/baseline"
	"github.com/gosieve/sieve/profile/dialect"
	"github.com/gosieve/sieve/seccomp/proof"
)

func main() {
	if len(os.Args) != 3 {
		fmt.Fprintln(os.Stderr, "usage: node NODE PULLED")
		os.Exit(2)
	}
	// A runtime has the machine's kernel (profile.Host) and the container's capabilities.
	target := profile.Target{Arch: arch.X86_64, Kernel: arch.Newest, Caps: profile.DockerCaps()}
	if err := effective(os.Stdout, os.Stderr, target, os.Args[1], os.Args[2]); err != nil {
		fmt.Fprintln(os.Stderr, "node:", err)
		os.Exit(1)
	}
}

// effective writes the intersection, and what the pulled profile loses by it.
func effective(out, log io.Writer, t profile.Target, node, file string) error {
	own, err := dialect.ReadFile(node)
	if err != nil {
		return err
	}
	text, err := os.ReadFile(file)
	if err != nil {
		return err
	}
	b := baseline.Baseline{Document: own, Targets: []profile.Target{t}}
	pulled, err := b.Parse(text, profile.File(file))
	if err != nil {
		return err
	}
	both, err := b.Intersect(context.Background(), t, pulled)
	if err != nil {
		return err
	}
	policy, _, err := pulled.Resolve(t)
	if err != nil {
		return err
	}
	for d, err := range proof.Looser(proof.Of(policy), proof.Of(both.Policy)) {
		if err != nil {
			return err
		}
		fmt.Fprintln(log, "constrained:", d)
	}
	written, err := both.Profile()
	if err != nil {
		return err
	}
	return json.NewEncoder(out).Encode(written)
}
