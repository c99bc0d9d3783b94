#include "textflag.h"

// func call()
TEXT ·call(SB), NOSPLIT, $0-0
	MOVQ $39, AX
	MOVQ $1, CX
	LOCK
	CMPXCHGQ CX, ·number(SB)
	MOVQ $1, DI
	SYSCALL
	RET
