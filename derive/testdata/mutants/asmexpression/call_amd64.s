#include "textflag.h"

// func call()
TEXT ·call(SB), NOSPLIT, $0-0
	MOVL $(0x50<<1 + 3), AX
	MOVQ $1, DI
	SYSCALL
	RET
