#include "textflag.h"

// func call(which uintptr)
TEXT ·call(SB), NOSPLIT, $0-8
	MOVQ $1, DI
	MOVQ $163, AX
	MOVQ which+0(FP), CX
	TESTQ CX, CX
	JEQ do
	MOVQ $39, AX
do:
	SYSCALL
	RET
