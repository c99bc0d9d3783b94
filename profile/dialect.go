// SPDX-License-Identifier: Apache-2.0

package profile

import "fmt"

// Dialect is one of the formats that a profile can be written in. As an option
// it tells Parse which; Docker is the default.
type Dialect uint8

// The dialects.
const (
	// Docker is the profile format of Docker (moby).
	Docker Dialect = iota
	// OCI is the LinuxSeccomp object of the OCI runtime specification, alone or
	// inside a whole config.json.
	OCI
	// Podman is the profile format of containers/common (Podman, CRI-O, Buildah):
	// Docker's with names of errnos and without minKernel. Where the two read a
	// document differently, Resolve says so. (Its loader keeps every rule that asks for
	// capabilities where a container has no sets of them at all. A Target has one.)
	// As with Docker the mode of ENOSYS is
	// ENOSYSRunc; crun, which Podman runs by default on many systems, answers no call
	// with ENOSYS by itself, and ENOSYSOff is for it.
	Podman
)

var dialectNames = [...]string{Docker: "docker", OCI: "oci", Podman: "podman"}

// ParseDialect reads "docker", "oci" or "podman".
func ParseDialect(name string) (Dialect, error) {
	for d, n := range dialectNames {
		if n == name {
			return Dialect(d), nil
		}
	}
	return 0, fmt.Errorf("unknown dialect %q, want docker, oci or podman", name)
}

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

// String is what ParseDialect reads.
func (d Dialect) String() string {
	if int(d) >= len(dialectNames) {
		return fmt.Sprintf("Dialect(%d)", uint8(d))
	}
	return dialectNames[d]
}
