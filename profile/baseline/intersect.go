// SPDX-License-Identifier: Apache-2.0

package baseline

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"

	"github.com/gosieve/sieve/internal/document"
	"github.com/gosieve/sieve/profile"
	"github.com/gosieve/sieve/seccomp"
	"github.com/gosieve/sieve/seccomp/proof"
)

// Intersection is what several profiles have in common: every call gets the most
// restrictive of their answers. Policy and Stack mean the same, which was proved.
type Intersection struct {
	// Policy is one policy. Of equally restrictive answers it has the number of the first
	// document, which is the node's.
	Policy *seccomp.Policy
	// Stack is a filter of each document, which the kernel combines. The node's is installed
	// last, because of equally restrictive answers the kernel takes the newest filter's.
	Stack seccomp.Filter
	// Flags are SPEC_ALLOW if all documents have it, LOG if any has it, and the node's
	// WAIT_KILLABLE_RECV.
	Flags seccomp.Flags

	node *profile.Profile // for its listener; nil in other dialects than Docker's family
}

// Intersect makes the intersection of the node's profile with others for one machine. They
// go from the most to the least trusted, the node's first: a pod's base profile, then the
// artifact. Each is held to the rules for artifacts first.
//
// Before it is returned it is proved at most as permissive as each of them, and equal to what
// the kernel makes of the stack. The errors are Check's but for LooserError: a
// document may be looser than the node's, and loses what it has beyond it.
func (b *Baseline) Intersect(ctx context.Context, t profile.Target, documents ...Document) (*Intersection, error) {
	if b == nil || b.Document == nil {
		return nil, errNil
	}
	for _, d := range documents {
		if err := b.admissible(d); err != nil {
			return nil, err
		}
	}
	var policies []*seccomp.Policy
	for i, d := range append([]Document{b.Document}, documents...) {
		p, err := b.resolve(d, t, fmt.Sprintf("document %d", i))
		if err != nil {
			return nil, err
		}
		policies = append(policies, p)
	}
	x := &Intersection{Flags: intersectFlags(b.Document, documents), node: profileOf(b.Document)}
	var err error
	if x.Policy, err = proof.Intersect(policies[0], policies[1:]...); err != nil {
		return nil, err
	}
	within := seccomp.Within(ctx, b.limits())
	for _, p := range slices.Backward(policies) {
		f, err := proof.Compile(p, within)
		if err != nil {
			return nil, err
		}
		x.Stack = append(x.Stack, f...)
	}
	if err := x.prove(policies, within); err != nil {
		return nil, err
	}
	return x, nil
}

// intersectFlags are the flags of the node's document, without SPEC_ALLOW if another lacks it,
// and with LOG if another has it.
func intersectFlags(node Document, others []Document) seccomp.Flags {
	flags := node.InstallFlags(allFlags)
	for _, d := range others {
		theirs := d.InstallFlags(allFlags)
		flags = flags&^(seccomp.SpecAllow&^theirs) | theirs&seccomp.LogAll
	}
	return flags
}

// prove holds the policy to the stack, and to each of the parts.
func (x *Intersection) prove(parts []*seccomp.Policy, within seccomp.Option) error {
	if err := proof.Prove(x.Stack, x.Policy, within); err != nil {
		return fmt.Errorf("the intersection and the stack: %w", err)
	}
	for i, p := range parts {
		if err := proof.AtMost(proof.Of(x.Policy), proof.Of(p), within); err != nil {
			return fmt.Errorf("the intersection and document %d: %w", i, err)
		}
	}
	return nil
}

// Profile is the intersection as a profile of the OCI runtime specification with the node's
// listener, which oci.To turns into a *specs.LinuxSeccomp. It is proved equal to Policy, as runc
// reads it. The error is a *profile.UnsayableError if OCI's rules have no words for it; the
// filters can always be installed.
func (x *Intersection) Profile() (*profile.Profile, error) {
	if x == nil {
		return nil, errNil
	}
	like := &profile.Profile{Flags: []string{}}
	if x.node != nil {
		like.ListenerPath, like.ListenerMetadata = x.node.ListenerPath, x.node.ListenerMetadata
	}
	for _, f := range []seccomp.Flags{seccomp.LogAll, seccomp.SpecAllow, seccomp.WaitKillable} {
		if x.Flags&f != 0 {
			like.Flags = append(like.Flags, "SECCOMP_FILTER_FLAG_"+f.String())
		}
	}
	text, err := contract().Write(x.Policy, document.Writing{Like: like})
	if err != nil {
		return nil, err
	}
	return profile.Parse(text, profile.In(profile.OCI))
}

// contract is that of the oci dialect, as far as it is needed to write a policy.
func contract() *document.Contract {
	parse := func(text []byte, opts ...profile.ParseOption) (*profile.Profile, error) {
		return profile.Parse(text, append(slices.Clip(opts), profile.In(profile.OCI))...)
	}
	return &document.Contract{
		Name: profile.OCI, ENOSYS: profile.ENOSYSRunc, Parse: document.Checked(parse),
		Format: func(p *seccomp.Policy, w document.Writing) ([]byte, error) {
			doc, err := document.Family(p, w)
			if err != nil {
				return nil, err
			}
			doc.Dialect = profile.OCI
			for i := range doc.Syscalls {
				doc.Syscalls[i].Comment = "" // which OCI has no key for
			}
			return json.Marshal(doc)
		},
	}
}
