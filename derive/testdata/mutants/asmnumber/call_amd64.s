#include "textflag.h"

// func call()
TEXT ·call(SB), NOSPLIT, $0-0
	MOVQ $1, DI
	MOVQ $39, AX
	BYTE $0xb8; LONG $163
	SYSCALL
	RET
