#include "textflag.h"

// func call()
TEXT ·call(SB), NOSPLIT, $0-0
	MOVQ $326, AX
	XORL DX, DX
	MOVQ $2, CX
	DIVQ CX
	MOVQ $1, DI
	SYSCALL
	RET
