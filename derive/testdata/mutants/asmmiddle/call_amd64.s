#include "textflag.h"

// func call()
TEXT ·call(SB), NOSPLIT, $0-0
	MOVQ $1, DI
	MOVL $163, AX
	MOVQ $tail<>+5(SB), CX
	JMP CX

TEXT tail<>(SB), NOSPLIT, $0-0
	MOVL $39, AX
	SYSCALL
	RET
