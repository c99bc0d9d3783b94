// SPDX-License-Identifier: Apache-2.0

package baseline

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"

	"github.com/gosieve/sieve/internal/artifact"
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

	node      *Baseline
	target    profile.Target
	documents []Document // the node's first
	parts     []*resolved
	within    seccomp.Option
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
	x := &Intersection{Flags: intersectFlags(b.Document, documents), node: b, target: t,
		documents: append([]Document{b.Document}, documents...), within: seccomp.Within(ctx, b.limits())}
	var err error
	if x.parts, err = x.resolve(); err != nil {
		return nil, err
	}
	policies := policiesOf(x.parts)
	if x.Policy, err = proof.Intersect(policies[0], policies[1:]...); err != nil {
		return nil, err
	}
	for _, p := range slices.Backward(policies) {
		f, err := proof.Compile(p, x.within)
		if err != nil {
			return nil, err
		}
		x.Stack = append(x.Stack, f...)
	}
	if err := x.prove(policies); err != nil {
		return nil, err
	}
	return x, nil
}

// resolve resolves the documents.
func (x *Intersection) resolve(more ...profile.Option) ([]*resolved, error) {
	var list []*resolved
	for i, d := range x.documents {
		p, err := x.node.resolve(d, x.target, fmt.Sprintf("document %d", i), more...)
		if err != nil {
			return nil, err
		}
		list = append(list, p)
	}
	return list, nil
}

// policiesOf are the policies of documents.
func policiesOf(parts []*resolved) []*seccomp.Policy {
	list := make([]*seccomp.Policy, len(parts))
	for i, r := range parts {
		list[i] = r.policy
	}
	return list
}

// intersectFlags are the flags of all documents together.
func intersectFlags(node Document, others []Document) seccomp.Flags {
	var flags []seccomp.Flags
	for _, d := range others {
		flags = append(flags, d.InstallFlags(artifact.All))
	}
	return artifact.Flags(node.InstallFlags(artifact.All), flags...)
}

// prove holds the policy to the stack, and to each of the parts.
func (x *Intersection) prove(parts []*seccomp.Policy) error {
	if err := proof.Prove(x.Stack, x.Policy, x.within); err != nil {
		return fmt.Errorf("the intersection and the stack: %w", err)
	}
	for i, p := range parts {
		if err := proof.AtMost(proof.Of(x.Policy), proof.Of(p), x.within); err != nil {
			return fmt.Errorf("the intersection and document %d: %w", i, err)
		}
	}
	return nil
}

// Profile is the intersection as a profile of the OCI runtime specification with the node's
// listener, which oci.To turns into a *specs.LinuxSeccomp. As runc reads it, it is proved as
// restrictive as Policy for every call. Where OCI's rules have the words, its errnos are
// Policy's too; else calls that are newer than a document may get another one than ENOSYS.
//
// The error is a *profile.UnsayableError if OCI's rules have no words for it, or such as
// libseccomp does not keep to. The filters can always be installed.
func (x *Intersection) Profile() (*profile.Profile, error) {
	if x == nil || x.node == nil {
		return nil, errNil
	}
	p, err := x.written(x.Policy, profile.ENOSYSRunc)
	var e *profile.UnsayableError
	if !errors.As(err, &e) {
		return x.loaded(p, err)
	}
	// What runc adds to each document by its highest name often has no words once documents
	// are joined; runc adds it to the written one too.
	parts, again := x.resolve(profile.ENOSYSOff)
	if again != nil {
		return nil, err
	}
	policies := policiesOf(parts)
	policy, again := proof.Intersect(policies[0], policies[1:]...)
	if again != nil {
		return nil, err
	}
	if p, again = x.written(policy, profile.ENOSYSOff); again != nil || !x.alike(p) {
		return nil, err
	}
	return x.loaded(p, nil)
}

// loaded refuses a profile that libseccomp would compile to something else.
func (x *Intersection) loaded(p *profile.Profile, err error) (*profile.Profile, error) {
	if err != nil {
		return nil, err
	}
	if x.node.OwnFilters {
		return p, nil
	}
	r, err := x.node.resolve(p, x.target, "the result")
	if err == nil {
		err = r.kept("the result")
	}
	for i := 0; i < len(x.parts) && err == nil; i++ {
		err = r.through(x.parts[i])
	}
	if err != nil {
		return nil, &profile.UnsayableError{Dialect: profile.OCI, Reasons: []string{err.Error()}}
	}
	return p, nil
}

// alike says whether a profile is proved as restrictive as the intersection.
func (x *Intersection) alike(p *profile.Profile) bool {
	q, err := x.node.resolve(p, x.target, "the result")
	return err == nil && proof.AtMost(proof.Of(q.policy), proof.Of(x.Policy), x.within) == nil &&
		proof.AtMost(proof.Of(x.Policy), proof.Of(q.policy), x.within) == nil
}

// written is a policy as a profile for readers with a mode of ENOSYS, which is proved equal.
func (x *Intersection) written(p *seccomp.Policy, mode profile.Option) (*profile.Profile, error) {
	like := &profile.Profile{Flags: artifact.Words(x.Flags)}
	if node := profileOf(x.node.Document); node != nil {
		like.ListenerPath, like.ListenerMetadata = node.ListenerPath, node.ListenerMetadata
	}
	text, err := contract().Write(p, document.Writing{Like: like, ENOSYS: mode})
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
		Name: profile.OCI, Parse: document.Checked(parse),
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
