// SPDX-License-Identifier: Apache-2.0

package profile

import (
	"testing"

	"github.com/gosieve/sieve/arch"
)

func BenchmarkDocker(b *testing.B) {
	t := Target{Arch: arch.X86_64, Kernel: arch.Newest, Caps: DockerCaps()}
	b.ReportAllocs()
	for b.Loop() {
		p, err := Parse(dockerDefault, File("docker.json"))
		if err != nil {
			b.Fatal(err)
		}
		if _, _, err = p.Resolve(t); err != nil {
			b.Fatal(err)
		}
	}
}
func BenchmarkDockerParse(b *testing.B) {
	b.ReportAllocs()
	for b.Loop() {
		Parse(dockerDefault, File("docker.json"))
	}
}

func TestSmoke(t *testing.T) {
	p := DockerDefault()
	pol, diags, err := p.Resolve(Target{Arch: arch.X86_64, Kernel: arch.Newest, Caps: DockerCaps()})
	if err != nil {
		t.Fatal(err)
	}
	for _, r := range pol.Rules {
		t.Log(r.Arches, len(r.Syscalls), r.Syscalls[:min(3, len(r.Syscalls))], r.Numbers, r.Args, r.Action, r.Origin)
	}
	for _, d := range diags {
		t.Log(d)
	}
	f, err := pol.Compile()
	t.Log(err)
	if err == nil {
		t.Log(len(f[0]))
	}
}
