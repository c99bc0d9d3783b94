#include "textflag.h"

// func call()
TEXT ·call(SB), NOSPLIT, $0-0
	MOVD $172, R8
	MOVD $89, R1
	CMP $0, R1
	CSEL NE, R1, R8, R8
	MOVD $1, R0
	SVC
	RET
