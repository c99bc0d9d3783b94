#include "textflag.h"

// func call()
TEXT ·call(SB), NOSPLIT, $8-0
	MOVQ $39, AX
	CALL set<>(SB)
	MOVQ $1, DI
	SYSCALL
	RET

TEXT set<>(SB), NOSPLIT, $0-0
	MOVQ $163, AX
	RET
