#include "textflag.h"

// func call(number, arg uintptr)
TEXT ·call(SB), NOSPLIT, $0-16
	MOVD number+0(FP), R1
	MOVD arg+8(FP), R0
	MOVD R1, R8
	SVC
	RET
