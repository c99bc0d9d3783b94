// SPDX-License-Identifier: Apache-2.0

//go:build linux && (ppc64 || ppc64le)

#include "textflag.h"

// func clone(flags uintptr) uintptr
//
// The kernel keeps the link register, and tells of an error in the condition
// register, with a positive errno.
TEXT ·clone(SB), NOSPLIT|NOFRAME, $0-16
	MOVD flags+0(FP), R3
	MOVD $0, R4           // stack: the caller's
	MOVD $0, R5
	MOVD $0, R6
	MOVD $0, R7
	MOVD $120, R9         // __NR_clone
	SYSCALL R9
	BVC  done
	NEG  R3, R3
done:
	MOVD R3, ret+8(FP)
	RET
