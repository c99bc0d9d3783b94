// SPDX-License-Identifier: Apache-2.0

package main

import (
	"encoding/json"
	"fmt"

	moby "github.com/moby/profiles/seccomp"
	"github.com/opencontainers/runtime-spec/specs-go"

	"github.com/gosieve/sieve/bench/peer"
	"github.com/gosieve/sieve/seccomp"
)

// document is the whole way from Docker's JSON to instructions, for the three
// ABIs that it names on x86_64. Times are in microseconds.
type document struct {
	Compiler      string
	Median, Min   float64
	Allocs, Bytes uint64 // Go's heap only
	Instructions  int
	Why           string `json:",omitempty"`
}

// documents measures Sieve against moby's resolver followed by runc.
func documents(runs int, cs []*compiler) ([]*document, error) {
	body, err := json.Marshal(moby.DefaultProfile())
	if err != nil {
		return nil, err
	}
	ways := map[string]func() (seccomp.Filter, error){
		"Sieve": func() (seccomp.Filter, error) { return sieveWay(body) },
		"runc":  func() (seccomp.Filter, error) { return runcWay(string(body)) },
	}
	var list []*document
	for _, c := range cs {
		way, ok := ways[c.name]
		if !ok {
			continue
		}
		d := &document{Compiler: c.name}
		list = append(list, d)
		f, err := way()
		if err != nil {
			d.Why = err.Error()
			continue
		}
		for _, p := range f {
			d.Instructions += len(p)
		}
		t := timing{compile: way}
		for range runs {
			if err := t.run(); err != nil {
				return nil, fmt.Errorf("%s: %w", c.name, err)
			}
		}
		if err := t.heap(); err != nil {
			return nil, err
		}
		d.Median, d.Min, d.Allocs, d.Bytes = median(t.us), least(t.us), t.allocs, t.bytes
	}
	return list, nil
}

func runcWay(body string) (seccomp.Filter, error) {
	doc, err := moby.LoadProfile(body, specWith(dockerCaps))
	if err != nil {
		return nil, err
	}
	for _, p := range peer.All() {
		if p.Name == "runc" {
			w := workload{spec: doc}
			compile, err := fromPeer(p).prepare(&w)
			if err != nil {
				return nil, err
			}
			return compile()
		}
	}
	return nil, fmt.Errorf("no runc")
}

// dockerCaps are the capabilities that Docker gives a container
// (moby/moby, daemon/pkg/oci/caps/defaults.go).
var dockerCaps = []string{
	"CAP_CHOWN", "CAP_DAC_OVERRIDE", "CAP_FSETID", "CAP_FOWNER", "CAP_MKNOD", "CAP_NET_RAW", "CAP_SETGID", "CAP_SETUID",
	"CAP_SETFCAP", "CAP_SETPCAP", "CAP_NET_BIND_SERVICE", "CAP_SYS_CHROOT", "CAP_KILL", "CAP_AUDIT_WRITE",
}

// specWith is a container with these capabilities, as moby's resolver wants it.
func specWith(caps []string) *specs.Spec {
	return &specs.Spec{Process: &specs.Process{Capabilities: &specs.LinuxCapabilities{Bounding: caps}}}
}
