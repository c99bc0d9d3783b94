#include "textflag.h"

// func call(which uintptr)
TEXT ·call(SB), NOSPLIT, $0-8
	MOVD $1, R0
	MOVD $89, R8
	MOVD which+0(FP), R1
	CBZ R1, do
	MOVD $172, R8
do:
	SVC
	RET
