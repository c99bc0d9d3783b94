// SPDX-License-Identifier: Apache-2.0

package errnos

import (
	"slices"

	"github.com/gosieve/sieve/arch"
	"github.com/gosieve/sieve/seccomp"
)

// Number is the number of an errno name like "ENOSYS" on an ABI: 38, but 89 on MIPS and
// 251 on PA-RISC. The names are those of the kernel's headers
// (include/uapi/asm-generic/errno.h and
// arch/{mips,parisc,powerpc}/include/uapi/asm/errno.h), and ENOTSUP, which is the C
// library's.
//
// Numbers are a property of the kernel's ABI, not of the process that asks: a filter that
// returns 38 on MIPS does not say ENOSYS there. Endianness and width of an ABI change
// nothing.
func Number(name string, a arch.Arch) (number uint32, ok bool) {
	if !a.Valid() {
		return 0, false
	}
	i := errnoIndex(name)
	if i < 0 {
		return 0, false
	}
	row := &errnos[i]
	switch a {
	case arch.MIPS, arch.MIPSEL, arch.MIPS64, arch.MIPSEL64, arch.MIPS64N32, arch.MIPSEL64N32:
		return uint32(row.mips), true
	case arch.PARISC, arch.PARISC64:
		return uint32(row.parisc), true
	case arch.PPC, arch.PPC64, arch.PPC64LE:
		// PowerPC alone tells EDEADLOCK from EDEADLK (arch/powerpc/include/uapi/asm/errno.h).
		if name == "EDEADLOCK" {
			return 58, true
		}
	}
	return uint32(row.generic), true
}

// ENOSYS returns the action that answers like a kernel without the call
// (include/uapi/asm-generic/errno.h, arch/{mips,parisc}/include/uapi/asm/errno.h). It is
// written out beside Number, which has a second result: this number is never unknown.
func ENOSYS(a arch.Arch) seccomp.Action {
	switch a {
	case arch.MIPS, arch.MIPSEL, arch.MIPS64, arch.MIPSEL64, arch.MIPS64N32, arch.MIPSEL64N32:
		return seccomp.Errno(89)
	case arch.PARISC, arch.PARISC64:
		return seccomp.Errno(251)
	}
	return seccomp.Errno(38)
}

// errnoIndex is a name's index in errnos, -1 if it has none. Names are upper case, as C has
// them. The table is in the order of the generic numbers, for readers, so the search is a
// plain one: a document names a handful.
func errnoIndex(name string) int {
	return slices.IndexFunc(errnos[:], func(r errnoRow) bool { return r.name == name })
}

// Names are the names that Podman's profiles may use in errno and defaultErrno. The list of
// containers/common is shorter than the kernel's: EINTR, EPROTO and others are not in it.
func Names() []string {
	var list []string
	for i := range errnos {
		if errnos[i].podman {
			list = append(list, errnos[i].name)
		}
	}
	return list
}

// InPodman reports whether Podman knows a name, and so reads a profile that uses it.
func InPodman(name string) bool {
	i := errnoIndex(name)
	return i >= 0 && errnos[i].podman
}

// errnoRow is an errno: its number by family of ABIs, and whether Podman
// (containers/common, pkg/seccomp/errno_list.go) knows the name. The generic numbers are
// those of all ABIs but MIPS and PA-RISC; powerpc's one exception is in Number.
type errnoRow struct {
	name                  string
	generic, mips, parisc uint16
	podman                bool
}

