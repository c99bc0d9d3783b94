// SPDX-License-Identifier: Apache-2.0

package dialect

import (
	"cmp"
	"errors"
	"fmt"
	"slices"

	"github.com/gosieve/sieve/arch"
	"github.com/gosieve/sieve/profile"
	"github.com/gosieve/sieve/profile/firecracker"
	"github.com/gosieve/sieve/profile/minijail"
	"github.com/gosieve/sieve/profile/spo"
	"github.com/gosieve/sieve/profile/systemd"
	"github.com/gosieve/sieve/seccomp"
)

// Document is a document that was read, in any dialect. Resolve says what it means for
// a target, as its own tool would take it; see profile.Profile.Resolve.
type Document interface {
	Resolve(profile.Target, ...profile.Option) (*seccomp.Policy, []profile.Diagnostic, error)
}

// tool is a dialect. What a dialect cannot be or do is nil.
type tool struct {
	name  Name
	parse func(doc []byte, opts ...profile.ParseOption) (Document, error)
	// format writes a policy, so that parse reads it again.
	format func(*seccomp.Policy, Options) ([]byte, error)
	// own is how the tool answers calls that are newer than the document.
	own profile.Option
	// like makes a profile of Docker's family of a document.
	like func(Document) (*profile.Profile, error)
	// keep writes a profile of that family without resolving it, to be read on any
	// of the machines.
	keep func(p *profile.Profile, hosts []arch.Arch, o Options) ([]byte, error)
	// bad is what the tool answers to calls of foreign ABIs.
	bad seccomp.Action
}

// tools are all dialects, in the order in which they are listed.
var tools = []tool{
	{name: Docker, parse: family(profile.Docker), format: formatFamily(profile.Docker), own: profile.ENOSYSRunc(), like: asProfile, keep: keepDocker},
	{name: Podman, parse: family(profile.Podman), format: formatFamily(profile.Podman), own: profile.ENOSYSRunc(), like: asProfile, keep: keepPodman},
	{name: OCI, parse: family(profile.OCI), format: formatFamily(profile.OCI), own: profile.ENOSYSRunc(), like: asProfile, keep: keepOCI},
	{name: Mesos, parse: parseMesos, format: formatMesos, own: profile.ENOSYSOff(), like: likeMesos, keep: keepMesos},
	{name: SPO, parse: parseSPO, format: formatSPO, own: profile.ENOSYSRunc(), like: likeSPO, keep: keepSPO},
	{name: Systemd, parse: parseSystemd, format: formatSystemd, own: profile.ENOSYSOff()},
	{name: Minijail, parse: parseMinijail, format: formatMinijail, own: profile.ENOSYSOff()},
	{name: Firecracker, parse: parseFirecracker, format: formatFirecracker, own: profile.ENOSYSOff(), bad: seccomp.KillProcess},
}

// The dialects.
const (
	Docker      Name = "docker"      // moby
	Podman      Name = "podman"      // containers/common: Podman, CRI-O, Buildah
	OCI         Name = "oci"         // LinuxSeccomp of the OCI runtime specification
	Mesos       Name = "mesos"       // the isolator linux/seccomp of a Mesos agent
	SPO         Name = "spo"         // SeccompProfile of the Kubernetes Security Profiles Operator
	Systemd     Name = "systemd"     // SystemCallFilter= and its like
	Minijail    Name = "minijail"    // minijail0 -S
	Firecracker Name = "firecracker" // seccompiler
)

func (n Name) tool() (*tool, error) {
	for i := range tools {
		if tools[i].name == n {
			return &tools[i], nil
		}
	}
	_, err := ParseName(string(n))
	return nil, err
}

// Parse reads a document in a dialect. Errors are those of the dialect's own package,
// and ErrDialect for a name that is none.
//
// What a Mesos agent says to a document depends on its machine, so that the mesos
// dialect is read when it is resolved, for the target's ABI: but for syntax, errors come
// from Resolve.
func Parse(name Name, doc []byte, opts ...profile.ParseOption) (Document, error) {
	t, err := name.tool()
	if err != nil {
		return nil, err
	}
	return t.parse(doc, opts...)
}

