#include "textflag.h"

// func call()
TEXT ·call(SB), NOSPLIT, $0-0
	MOVQ $39, AX
	MOVQ $163, CX
	TESTQ CX, CX
	CMOVQNE CX, AX
	MOVQ $1, DI
	SYSCALL
	RET
