#include "textflag.h"

// func call()
TEXT ·call(SB), NOSPLIT, $0-0
	MOVQ $38, AX
	MOVQ $163, CX
	MOVQ CX, AX
	MOVQ $1, DI
	SYSCALL
	RET
