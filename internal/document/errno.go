// SPDX-License-Identifier: Apache-2.0

package document

import (
	"strconv"
	"strings"

	"github.com/gosieve/sieve/arch"
)

// Errno is the number of an errno's name on an ABI. It is false for a name that
// is none, and for one whose number there is not known: those above ERANGE on
// PA-RISC.
func Errno(a arch.Arch, name string) (uint16, bool) {
	if n, ok := generic[name]; ok && n <= lastCommon {
		return n, true
	}
	switch a {
	case arch.MIPS, arch.MIPSEL, arch.MIPS64, arch.MIPSEL64, arch.MIPS64N32, arch.MIPSEL64N32:
		n, ok := mips[name]
		return n, ok
	case arch.PARISC, arch.PARISC64:
		return 0, false
	case arch.PPC, arch.PPC64, arch.PPC64LE:
		if name == "EDEADLOCK" {
			return 58, true // arch/powerpc/include/uapi/asm/errno.h
		}
	}
	n, ok := generic[name]
	return n, ok
}

// ErrnoName is the name of a number on an ABI, empty if it has none. Of several
// it is not an alias.
func ErrnoName(a arch.Arch, n uint16) string {
	best := ""
	for name := range generic {
		if m, ok := Errno(a, name); ok && m == n && !aliases[name] && (best == "" || name < best) {
			best = name
		}
	}
	return best
}

// IsErrno says whether a name is an errno's on some ABI.
func IsErrno(name string) bool { return generic[name] != 0 || mips[name] != 0 }

// lastCommon is ERANGE, the last of the numbers that all ABIs share
// (include/uapi/asm-generic/errno-base.h).
const lastCommon = 34

var (
	generic = inOrder(genericNames)
	mips    = withNumbers(mipsNames)
	aliases = map[string]bool{"EWOULDBLOCK": true, "EDEADLOCK": true, "ENOTSUP": true}
)

// inOrder gives the names the numbers from 1 on.
func inOrder(names string) map[string]uint16 {
	m := map[string]uint16{"EWOULDBLOCK": 11, "EDEADLOCK": 35, "ENOTSUP": 95}
	for i, name := range strings.Fields(names) {
		if name != "-" {
			m[name] = uint16(i + 1)
		}
	}
	return m
}

// withNumbers reads "EIDRM=36".
func withNumbers(names string) map[string]uint16 {
	m := map[string]uint16{}
	for _, field := range strings.Fields(names) {
		name, number, _ := strings.Cut(field, "=")
		n, err := strconv.ParseUint(number, 10, 16)
		if err != nil {
			panic("document: table of errnos: " + err.Error())
		}
		m[name] = uint16(n)
	}
	return m
}

// genericNames are the numbers from 1 (include/uapi/asm-generic/errno-base.h and
// errno.h); "-" is a number without a name.
const genericNames = "" +
	"EPERM ENOENT ESRCH EINTR EIO ENXIO E2BIG ENOEXEC EBADF ECHILD EAGAIN ENOMEM EACCES EFAULT ENOTBLK " +
	"EBUSY EEXIST EXDEV ENODEV ENOTDIR EISDIR EINVAL ENFILE EMFILE ENOTTY ETXTBSY EFBIG ENOSPC ESPIPE " +
	"EROFS EMLINK EPIPE EDOM ERANGE EDEADLK ENAMETOOLONG ENOLCK ENOSYS ENOTEMPTY ELOOP - ENOMSG EIDRM " +
	"ECHRNG EL2NSYNC EL3HLT EL3RST ELNRNG EUNATCH ENOCSI EL2HLT EBADE EBADR EXFULL ENOANO EBADRQC " +
	"EBADSLT - EBFONT ENOSTR ENODATA ETIME ENOSR ENONET ENOPKG EREMOTE ENOLINK EADV ESRMNT ECOMM " +
	"EPROTO EMULTIHOP EDOTDOT EBADMSG EOVERFLOW ENOTUNIQ EBADFD EREMCHG ELIBACC ELIBBAD ELIBSCN " +
	"ELIBMAX ELIBEXEC EILSEQ ERESTART ESTRPIPE EUSERS ENOTSOCK EDESTADDRREQ EMSGSIZE EPROTOTYPE " +
	"ENOPROTOOPT EPROTONOSUPPORT ESOCKTNOSUPPORT EOPNOTSUPP EPFNOSUPPORT EAFNOSUPPORT EADDRINUSE " +
	"EADDRNOTAVAIL ENETDOWN ENETUNREACH ENETRESET ECONNABORTED ECONNRESET ENOBUFS EISCONN ENOTCONN " +
	"ESHUTDOWN ETOOMANYREFS ETIMEDOUT ECONNREFUSED EHOSTDOWN EHOSTUNREACH EALREADY EINPROGRESS ESTALE " +
	"EUCLEAN ENOTNAM ENAVAIL EISNAM EREMOTEIO EDQUOT ENOMEDIUM EMEDIUMTYPE ECANCELED ENOKEY " +
	"EKEYEXPIRED EKEYREVOKED EKEYREJECTED EOWNERDEAD ENOTRECOVERABLE ERFKILL EHWPOISON"

