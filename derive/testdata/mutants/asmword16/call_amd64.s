#include "textflag.h"

// func call()
TEXT ·call(SB), NOSPLIT, $0-0
	MOVQ $39, AX
	MOVW $163, AX
	MOVQ $1, DI
	SYSCALL
	RET
