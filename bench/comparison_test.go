// SPDX-License-Identifier: Apache-2.0

package main

import (
	"encoding/json"
	"reflect"
	"testing"

	"github.com/gosieve/sieve/profile"
	"github.com/gosieve/sieve/seccomp"
)

// comparison holds Sieve's reading of documents against that of a peer, and counts.
type comparison struct {
	peer              string
	sieve, theirs     func(doc []byte, target profile.Target) (*seccomp.Policy, error)
	resolved, refused int
}

// one compares a document: both refuse it, or both make the same policy of it.
func (c *comparison) one(t *testing.T, seed uint64, doc []byte, target profile.Target) {
	t.Helper()
	got, gotErr := c.sieve(doc, target)
	want, wantErr := c.theirs(doc, target)
	if (gotErr == nil) != (wantErr == nil) {
		t.Fatalf("seed %d: Sieve: %v\n%s: %v\n%s", seed, gotErr, c.peer, wantErr, doc)
	}
	if gotErr != nil {
		c.refused++
		return
	}
	c.resolved++
	if !reflect.DeepEqual(got, want) {
		t.Fatalf("seed %d, capabilities %v\n%s\nSieve %+v\n%s %+v", seed, target.Caps, doc, got, c.peer, want)
	}
}

// enough fails if few documents were compared or few were refused.
func (c *comparison) enough(t *testing.T, resolved, refused int) {
	t.Helper()
	if c.resolved < resolved || c.refused < refused {
		t.Errorf("%d policies compared and %d refused: the generator makes too few of one", c.resolved, c.refused)
	}
}

// byCapabilities compares a document that both must read for no, Docker's and many
// capabilities.
func (c *comparison) byCapabilities(t *testing.T, doc []byte) {
	t.Helper()
	target := theHost(t)
	for name, caps := range map[string][]string{"none": nil, "Docker's": profile.DockerCaps(), "many": capabilities} {
		target.Caps = caps
		got, err := c.sieve(doc, target)
		if err != nil {
			t.Fatal(err)
		}
		want, err := c.theirs(doc, target)
		if err != nil {
			t.Fatal(err)
		}
		if !reflect.DeepEqual(got, want) {
			t.Errorf("%s: Sieve %+v\n%s %+v", name, got, c.peer, want)
		}
		if len(got.Rules) < 5 {
			t.Errorf("%s: only %d rules", name, len(got.Rules))
		}
	}
}

// theHost is this machine.
func theHost(t *testing.T) profile.Target {
	t.Helper()
	host, err := profile.Host()
	if err != nil {
		t.Fatal(err)
	}
	return host
}

// marshalled is a document as JSON.
func marshalled(t *testing.T, doc any) []byte {
	t.Helper()
	text, err := json.Marshal(doc)
	if err != nil {
		t.Fatal(err)
	}
	return text
}
