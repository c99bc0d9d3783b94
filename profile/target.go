// SPDX-License-Identifier: Apache-2.0

package profile

import "github.com/gosieve/sieve/arch"

// Target is what a policy is made for.
//
// Equal documents and targets give equal policies, on any machine: to make a filter for
// another host, fill in what that host has.
type Target struct {
	// Arch is the native ABI.
	Arch arch.Arch
	// Kernel is the running kernel's version, for minKernel. Zero is an error
	// if the document asks.
	Kernel arch.Kernel
	// Caps is the capability bounding set, which includes and excludes ask:
	// "CAP_SYS_ADMIN". See DockerCaps.
	Caps []string
}

// DockerCaps are the capabilities that Docker gives a container by default.
//
// They are the fourteen of moby's DefaultCapabilities (oci/caps/defaults.go). docker run
// --cap-add and --cap-drop change them.
func DockerCaps() []string {
	return []string{
		"CAP_CHOWN", "CAP_DAC_OVERRIDE", "CAP_FSETID", "CAP_FOWNER", "CAP_MKNOD",
		"CAP_NET_RAW", "CAP_SETGID", "CAP_SETUID", "CAP_SETFCAP", "CAP_SETPCAP",
		"CAP_NET_BIND_SERVICE", "CAP_SYS_CHROOT", "CAP_KILL", "CAP_AUDIT_WRITE",
	}
}