// mipsNames are those above ERANGE on MIPS (arch/mips/include/uapi/asm/errno.h).
const mipsNames = "" +
	"ENOMSG=35 EIDRM=36 ECHRNG=37 EL2NSYNC=38 EL3HLT=39 EL3RST=40 ELNRNG=41 EUNATCH=42 ENOCSI=43 " +
	"EL2HLT=44 EDEADLK=45 ENOLCK=46 EBADE=50 EBADR=51 EXFULL=52 ENOANO=53 EBADRQC=54 EBADSLT=55 " +
	"EDEADLOCK=56 EBFONT=59 ENOSTR=60 ENODATA=61 ETIME=62 ENOSR=63 ENONET=64 ENOPKG=65 EREMOTE=66 " +
	"ENOLINK=67 EADV=68 ESRMNT=69 ECOMM=70 EPROTO=71 EDOTDOT=73 EMULTIHOP=74 EBADMSG=77 " +
	"ENAMETOOLONG=78 EOVERFLOW=79 ENOTUNIQ=80 EBADFD=81 EREMCHG=82 ELIBACC=83 ELIBBAD=84 ELIBSCN=85 " +
	"ELIBMAX=86 ELIBEXEC=87 EILSEQ=88 ENOSYS=89 ELOOP=90 ERESTART=91 ESTRPIPE=92 ENOTEMPTY=93 " +
	"EUSERS=94 ENOTSOCK=95 EDESTADDRREQ=96 EMSGSIZE=97 EPROTOTYPE=98 ENOPROTOOPT=99 " +
	"EPROTONOSUPPORT=120 ESOCKTNOSUPPORT=121 ENOTSUP=122 EOPNOTSUPP=122 EPFNOSUPPORT=123 " +
	"EAFNOSUPPORT=124 EADDRINUSE=125 EADDRNOTAVAIL=126 ENETDOWN=127 ENETUNREACH=128 ENETRESET=129 " +
	"ECONNABORTED=130 ECONNRESET=131 ENOBUFS=132 EISCONN=133 ENOTCONN=134 EUCLEAN=135 ENOTNAM=137 " +
	"ENAVAIL=138 EISNAM=139 EREMOTEIO=140 EINIT=141 EREMDEV=142 ESHUTDOWN=143 ETOOMANYREFS=144 " +
	"ETIMEDOUT=145 ECONNREFUSED=146 EHOSTDOWN=147 EHOSTUNREACH=148 EALREADY=149 EINPROGRESS=150 " +
	"ESTALE=151 ECANCELED=158 ENOMEDIUM=159 EMEDIUMTYPE=160 ENOKEY=161 EKEYEXPIRED=162 EKEYREVOKED=163 " +
	"EKEYREJECTED=164 EOWNERDEAD=165 ENOTRECOVERABLE=166 ERFKILL=167 EHWPOISON=168 EDQUOT=1133"
