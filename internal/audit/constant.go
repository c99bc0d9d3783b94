// SPDX-License-Identifier: Apache-2.0

package audit

import (
	"github.com/gosieve/sieve/arch"
	"github.com/gosieve/sieve/internal/constants"
)

// constantOf is the value of a constant on any ABI. Package constants knows the ABIs of
// golang.org/x/sys; the others have the values of a relative, or else the common ones, but for
// the few that stand here (include/uapi and arch/*/include/uapi, Linux 7.2).
func constantOf(name string, abi arch.Arch) (uint64, bool) {
	if v, ok := ours(name); ok {
		return v, true
	}
	switch abi {
	case arch.SH, arch.SHEB: // asm/ioctls.h
		switch name {
		case "TIOCSTI":
			return 0x40015412, true
		case "TIOCLINUX":
			return 0x4001541c, true
		}
	case arch.PARISC, arch.PARISC64: // asm/socket.h and fcntl.h
		switch name {
		case "SOCK_NONBLOCK":
			return 0x40000000, true
		case "SOCK_CLOEXEC":
			return 0x200000, true
		}
	}
	v, ok, _ := constants.Value(name, relative(abi))
	return v, ok
}

// relative is an ABI that package constants knows, with the same values.
func relative(abi arch.Arch) arch.Arch {
	switch abi {
	case arch.MIPS64N32:
		return arch.MIPS64
	case arch.MIPSEL64N32:
		return arch.MIPSEL64
	case arch.X32, arch.S390, arch.RISCV32, arch.M68K, arch.SH, arch.SHEB, arch.PARISC, arch.PARISC64:
		return arch.X86_64
	}
	return abi
}

// ours are constants of headers that package constants does not read. They are the same on all ABIs.
func ours(name string) (uint64, bool) {
	switch name {
	case "ADDR_NO_RANDOMIZE": // linux/personality.h
		return 0x0040000, true
	case "MMAP_PAGE_ZERO":
		return 0x0100000, true
	case "ADDR_COMPAT_LAYOUT":
		return 0x0200000, true
	case "READ_IMPLIES_EXEC":
		return 0x0400000, true
	case "OPEN_TREE_NAMESPACE", "FSMOUNT_NAMESPACE": // linux/mount.h
		return 1 << 1, true
	case "UNSHARE_EMPTY_MNTNS": // linux/sched.h
		return 0x0100000, true
	case "NETLINK_NETFILTER": // linux/netlink.h
		return 12, true
	case "SECCOMP_SET_MODE_FILTER": // linux/seccomp.h
		return 1, true
	case "SECCOMP_FILTER_FLAG_NEW_LISTENER":
		return 1 << 3, true
	}
	return 0, false
}
