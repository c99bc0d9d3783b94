// SPDX-License-Identifier: Apache-2.0

package scmp

import "github.com/gosieve/sieve/arch"

// Machine returns an ABI's name in the includes and excludes of Podman's profiles
// (containers/common): that of libseccomp-golang's ScmpArch.String, empty if it has none.
// Docker's own names differ in places (DockerMachine).
func Machine(a arch.Arch) string {
	switch a {
	case arch.X86_64:
		return "amd64"
	case arch.AArch64:
		return "arm64"
	case arch.LoongArch64:
		return "loong64"
	}
	if a.Token() == "" {
		return ""
	}
	return a.String()
}

// DockerMachine is an ABI's name in the arches filters of Docker's profiles, "" where it has
// none: such a host matches no filter. See the table goToNative of
// github.com/moby/profiles/seccomp; x32, which is never a host, is in its
// default profile.
func DockerMachine(a arch.Arch) string {
	switch a {
	case arch.X86_64:
		return "amd64"
	case arch.AArch64:
		return "arm64"
	case arch.MIPSEL64N32:
		return "mips3l64n32"
	case arch.X86, arch.X32, arch.ARM, arch.LoongArch64, arch.MIPSEL, arch.MIPS64, arch.MIPSEL64, arch.MIPS64N32,
		arch.PPC, arch.PPC64, arch.PPC64LE, arch.RISCV64, arch.S390, arch.S390X:
		return a.String()
	}
	return ""
}
