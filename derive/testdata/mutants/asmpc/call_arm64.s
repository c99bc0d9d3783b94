#include "textflag.h"

// func call()
TEXT ·call(SB), NOSPLIT, $0-0
	MOVD $1, R0
	MOVD $89, R8
	B 2(PC)
	MOVD $172, R8
	SVC
	RET
