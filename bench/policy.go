// SPDX-License-Identifier: Apache-2.0

package main

import (
	"github.com/gosieve/sieve/arch"
	"github.com/gosieve/sieve/profile"
	"github.com/gosieve/sieve/seccomp"
)

// target is what all documents are resolved for.
var target = profile.Target{Arch: arch.X86_64, Kernel: arch.Newest, Caps: dockerCaps}

// resolve is the policy that an OCI document means.
func resolve(doc []byte, enosys profile.Option) (*seccomp.Policy, error) {
	p, err := profile.Parse(doc, profile.In(profile.OCI))
	if err != nil {
		return nil, err
	}
	policy, _, err := p.Resolve(target, enosys)
	return policy, err
}

// sieveWay is the way from a Docker document to a filter.
func sieveWay(body []byte) (seccomp.Filter, error) {
	p, err := profile.Parse(body)
	if err != nil {
		return nil, err
	}
	policy, _, err := p.Resolve(target)
	if err != nil {
		return nil, err
	}
	return policy.Compile()
}
