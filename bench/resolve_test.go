// SPDX-License-Identifier: Apache-2.0

package main

import (
	"encoding/json"
	"testing"

	moby "github.com/moby/profiles/seccomp"

	"github.com/gosieve/sieve/profile"
)

// BenchmarkResolve reads Docker's default profile and resolves it for a container
// with Docker's capabilities: Sieve to a policy with every rule checked, moby's loader
// to an OCI document that nobody has looked at yet.
func BenchmarkResolve(b *testing.B) {
	doc, err := json.MarshalIndent(moby.DefaultProfile(), "", "\t")
	if err != nil {
		b.Fatal(err)
	}
	host, err := profile.Host()
	if err != nil {
		b.Fatal(err)
	}
	host.Caps = dockerCaps
	spec := specWith(dockerCaps)
	text := string(doc)
	b.Run("sieve", func(b *testing.B) {
		b.ReportAllocs()
		for b.Loop() {
			p, err := profile.Parse(doc)
			if err != nil {
				b.Fatal(err)
			}
			if _, _, err := p.Resolve(host); err != nil {
				b.Fatal(err)
			}
		}
	})
	b.Run("moby", func(b *testing.B) {
		b.ReportAllocs()
		for b.Loop() {
			if _, err := moby.LoadProfile(text, spec); err != nil {
				b.Fatal(err)
			}
		}
	})
}
