// SPDX-License-Identifier: Apache-2.0

// Package dialects holds dialects to their contract, for the tests of each dialect's
// package. What all of them must do is tested once, in package profile/dialect.
package dialects

import (
	"testing"

	"github.com/gosieve/sieve/internal/document"
	"github.com/gosieve/sieve/profile"
	"github.com/gosieve/sieve/seccomp"
	"github.com/gosieve/sieve/seccomp/proof"
)

// RoundTrip writes a policy twice, wants equal bytes, reads them with the options, and wants
// a document that decides every call as the policy does. It judges without the proof of the
// writer itself.
func RoundTrip(t *testing.T, d *document.Contract, p *seccomp.Policy, w document.Writing, opts ...profile.ParseOption) string {
	t.Helper()
	doc, err := d.Write(p, w)
	if err != nil {
		t.Fatal(err)
	}
	if again, err := d.Write(p, w); err != nil || string(again) != string(doc) {
		t.Fatalf("written twice: %v\n%s\n%s", err, doc, again)
	}
	read, err := d.Parse(doc, opts...)
	if err != nil {
		t.Fatalf("%v\n%s", err, doc)
	}
	q, _, err := read.Resolve(profile.Target{Arch: document.Machine(p)})
	if err != nil {
		t.Fatalf("%v\n%s", err, doc)
	}
	for diff, err := range proof.Diff(proof.Of(p), proof.Of(q)) {
		t.Fatalf("%v %v\n%s", diff, err, doc)
	}
	return string(doc)
}
