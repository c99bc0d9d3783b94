// SPDX-License-Identifier: Apache-2.0

//go:build linux && (mips || mipsle)

#include "textflag.h"

// func clone(flags uintptr) uintptr
//
// The kernel keeps the link register, and tells of an error in R7, with
// a positive errno. It reads the fifth argument, which the flags given here do
// not need, from the stack, where anything may be.
TEXT ·clone(SB), NOSPLIT|NOFRAME, $0-8
	MOVW flags+0(FP), R4
	MOVW R0, R5           // stack: the caller's
	MOVW R0, R6
	MOVW R0, R7
	MOVW $4120, R2        // __NR_clone
	SYSCALL
	BEQ  R7, done
	SUBU R2, R0, R2
done:
	MOVW R2, ret+4(FP)
	RET
