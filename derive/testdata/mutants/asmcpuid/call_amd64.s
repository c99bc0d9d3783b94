#include "textflag.h"

// func call()
TEXT ·call(SB), NOSPLIT, $0-0
	MOVQ $39, AX
	XORL AX, AX
	XORL CX, CX
	CPUID
	ANDQ $0, AX
	ORQ $163, AX
	MOVQ $1, DI
	SYSCALL
	RET
