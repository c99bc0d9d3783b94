#include "textflag.h"

// func call()
TEXT ·call(SB), NOSPLIT, $0-0
	MOVQ $39, AX
	PUSHQ $163
	POPQ AX
	MOVQ $1, DI
	SYSCALL
	RET
