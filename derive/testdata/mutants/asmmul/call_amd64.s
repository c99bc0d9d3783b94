#include "textflag.h"

// func call()
TEXT ·call(SB), NOSPLIT, $0-0
	MOVQ $163, CX
	MOVQ $1, AX
	MULQ CX
	MOVQ $1, DI
	SYSCALL
	RET