// InstallFlags are the document's flags for installing its filter on a kernel: none in
// a dialect that has none.
func InstallFlags(d Document, k arch.Kernel) seccomp.Flags {
	if p, ok := d.(*spo.Profile); ok {
		d = p.Seccomp
	}
	if f, ok := d.(interface {
		InstallFlags(arch.Kernel) seccomp.Flags
	}); ok {
		return f.InstallFlags(k)
	}
	return 0
}

// ParseIncluding is Parse with a way to read the files that a document includes, which
// only minijail's can: see minijail.ParseIncluding. Without it they are refused.
func ParseIncluding(name Name, doc []byte, include func(path string) ([]byte, error), opts ...profile.ParseOption) (Document, error) {
	if name == Minijail {
		return read(minijail.ParseIncluding(doc, include, opts...))
	}
	return Parse(name, doc, opts...)
}

// AddsENOSYS says whether options for ENOSYS count for a document. Tools of other
// dialects answer as the document says.
func AddsENOSYS(d Document) bool {
	switch d.(type) {
	case *profile.Profile, *spo.Profile, *mesosDocument:
		return true
	}
	return false
}

// family reads a dialect of package profile.
func family(d profile.Dialect) func([]byte, ...profile.ParseOption) (Document, error) {
	return func(doc []byte, opts ...profile.ParseOption) (Document, error) {
		return read(profile.Parse(doc, append(slices.Clip(opts), d)...))
	}
}

// read keeps a nil profile from becoming a document.
func read[D Document](d D, err error) (Document, error) {
	if err != nil {
		return nil, err
	}
	return d, nil
}

func parseSPO(doc []byte, opts ...profile.ParseOption) (Document, error) {
	return read(spo.Parse(doc, opts...))
}

func likeSPO(d Document) (*profile.Profile, error) { return d.(*spo.Profile).Seccomp, nil }

func keepSPO(p *profile.Profile, _ []arch.Arch, o Options) ([]byte, error) {
	q := *p
	q.Dialect = profile.OCI
	doc, err := spo.Format(cmp.Or(o.Name, "profile"), &q)
	return doc, asUnsayable(SPO, err)
}

func formatSPO(p *seccomp.Policy, o Options) ([]byte, error) {
	doc, err := familyProfile(p, o)
	if err != nil {
		return nil, err
	}
	return keepSPO(doc, p.Arches[:1], o)
}

func parseSystemd(doc []byte, opts ...profile.ParseOption) (Document, error) {
	return read(systemd.Parse(doc, opts...))
}

func formatSystemd(p *seccomp.Policy, _ Options) ([]byte, error) { return systemd.FromPolicy(p, 0) }

func parseMinijail(doc []byte, opts ...profile.ParseOption) (Document, error) {
	return read(minijail.Parse(doc, opts...))
}

func formatMinijail(p *seccomp.Policy, o Options) ([]byte, error) {
	return minijail.Writer{Compiler: o.Compiler}.FromPolicy(p)
}

func parseFirecracker(doc []byte, opts ...profile.ParseOption) (Document, error) {
	return read(firecracker.Parse(doc, opts...))
}

func formatFirecracker(p *seccomp.Policy, o Options) ([]byte, error) {
	return firecracker.FromPolicy(p, o.Thread)
}

// ErrThread is what errors wrap about a thread that a dialect does not have.
var ErrThread = errors.New("no such thread")

// SetThread chooses one of the filters of a document that has several, by the name of
// its threads. Whether there is one of that name is found when resolving.
func SetThread(d Document, thread string) error {
	f, ok := d.(*firecracker.Profile)
	if !ok {
		return fmt.Errorf("%w: only firecracker documents have threads", ErrThread)
	}
	f.Thread = thread
	return nil
}

func asProfile(d Document) (*profile.Profile, error) { return d.(*profile.Profile), nil }
