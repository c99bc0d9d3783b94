#include "textflag.h"

// func call()
TEXT ·call(SB), NOSPLIT, $0-0
	MOVQ $162, AX
again:
	INCQ AX
	MOVQ $1, DI
	CMPQ AX, $163
	JLT again
	SYSCALL
	RET
