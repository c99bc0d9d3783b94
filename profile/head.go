// SPDX-License-Identifier: Apache-2.0

package profile

import (
	"slices"

	"github.com/gosieve/sieve/arch"
	"github.com/gosieve/sieve/internal/scmp"
	"github.com/gosieve/sieve/internal/wording"
	"github.com/gosieve/sieve/seccomp"
)

// noteDocument says what is to be known of the document as a whole.
//
// An empty list of flags is lost on the way to runc, since the key is written with
// omitempty, and runc adds SPEC_ALLOW where there is no list.
func (r *resolver) noteDocument() {
	p := r.p
	if p.ListenerMetadata != "" && p.ListenerPath == "" {
		r.note(Warning, "no-listener", p.at.listenerMetadata, "listenerMetadata", "add listenerPath",
			"listenerMetadata without a listenerPath to send it to")
	}
	if p.Dialect != OCI && p.Flags != nil && len(p.Flags) == 0 {
		r.note(Info, "empty-flags", 0, "flags", "", "no flags at all; %s loses the empty list and runc (since 1.2) adds SPEC_ALLOW", p.Dialect.tool())
	}
	if r.def == seccomp.Errno(0) {
		r.note(Warning, "errno-zero", p.at.defaultErrnoRet, "defaultErrnoRet", "", "calls that are denied pretend success")
	}
	if r.def == seccomp.Errno(seccomp.MaxErrno) {
		r.note(Info, "errno-4095", p.at.defaultErrnoRet, "defaultErrnoRet", "", "libseccomp refuses errno 4095")
	}
	if _, most, _ := scmp.Action(p.DefaultAction); p.DefaultErrnoRet != nil && most == 0 {
		r.mend(removing("defaultErrnoRet"))
		r.note(Warning, "unused-errno", p.at.defaultErrnoRet, "defaultErrnoRet", "",
			"%s carries no number", p.DefaultAction)
	}
	if h := r.target.Arch; len(r.arches) > 1 && len(p.ArchMap) > 0 && !dockerMaps(h) {
		r.note(Info, "arch-map", p.at.archMap, "archMap", "", "%s does not apply it on %v", dockerForgets(h), h)
	}
	if p.Dialect == Podman {
		r.notePodman()
	}
	for _, a := range r.arches {
		if a.Token() != "" && !runcKnows(a) {
			r.note(Info, "arch-not-in-runc", p.at.architectures, "", "", "runc does not know the architecture %s", a.Token())
		}
		if a == arch.LoongArch64 && (slices.Contains(p.Architectures, a.Token()) || len(p.ArchMap) > 0) {
			r.note(Info, "arch-not-in-runc", p.at.architectures, "", "", "runc of before 1.4.1 does not know the architecture %s", a.Token())
		}
	}
	r.byteOrder()
}

// byteOrder says which ABIs libseccomp does not take into one filter with the target's.
//
// libseccomp refuses to add an ABI of the other byte order to a filter.
func (r *resolver) byteOrder() {
	var list []string
	for _, a := range r.arches[1:] {
		if a.BigEndian() != r.arches[0].BigEndian() {
			list = append(list, a.String())
		}
	}
	if len(list) > 0 {
		r.note(Info, "byte-order", max(r.p.at.architectures, r.p.at.archMap), "", "",
			"runc refuses the list of architectures: the byte order of %s is not that of %v", wording.Join(list), r.arches[0])
	}
}

// dockerMaps says whether every Docker finds the entry of archMap for a host. Before
// moby/profiles/seccomp 0.3.0 it looked for loong64 and mipsle under names that its table
// did not have; mips has no entry.
func dockerMaps(a arch.Arch) bool {
	return scmp.DockerMachine(a) != "" && a != arch.X32 && a != arch.LoongArch64 && a != arch.MIPSEL
}

// dockerForgets names the Docker that does not find the entry for a host.
func dockerForgets(a arch.Arch) string {
	if a == arch.LoongArch64 || a == arch.MIPSEL {
		return "Docker with moby/profiles of before 0.3.0 (October 2026)"
	}
	return "Docker"
}

// runcKnows says whether runc accepts the ABI's token.
//
// runc reads 18 tokens, and SCMP_ARCH_NATIVE is not among them
// (libcontainer/seccomp/config.go).
func runcKnows(a arch.Arch) bool {
	switch a {
	case arch.M68K, arch.PARISC, arch.PARISC64, arch.SH, arch.SHEB:
		return false
	}
	return true
}
