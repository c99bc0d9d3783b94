// SPDX-License-Identifier: Apache-2.0

//go:build seccomp

package main

import (
	"encoding/json"
	"math/rand/v2"
	"reflect"
	"testing"

	podman "go.podman.io/common/pkg/seccomp"

	"github.com/gosieve/sieve/profile"
	"github.com/gosieve/sieve/seccomp"
)

// TestPodman compares what a document of containers/common means to Sieve with
// what it means to the loader that Podman, Buildah and CRI-O use: that makes an
// OCI document of it, for this machine, and that is read as OCI.
func TestPodman(t *testing.T) {
	host, err := profile.Host()
	if err != nil {
		t.Fatal(err)
	}
	resolved, refused := 0, 0
	for seed := range uint64(3000) {
		g := podmanGenerator{dockerGenerator{rand.New(rand.NewPCG(seed, 2)), host}}
		doc, err := json.Marshal(g.document())
		if err != nil {
			t.Fatal(err)
		}
		target := host
		target.Caps = g.some(capabilities)
		got, gotErr := viaSieveAs(profile.Podman, doc, target)
		want, wantErr := viaPodman(doc, target)
		if (gotErr == nil) != (wantErr == nil) {
			t.Fatalf("seed %d: Sieve: %v\ncontainers/common: %v\n%s", seed, gotErr, wantErr, doc)
		}
		if gotErr != nil {
			refused++
			continue
		}
		resolved++
		if !reflect.DeepEqual(got, want) {
			t.Fatalf("seed %d, capabilities %v\n%s\nSieve %+v\ncontainers/common %+v", seed, target.Caps, doc, got, want)
		}
	}
	if resolved < 1500 || refused < 50 {
		t.Errorf("%d policies compared and %d refused: the generator makes too few of one", resolved, refused)
	}
}

// TestPodmanDefault does the same with the default profile of containers/common.
func TestPodmanDefault(t *testing.T) {
	doc, err := json.Marshal(podman.DefaultProfile())
	if err != nil {
		t.Fatal(err)
	}
	target, err := profile.Host()
	if err != nil {
		t.Fatal(err)
	}
	for name, caps := range map[string][]string{"none": nil, "Docker's": profile.DockerCaps(), "many": capabilities} {
		target.Caps = caps
		got, err := viaSieveAs(profile.Podman, doc, target)
		if err != nil {
			t.Fatal(err)
		}
		want, err := viaPodman(doc, target)
		if err != nil {
			t.Fatal(err)
		}
		if !reflect.DeepEqual(got, want) {
			t.Errorf("%s: Sieve %+v\ncontainers/common %+v", name, got, want)
		}
		if len(got.Rules) < 5 {
			t.Errorf("%s: only %d rules", name, len(got.Rules))
		}
	}
}

func viaSieveAs(d profile.Dialect, doc []byte, target profile.Target) (*seccomp.Policy, error) {
	p, err := profile.Parse(doc, d)
	if err != nil {
		return nil, err
	}
	return anonymous(p.Resolve(target, profile.RestrictOverlaps))
}

func viaPodman(doc []byte, target profile.Target) (*seccomp.Policy, error) {
	oci, err := podman.LoadProfileFromBytes(doc, specWith(target.Caps))
	if err != nil {
		return nil, err
	}
	raw, err := json.Marshal(oci)
	if err != nil {
		return nil, err
	}
	return viaSieveAs(profile.OCI, raw, target)
}

// podmanGenerator adds what only this family has: errno by name.
type podmanGenerator struct{ dockerGenerator }

func (g *podmanGenerator) document() object {
	doc := g.dockerGenerator.document()
	if g.often() && doc["defaultAction"] == "SCMP_ACT_ERRNO" {
		doc["defaultErrno"] = g.errno()
	}
	for _, e := range doc["syscalls"].([]object) {
		if e["action"] == "SCMP_ACT_ERRNO" && g.often() {
			e["errno"] = g.errno()
		}
	}
	return doc
}

// errno is a name, a number as text, nothing or, seldom, what is neither.
func (g *podmanGenerator) errno() string {
	if g.IntN(100) == 0 {
		return g.pick("EINTR", "eperm", "0x1", "-1")
	}
	return g.pick("EPERM", "ENOSYS", "EACCES", "EOWNERDEAD", "ENOTSUP", "EXDEV", "7", "38", "")
}
