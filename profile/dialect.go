// SPDX-License-Identifier: Apache-2.0

package profile

import (
	"cmp"
	"fmt"
)

// Dialect is one of the formats that a profile can be written in: "docker". In says to Parse
// which. Parse of this package reads Docker, OCI and Podman; dialect.Parse reads all.
type Dialect string

// The dialects.
const (
	// Docker is the profile format of Docker (moby).
	Docker Dialect = "docker"
	// OCI is the LinuxSeccomp object of the OCI runtime specification, alone or
	// inside a whole config.json.
	OCI Dialect = "oci"
	// Podman is the profile format of containers/common (Podman, CRI-O, Buildah): Docker's
	// with names of errnos and without minKernel. Where the two read a document differently,
	// Resolve says so. (Podman's loader keeps every rule that asks for capabilities if a
	// container has no sets of them at all. A Target always has one.)
	//
	// The mode of ENOSYS is ENOSYSRunc, as with Docker. Many systems run containers with crun,
	// which answers no call with ENOSYS by itself: ENOSYSOff is for those.
	Podman Dialect = "podman"

	Mesos       Dialect = "mesos"       // the isolator linux/seccomp of a Mesos agent: profile/mesos
	SPO         Dialect = "spo"         // SeccompProfile of the Kubernetes Security Profiles Operator: profile/spo
	Systemd     Dialect = "systemd"     // SystemCallFilter= of units: profile/systemd
	Minijail    Dialect = "minijail"    // policies of minijail0 -S: profile/minijail
	Firecracker Dialect = "firecracker" // filters of Firecracker and seccompiler: profile/firecracker
)

// family says whether this package reads the dialect. A Profile that a program made and
// that says none is a docker one.
func (d Dialect) family() bool {
	return d == "" || d == Docker || d == OCI || d == Podman
}

// strange says that this package does not read the dialect.
func (d Dialect) strange() string {
	return fmt.Sprintf("unknown dialect %q, want docker, oci or podman; dialect.Parse reads others", string(d))
}

// dialect is that of a profile, also of one that a program made.
func (p *Profile) dialect() Dialect { return cmp.Or(p.Dialect, Docker) }

// tool is who reads the dialect.
func (d Dialect) tool() string {
	switch d {
	case OCI:
		return "runc"
	case Podman:
		return "Podman"
	}
	return "Docker"
}
