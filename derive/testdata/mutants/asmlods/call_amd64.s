#include "textflag.h"

// func call()
TEXT ·call(SB), NOSPLIT, $0-0
	MOVQ $39, AX
	LEAQ ·number(SB), SI
	LODSQ
	MOVQ $1, DI
	SYSCALL
	RET
