#include "textflag.h"

// func call(number, arg uintptr)
TEXT ·call(SB), NOSPLIT, $0-16
	MOVQ number+0(FP), CX
	MOVQ arg+8(FP), DI
	MOVQ CX, AX
	SYSCALL
	RET
