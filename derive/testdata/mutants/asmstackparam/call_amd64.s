#include "textflag.h"

// func call(number, arg uintptr)
TEXT ·call(SB), NOSPLIT, $0-16
	MOVQ 8(SP), AX
	MOVQ 16(SP), DI
	SYSCALL
	RET
