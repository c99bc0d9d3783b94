// SPDX-License-Identifier: Apache-2.0

package main

import (
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	moby "github.com/moby/profiles/seccomp"

	"github.com/gosieve/sieve/profile"
	"github.com/gosieve/sieve/seccomp"
)

// TestMoby compares what a Docker document means to Sieve with what it means to
// moby: moby's resolver makes an OCI document of it, for this machine, and that
// is read as OCI.
func TestMoby(t *testing.T) {
	host := theHost(t)
	c := comparison{peer: "moby"}
	for seed := range uint64(3000) {
		g := dockerGenerator{rand.New(rand.NewPCG(seed, 1)), host}
		doc := marshalled(t, g.document())
		target := host
		target.Caps = g.some(capabilities)
		for _, enosys := range []profile.Option{profile.ENOSYSOff, profile.ENOSYSRunc} {
			c.sieve = func(doc []byte, target profile.Target) (*seccomp.Policy, error) { return viaSieve(doc, target, enosys) }
			c.theirs = func(doc []byte, target profile.Target) (*seccomp.Policy, error) { return viaMoby(doc, target, enosys) }
			c.one(t, seed, doc, target)
		}
	}
	c.enough(t, 3000, 100)
}

// TestMobyDefault does the same with Docker's default profile, for no, Docker's
// and all capabilities.
func TestMobyDefault(t *testing.T) {
	c := comparison{peer: "moby",
		sieve: func(doc []byte, target profile.Target) (*seccomp.Policy, error) {
			return viaSieve(doc, target, profile.ENOSYSRunc)
		},
		theirs: func(doc []byte, target profile.Target) (*seccomp.Policy, error) {
			return viaMoby(doc, target, profile.ENOSYSRunc)
		},
	}
	c.byCapabilities(t, marshalled(t, moby.DefaultProfile()))
}

func viaSieve(doc []byte, target profile.Target, o profile.Option) (*seccomp.Policy, error) {
	p, err := profile.Parse(doc, profile.In(profile.Docker))
	if err != nil {
		return nil, err
	}
	return anonymous(p.Resolve(target, o, profile.RestrictOverlaps))
}

func viaMoby(doc []byte, target profile.Target, o profile.Option) (*seccomp.Policy, error) {
	oci, err := moby.LoadProfile(string(doc), specWith(target.Caps))
	if err != nil {
		return nil, err
	}
	raw, err := json.Marshal(oci)
	if err != nil {
		return nil, err
	}
	p, err := profile.Parse(raw, profile.In(profile.OCI))
	if err != nil {
		return nil, err
	}
	return anonymous(p.Resolve(target, o, profile.RestrictOverlaps))
}

// anonymous is the policy without the places that its rules come from.
func anonymous(p *seccomp.Policy, _ []profile.Diagnostic, err error) (*seccomp.Policy, error) {
	if err != nil {
		return nil, err
	}
	for i := range p.Rules {
		p.Rules[i].Origin = seccomp.Origin{}
	}
	return p, nil
}

var capabilities = []string{"CAP_SYS_ADMIN", "CAP_SYS_PTRACE", "CAP_NET_ADMIN", "CAP_CHOWN", "CAP_SYSLOG", "CAP_BPF"}

// dockerGenerator makes Docker documents of everything that the resolver looks
// at: names, capabilities, architectures, kernels.
type dockerGenerator struct {
	*rand.Rand
	host profile.Target
}

type object = map[string]any

