#include "textflag.h"

// func call(number, arg uintptr)
TEXT ·call(SB), NOSPLIT, $0-16
	INCQ number+0(FP)
	MOVQ number+0(FP), AX
	MOVQ arg+8(FP), DI
	SYSCALL
	RET
