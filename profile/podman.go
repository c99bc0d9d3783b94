// SPDX-License-Identifier: Apache-2.0

package profile

import (
	"cmp"
	"fmt"
	"slices"
	"strconv"

	"github.com/gosieve/sieve/arch"
	"github.com/gosieve/sieve/internal/errnos"
	"github.com/gosieve/sieve/internal/resolution"
	"github.com/gosieve/sieve/internal/scmp"
	"github.com/gosieve/sieve/internal/text"
	"github.com/gosieve/sieve/internal/wording"
)

// podmanMaps says whether Podman applies archMap on a host (containers/common,
// pkg/seccomp/seccomp_linux.go, nativeToSeccomp).
func podmanMaps(a arch.Arch) bool {
	switch a {
	case arch.X86_64, arch.AArch64, arch.MIPS64, arch.MIPS64N32, arch.MIPSEL64, arch.MIPSEL64N32, arch.S390X:
		return true
	}
	return false
}

// number is what an action carries on a host, nil if the document does not say. The
// name of an errno, which only Podman reads, counts before the number. (Podman's own profiles
// have both, so that Docker and runc can use them too.)
func (p *Profile) number(name string, number *uint32, a arch.Arch) *uint32 {
	if name == "" {
		return number
	}
	n, ok := p.errnoOf(name, a)
	if !ok {
		return number
	}
	return &n
}

// errnoOf is the number of an errno's name, or of a number in text.
//
// "ENOSYS" is 38 on x86_64 and 89 on MIPS; "38" is 38 everywhere. Podman has a table of
// names of its own, and a name that is not in it is refused.
func (p *Profile) errnoOf(name string, a arch.Arch) (uint32, bool) {
	if name == "" || p.Dialect != Podman {
		return 0, false
	}
	if n, err := strconv.ParseUint(name, 10, 32); err == nil {
		return uint32(n), true
	}
	if !errnos.InPodman(name) {
		return 0, false
	}
	return errnos.Number(name, a)
}

// checkErrnoName refuses an errno in a dialect without names, and a number in text
// that the action cannot carry. A name that Podman does not know is refused here only
// if it is the default's: of a rule's it is where the rule applies.
func (p *Profile) checkErrnoName(name string, most uint32, at mark, path, action string) *Error {
	if p.Dialect != Podman {
		return p.wrong("unknown-errno", at, path, "the %v dialect has no names of errnos", p.dialect())
	}
	n, ok := p.errnoOf(name, arch.X86_64)
	if !ok && path == "defaultErrno" {
		return p.unknownErrno(name, at, path)
	}
	if _, err := strconv.ParseUint(name, 10, 32); err != nil {
		return nil
	}
	return p.checkErrno(&n, most, at, path, action)
}

// legacyOf is the name that a rule has beside its names, nil if it has none.
func (p *Profile) legacyOf(i int) *legacyName {
	at, ok := slices.BinarySearchFunc(p.legacy, p.Syscalls[i].at.rule, func(l legacyName, m mark) int { return cmp.Compare(l.rule, m) })
	if !ok {
		return nil
	}
	return &p.legacy[at]
}

// unknownErrno refuses a name that Podman does not know. If the kernel does, the
// number says the same.
func (p *Profile) unknownErrno(name string, at mark, path string) *Error {
	e := p.wrong("unknown-errno", at, path, "unknown errno %q", text.Clip(name))
	if n, ok := errnos.Number(name, arch.X86_64); ok {
		e.Fix = fmt.Sprintf("write %q", strconv.Itoa(int(n)))
		e.Message += fmt.Sprintf(": Podman does not know it by name; on most architectures it is %d", n)
	} else if near := wording.Nearest(name, errnos.Names()); near != "" {
		e.Fix = fmt.Sprintf("write %q", near)
		e.Message += fmt.Sprintf("; did you mean %q?", near)
	}
	return e
}

// surviving refuses what Podman refuses only in a rule that applies, and says where
// Docker would read it otherwise. containers/common checks name beside names, and names of
// errnos, after it has dropped the rules that do not apply.
func (r *resolver) surviving(i int, doc *Rule) bool {
	path := resolution.RulePath(i)
	if l := r.p.legacyOf(i); l != nil {
		r.note(Failure, "name-and-names", l.at, path+".name", "", "the rule has both name and names, want one of them")
		return false
	}
	if doc.Errno == "" {
		return true
	}
	n, ok := r.p.errnoOf(doc.Errno, r.target.Arch)
	if !ok {
		e := r.p.unknownErrno(doc.Errno, doc.at.errno, path+".errno")
		r.note(Failure, e.Code, doc.at.errno, e.Place.Path, e.Fix, "%s", e.Message)
		return false
	}
	r.noteErrnoName(n, doc.Errno, doc.ErrnoRet, doc.Action, doc.at.errno, path+".errno")
	return true
}

// noteErrnoName says what an errno's name is worth. Docker takes errnoRet beside the name,
// or EPERM without one: "errno": "ENOSYS" alone is ENOSYS for Podman and EPERM for Docker.
func (r *resolver) noteErrnoName(n uint32, name string, number *uint32, word string, at mark, path string) {
	_, most, _ := scmp.Action(word)
	docker := uint32(scmp.EPERM)
	if number != nil {
		docker = *number
	}
	switch {
	case most == 0 && number == nil: // else unused-errno speaks of the number
		r.mend(removing(path))
		r.note(Warning, "unused-errno", at, path, "", "%s carries no number", word)
	case most != 0 && docker != n:
		r.note(Info, "podman-errno", at, path, fmt.Sprintf("write \"errnoRet\": %d beside it", n),
			"%s is %d here; Docker does not read it and takes %d", name, n, docker)
	}
}

// notePodman says where Docker would read the document otherwise.
func (r *resolver) notePodman() {
	p, host := r.p, r.target.Arch
	if n, ok := p.errnoOf(p.DefaultErrno, host); ok {
		r.noteErrnoName(n, p.DefaultErrno, p.DefaultErrnoRet, p.DefaultAction, p.at.defaultErrno, "defaultErrno")
	}
	mapped := slices.ContainsFunc(p.ArchMap, func(m ArchMap) bool {
		a, _ := scmp.Arch(m.Architecture)
		return a == host && len(m.SubArchitectures) > 0
	})
	if mapped && !podmanMaps(host) {
		r.note(Info, "podman-arch-map", p.at.archMap, "archMap", "write architectures",
			"Podman does not apply it on %v: calls through any other ABI kill the thread", host)
	}
	for i := range p.Syscalls {
		doc := &p.Syscalls[i]
		r.noteMachine(i, doc.Includes, "includes")
		r.noteMachine(i, doc.Excludes, "excludes")
	}
}

// noteMachine says where a filter means the target for one of Podman and Docker
// alone: for Podman LoongArch is libseccomp's "loong64", and for Docker "loongarch64".
func (r *resolver) noteMachine(i int, f *Selector, key string) {
	host := r.target.Arch
	if f == nil || scmp.Machine(host) == scmp.DockerMachine(host) {
		return
	}
	for j, name := range f.Arches {
		at, path := r.p.source.item(f.arches, j), fmt.Sprintf("%s.%s.arches[%d]", resolution.RulePath(i), key, j)
		switch name {
		case scmp.Machine(host):
			r.note(Info, "podman-machine", at, path, "", "Podman means this machine by %q, Docker does not", name)
		case scmp.DockerMachine(host):
			r.note(Info, "podman-machine", at, path, "", "Docker means this machine by %q, Podman does not", name)
		}
	}
}
