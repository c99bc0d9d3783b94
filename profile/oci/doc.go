// SPDX-License-Identifier: Apache-2.0

// Package oci takes profiles from, and gives them as, the type that launchers hold:
// the LinuxSeccomp of github.com/opencontainers/runtime-spec. Only who imports this
// package compiles that module.
//
//	p, err := oci.From(spec.Linux.Seccomp)
//	policy, diagnostics, err := p.Resolve(target)
//
// For documents as text, alone or in a config.json, there is profile.OCI.
//
// From and To are inverses but for places, warnings and comments. They read and write no text
// and prove nothing: To gives what the profile says, and For what it says on one target.
package oci
