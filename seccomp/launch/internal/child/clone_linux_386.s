// SPDX-License-Identifier: Apache-2.0

#include "textflag.h"

// func clone(flags uintptr) uintptr
//
// The child runs on the same stack and overwrites the return address that CALL
// has left there, so it is kept in a register. int $0x80 keeps all but EAX.
TEXT ·clone(SB), NOSPLIT|NOFRAME, $0-8
	MOVL flags+0(FP), BX
	XORL CX, CX           // stack: the caller's
	XORL DX, DX
	XORL SI, SI
	XORL DI, DI
	MOVL $120, AX         // __NR_clone
	POPL BP
	INT $0x80
	PUSHL BP
	MOVL AX, ret+4(FP)
	RET