func (g *dockerGenerator) document() object {
	doc := object{"defaultAction": g.pick("SCMP_ACT_ERRNO", "SCMP_ACT_ALLOW", "SCMP_ACT_KILL", "SCMP_ACT_LOG")}
	if doc["defaultAction"] == "SCMP_ACT_ERRNO" && g.often() {
		doc["defaultErrnoRet"] = g.IntN(50)
	}
	if g.often() {
		doc["archMap"] = g.archMap()
	}
	if g.IntN(4) == 0 { // together with archMap an error
		doc["architectures"] = g.some([]string{"SCMP_ARCH_X86_64", "SCMP_ARCH_X86", "SCMP_ARCH_X32", "SCMP_ARCH_AARCH64"})
	}
	list := make([]object, g.IntN(12))
	for i := range list {
		list[i] = g.entry()
	}
	doc["syscalls"] = list
	return doc
}

func (g *dockerGenerator) archMap() []object {
	entries := []object{
		{"architecture": "SCMP_ARCH_X86_64", "subArchitectures": g.some([]string{"SCMP_ARCH_X86", "SCMP_ARCH_X32"})},
		{"architecture": "SCMP_ARCH_AARCH64", "subArchitectures": []string{"SCMP_ARCH_ARM"}},
		{"architecture": "SCMP_ARCH_S390X", "subArchitectures": []string{"SCMP_ARCH_S390"}},
		{"architecture": "SCMP_ARCH_X86_64", "subArchitectures": nil},
	}
	g.Shuffle(len(entries), func(i, j int) { entries[i], entries[j] = entries[j], entries[i] })
	return entries[:g.IntN(len(entries)+1)]
}

func (g *dockerGenerator) entry() object {
	e := object{"action": g.pick("SCMP_ACT_ALLOW", "SCMP_ACT_ERRNO", "SCMP_ACT_TRAP", "SCMP_ACT_KILL_PROCESS", "SCMP_ACT_LOG")}
	if g.IntN(5) == 0 {
		e["name"] = g.pick(names...)
	}
	if e["name"] == nil || g.IntN(20) == 0 { // both are an error
		e["names"] = append(g.some(names[:12]), g.pick(names...), g.pick("socket", "chown32", "arm_fadvise64_64", "clock_gettime64"))
	}
	if e["action"] == "SCMP_ACT_ERRNO" && g.often() {
		e["errnoRet"] = g.IntN(4096)
	}
	if g.often() {
		e["args"] = g.args()
	}
	for _, key := range []string{"includes", "excludes"} {
		if g.often() {
			e[key] = g.filter()
		}
	}
	if g.IntN(4) == 0 {
		e["comment"] = "why"
	}
	return e
}

func (g *dockerGenerator) filter() object {
	f := object{}
	if g.often() {
		f["caps"] = g.some(append([]string{"CAP_NONE_SUCH"}, capabilities...))
	}
	if g.IntN(3) == 0 {
		f["arches"] = g.some([]string{"amd64", "x32", "x86", "arm64", "s390x", "riscv64", "no-such-arch"})
	}
	if g.IntN(3) == 0 {
		near := g.host.Kernel.String()
		major, minor, _ := strings.Cut(near, ".")
		f["minKernel"] = g.pick("0.0", "3.12", "4.8", "9.0", near, major+".255", major+".0", fmt.Sprint(major, ".0", minor))
		if f["minKernel"] == "0.0" && g.IntN(4) > 0 { // an error
			f["minKernel"] = "4.8"
		}
	}
	return f
}

func (g *dockerGenerator) args() []object {
	var list []object
	for range g.IntN(3) {
		list = append(list, object{
			"index": g.IntN(6), "value": g.Uint64(), "valueTwo": g.Uint64N(4),
			"op": "SCMP_CMP_" + g.pick("EQ", "NE", "LT", "LE", "GT", "GE", "MASKED_EQ"),
		})
	}
	return list
}

func (g *dockerGenerator) often() bool { return g.IntN(2) == 0 }

func (g *dockerGenerator) pick(from ...string) string { return from[g.IntN(len(from))] }

// some is a random part of a list, in order.
func (g *dockerGenerator) some(from []string) []string {
	return slices.DeleteFunc(slices.Clone(from), func(string) bool { return g.IntN(3) > 0 })
}