// errnos are the kernel's errnos in the order of their generic numbers.
var errnos = [...]errnoRow{
	{"EPERM", 1, 1, 1, true},
	{"ENOENT", 2, 2, 2, true},
	{"ESRCH", 3, 3, 3, true},
	{"EINTR", 4, 4, 4, false},
	{"EIO", 5, 5, 5, true},
	{"ENXIO", 6, 6, 6, true},
	{"E2BIG", 7, 7, 7, true},
	{"ENOEXEC", 8, 8, 8, true},
	{"EBADF", 9, 9, 9, true},
	{"ECHILD", 10, 10, 10, true},
	{"EAGAIN", 11, 11, 11, true},
	{"EWOULDBLOCK", 11, 11, 11, false},
	{"ENOMEM", 12, 12, 12, true},
	{"EACCES", 13, 13, 13, true},
	{"EFAULT", 14, 14, 14, true},
	{"ENOTBLK", 15, 15, 15, true},
	{"EBUSY", 16, 16, 16, true},
	{"EEXIST", 17, 17, 17, true},
	{"EXDEV", 18, 18, 18, true},
	{"ENODEV", 19, 19, 19, true},
	{"ENOTDIR", 20, 20, 20, true},
	{"EISDIR", 21, 21, 21, true},
	{"EINVAL", 22, 22, 22, true},
	{"ENFILE", 23, 23, 23, true},
	{"EMFILE", 24, 24, 24, true},
	{"ENOTTY", 25, 25, 25, true},
	{"ETXTBSY", 26, 26, 26, true},
	{"EFBIG", 27, 27, 27, true},
	{"ENOSPC", 28, 28, 28, true},
	{"ESPIPE", 29, 29, 29, true},
	{"EROFS", 30, 30, 30, true},
	{"EMLINK", 31, 31, 31, true},
	{"EPIPE", 32, 32, 32, true},
	{"EDOM", 33, 33, 33, true},
	{"ERANGE", 34, 34, 34, true},
	// The numbers up to 34 are the same everywhere (include/uapi/asm-generic/errno-base.h). From
	// here on MIPS and PA-RISC have their own (PA-RISC those of HP-UX, where that has them).
	{"EDEADLK", 35, 45, 45, true},
	{"EDEADLOCK", 35, 56, 45, false},
	{"ENAMETOOLONG", 36, 78, 248, true},
	{"ENOLCK", 37, 46, 46, true},
	{"ENOSYS", 38, 89, 251, true},
	{"ENOTEMPTY", 39, 93, 247, true},
	{"ELOOP", 40, 90, 249, true},
	{"ENOMSG", 42, 35, 35, true},
	{"EIDRM", 43, 36, 36, true},
	{"ECHRNG", 44, 37, 37, false},
	{"EL2NSYNC", 45, 38, 38, false},
	{"EL3HLT", 46, 39, 39, false},
	{"EL3RST", 47, 40, 40, false},
	{"ELNRNG", 48, 41, 41, false},
	{"EUNATCH", 49, 42, 42, false},
	{"ENOCSI", 50, 43, 43, false},
	{"EL2HLT", 51, 44, 44, false},
	{"EBADE", 52, 50, 160, false},
	{"EBADR", 53, 51, 161, false},
	{"EXFULL", 54, 52, 162, false},
	{"ENOANO", 55, 53, 163, false},
	{"EBADRQC", 56, 54, 164, false},
	{"EBADSLT", 57, 55, 165, false},
	{"EBFONT", 59, 59, 166, false},
	{"ENOSTR", 60, 60, 54, false},
	{"ENODATA", 61, 61, 51, false},
	{"ETIME", 62, 62, 52, false},
	{"ENOSR", 63, 63, 53, false},
	{"ENONET", 64, 64, 50, false},
	{"ENOPKG", 65, 65, 55, false},
	{"EREMOTE", 66, 66, 71, true},
	{"ENOLINK", 67, 67, 57, false},
	{"EADV", 68, 68, 58, false},
	{"ESRMNT", 69, 69, 59, false},
	{"ECOMM", 70, 70, 60, false},
	{"EPROTO", 71, 71, 61, false},
	{"EMULTIHOP", 72, 74, 64, false},
	{"EDOTDOT", 73, 73, 66, false},
	{"EBADMSG", 74, 77, 67, true},
	{"EOVERFLOW", 75, 79, 72, true},
	{"ENOTUNIQ", 76, 80, 167, false},
	{"EBADFD", 77, 81, 168, false},
	{"EREMCHG", 78, 82, 169, false},
	{"ELIBACC", 79, 83, 170, false},
	{"ELIBBAD", 80, 84, 171, false},
	{"ELIBSCN", 81, 85, 172, false},
	{"ELIBMAX", 82, 86, 173, false},
	{"ELIBEXEC", 83, 87, 174, false},
	{"EILSEQ", 84, 88, 47, true},
	{"ERESTART", 85, 91, 175, false},
	{"ESTRPIPE", 86, 92, 176, false},
	{"EUSERS", 87, 94, 68, true},
	{"ENOTSOCK", 88, 95, 216, true},
	{"EDESTADDRREQ", 89, 96, 217, true},
	{"EMSGSIZE", 90, 97, 218, true},
	{"EPROTOTYPE", 91, 98, 219, true},
	{"ENOPROTOOPT", 92, 99, 220, true},
	{"EPROTONOSUPPORT", 93, 120, 221, true},
	{"ESOCKTNOSUPPORT", 94, 121, 222, true},
	{"ENOTSUP", 95, 122, 252, true},
	{"EOPNOTSUPP", 95, 122, 223, true},
	{"EPFNOSUPPORT", 96, 123, 224, true},
	{"EAFNOSUPPORT", 97, 124, 225, true},
	{"EADDRINUSE", 98, 125, 226, true},
	{"EADDRNOTAVAIL", 99, 126, 227, true},
	{"ENETDOWN", 100, 127, 228, true},
	{"ENETUNREACH", 101, 128, 229, true},
	{"ENETRESET", 102, 129, 230, true},
	{"ECONNABORTED", 103, 130, 231, true},
	{"ECONNRESET", 104, 131, 232, true},
	{"ENOBUFS", 105, 132, 233, true},
	{"EISCONN", 106, 133, 234, true},
	{"ENOTCONN", 107, 134, 235, true},
	{"ESHUTDOWN", 108, 143, 236, true},
	{"ETOOMANYREFS", 109, 144, 237, true},
	{"ETIMEDOUT", 110, 145, 238, true},
	{"ECONNREFUSED", 111, 146, 239, true},
	{"EHOSTDOWN", 112, 147, 241, true},
	{"EHOSTUNREACH", 113, 148, 242, true},
	{"EALREADY", 114, 149, 244, true},
	{"EINPROGRESS", 115, 150, 245, true},
	{"ESTALE", 116, 151, 70, true},
	{"EUCLEAN", 117, 135, 177, false},
	{"ENOTNAM", 118, 137, 178, false},
	{"ENAVAIL", 119, 138, 179, false},
	{"EISNAM", 120, 139, 180, false},
	{"EREMOTEIO", 121, 140, 181, false},
	{"EDQUOT", 122, 1133, 69, true},
	{"ENOMEDIUM", 123, 159, 182, true},
	{"EMEDIUMTYPE", 124, 160, 183, true},
	{"ECANCELED", 125, 158, 253, true},
	{"ENOKEY", 126, 161, 184, false},
	{"EKEYEXPIRED", 127, 162, 185, false},
	{"EKEYREVOKED", 128, 163, 186, false},
	{"EKEYREJECTED", 129, 164, 187, false},
	{"EOWNERDEAD", 130, 165, 254, true},
	{"ENOTRECOVERABLE", 131, 166, 255, true},
	{"ERFKILL", 132, 167, 256, false},
	{"EHWPOISON", 133, 168, 257, false},
}
