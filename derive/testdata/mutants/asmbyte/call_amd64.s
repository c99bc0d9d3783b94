#include "textflag.h"

// func call()
TEXT ·call(SB), NOSPLIT, $0-0
	MOVQ $39, AX
	MOVB $163, AL
	MOVQ $1, DI
	SYSCALL
	RET
