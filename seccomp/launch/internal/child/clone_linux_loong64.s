// SPDX-License-Identifier: Apache-2.0

#include "textflag.h"

// func clone(flags uintptr) uintptr
//
// The return address is in the link register, which the kernel keeps.
TEXT ·clone(SB), NOSPLIT|NOFRAME, $0-16
	MOVV flags+0(FP), R4
	MOVV $0, R5           // stack: the caller's
	MOVV $0, R6
	MOVV $0, R7
	MOVV $0, R8
	MOVV $220, R11        // __NR_clone
	SYSCALL
	MOVV R4, ret+8(FP)
	RET
