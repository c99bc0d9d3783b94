#include "textflag.h"

// func call()
TEXT ·call(SB), NOSPLIT, $0-0
	MOVD $172, R8
	MOVD $89, R1
	ORR R1, ZR, R8
	MOVD $1, R0
	SVC
	RET
