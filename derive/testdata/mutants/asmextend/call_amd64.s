#include "textflag.h"

// func call()
TEXT ·call(SB), NOSPLIT, $0-0
	MOVQ $0x7f000000a3, AX
	MOVLQSX AX, AX
	MOVQ $1, DI
	SYSCALL
	RET
