#include "textflag.h"

// func call()
TEXT ·call(SB), NOSPLIT, $0-0
	MOVD $86, R8
	ADD $3, R8
	MOVD $1, R0
	SVC
	RET
