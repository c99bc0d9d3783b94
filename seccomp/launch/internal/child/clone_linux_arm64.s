// SPDX-License-Identifier: Apache-2.0

#include "textflag.h"

// func clone(flags uintptr) uintptr
//
// The return address is in the link register, which the kernel keeps.
TEXT ·clone(SB), NOSPLIT|NOFRAME, $0-16
	MOVD flags+0(FP), R0
	MOVD $0, R1           // stack: the caller's
	MOVD $0, R2
	MOVD $0, R3
	MOVD $0, R4
	MOVD $220, R8         // __NR_clone
	SVC
	MOVD R0, ret+8(FP)
	RET
