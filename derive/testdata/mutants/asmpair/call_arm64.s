#include "textflag.h"

// func call()
TEXT ·call(SB), NOSPLIT, $0-0
	MOVD $172, R8
	MOVD $·numbers(SB), R1
	LDP (R1), (R8, R0)
	SVC
	RET
