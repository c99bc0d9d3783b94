// SPDX-License-Identifier: Apache-2.0

#include "textflag.h"

// func clone(flags uintptr) uintptr
//
// The child runs on the same stack and overwrites the return address that CALL
// has left there, so it is kept in a register.
TEXT ·clone(SB), NOSPLIT|NOFRAME, $0-16
	MOVQ flags+0(FP), DI
	XORL SI, SI           // stack: the caller's
	XORL DX, DX
	XORL R10, R10
	XORL R8, R8
	MOVL $56, AX          // __NR_clone
	POPQ R12
	SYSCALL
	PUSHQ R12
	MOVQ AX, ret+8(FP)
	RET
