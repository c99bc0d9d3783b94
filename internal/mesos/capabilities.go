// SPDX-License-Identifier: Apache-2.0

package mesos

// Capabilities are what decides a container's capability sets. A nil list is one that
// is not given; an empty one is given and empty.
type Capabilities struct {
	Process   []string // the bounding set of the launcher: "CAP_CHOWN"
	Effective []string // the container's effective_capabilities
	Bounding  []string // the container's bounding_capabilities
}

// Set is the bounding set that includes and excludes ask about, as the launcher computes it.
// It begins with the launcher's own. The effective capabilities, if given, replace all sets.
// The bounding ones, if given, then replace the bounding set.
func (c Capabilities) Set() []string {
	switch {
	case c.Bounding != nil:
		return c.Bounding
	case c.Effective != nil:
		return c.Effective
	}
	return c.Process
}
