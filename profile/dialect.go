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
	// OCI is the LinuxSeccomp object of the OCI runtime specification.
	OCI
)

var dialectNames = [...]string{Docker: "docker", OCI: "oci"}

// ParseDialect reads "docker" or "oci".
func ParseDialect(name string) (Dialect, error) {
	for d, n := range dialectNames {
		if n == name {
			return Dialect(d), nil
		}
	}
	return 0, fmt.Errorf("unknown dialect %q, want docker or oci", name)
}

// String is what ParseDialect reads.
func (d Dialect) String() string {
	if int(d) >= len(dialectNames) {
		return fmt.Sprintf("Dialect(%d)", uint8(d))
	}
	return dialectNames[d]
}
