#include "textflag.h"

// func call(p pair, arg uint32)
TEXT ·call(SB), NOSPLIT, $0-20
	MOVQ p_b+8(FP), AX
	MOVL arg+16(FP), DI
	SYSCALL
	RET
