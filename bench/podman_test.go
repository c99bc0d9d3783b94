// SPDX-License-Identifier: Apache-2.0

//go:build seccomp

package main

import (
	"encoding/json"
	"math/rand/v2"
	"testing"

	podman "go.podman.io/common/pkg/seccomp"

	"github.com/gosieve/sieve/profile"
	"github.com/gosieve/sieve/seccomp"
)

// TestPodman compares what a document of containers/common means to Sieve with
// what it means to the loader that Podman, Buildah and CRI-O use: that makes an
// OCI document of it, for this machine, and that is read as OCI.
func TestPodman(t *testing.T) {
	host := theHost(t)
	c := containersCommon()
	for seed := range uint64(3000) {
		g := podmanGenerator{dockerGenerator{rand.New(rand.NewPCG(seed, 2)), host}}
		doc := marshalled(t, g.document())
		target := host
		target.Caps = g.some(capabilities)
		c.one(t, seed, doc, target)
	}
	c.enough(t, 1500, 50)
}

// TestPodmanDefault does the same with the default profile of containers/common.
func TestPodmanDefault(t *testing.T) {
	containersCommon().byCapabilities(t, marshalled(t, podman.DefaultProfile()))
}

func containersCommon() *comparison {
	return &comparison{peer: "containers/common", theirs: viaPodman,
		sieve: func(doc []byte, target profile.Target) (*seccomp.Policy, error) {
			return viaSieveAs(profile.Podman, doc, target)
		}}
}

func viaSieveAs(d profile.Dialect, doc []byte, target profile.Target) (*seccomp.Policy, error) {
	p, err := profile.Parse(doc, profile.In(d))
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
