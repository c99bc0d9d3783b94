#include "textflag.h"

// func call()
TEXT ·call(SB), NOSPLIT, $0-0
	MOVQ $39, AX
	XORL CX, CX
	LEAQ 163(CX), AX
	MOVQ $1, DI
	SYSCALL
	RET
