// SPDX-License-Identifier: Apache-2.0

package profile

import "slices"

// Flatten is the profile for one target as an oci one, without what an OCI runtime
// does not read: rules that do not apply to the target are gone and the others have
// neither includes nor excludes, archMap has become architectures, and names of errnos
// have become numbers. It resolves for the target as the profile does. Comments are
// lost; places are those of the profile.
//
// Errors are those of Resolve, as far as they come from the profile's words and not
// from what its rules decide.
//
// For x86_64, an archMap of {SCMP_ARCH_X86_64, [SCMP_ARCH_X86, SCMP_ARCH_X32]} becomes
// architectures with all three, and errno "ENOSYS" becomes errnoRet 38. The document that
// comes out is safe for runtimes that do not look at includes and excludes, such as
// containerd with a file.
func (p *Profile) Flatten(t Target) (*Profile, error) {
	r := p.resolver(t, nil)
	if err := p.Validate(); err != nil {
		return nil, err
	}
	if err := r.readTarget(); err != nil {
		return nil, err
	}
	f := &Profile{
		Dialect:       OCI,
		DefaultAction: p.DefaultAction, DefaultErrnoRet: p.number(p.DefaultErrno, p.DefaultErrnoRet, t.Arch),
		Architectures: slices.Clone(p.Architectures), Flags: slices.Clone(p.Flags),
		ListenerPath: p.ListenerPath, ListenerMetadata: p.ListenerMetadata,
		Warnings: p.Warnings, source: p.source, at: p.at,
	}
	if len(p.ArchMap) > 0 && len(r.arches) > 1 {
		f.at.architecture = marks{}
		for _, a := range r.arches {
			if token := a.Token(); token != "" { // the host's own is filtered without
				f.Architectures = append(f.Architectures, token)
			}
		}
	}
	f.source.rules = make([]int32, 0, len(p.Syscalls))
	for i := range p.Syscalls {
		if !r.applies(i) {
			continue
		}
		doc := p.Syscalls[i]
		doc.ErrnoRet = p.number(doc.Errno, doc.ErrnoRet, t.Arch)
		doc.Errno, doc.Comment, doc.Includes, doc.Excludes = "", "", nil, nil
		f.Syscalls = append(f.Syscalls, doc)
		f.source.rules = append(f.source.rules, p.source.rule(i))
	}
	if r.err != nil {
		return nil, r.err
	}
	return f, nil
}
