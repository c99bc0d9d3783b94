// SPDX-License-Identifier: Apache-2.0

//go:build linux && (mips64 || mips64le)

#include "textflag.h"

// func clone(flags uintptr) uintptr
//
// The kernel keeps the link register, and tells of an error in R7, with
// a positive errno.
TEXT ·clone(SB), NOSPLIT|NOFRAME, $0-16
	MOVV flags+0(FP), R4
	MOVV R0, R5           // stack: the caller's
	MOVV R0, R6
	MOVV R0, R7
	MOVV R0, R8
	MOVV $5055, R2        // __NR_clone
	SYSCALL
	BEQ  R7, done
	SUBVU R2, R0, R2
done:
	MOVV R2, ret+8(FP)
	RET
