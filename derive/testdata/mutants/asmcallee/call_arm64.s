#include "textflag.h"

// func call()
TEXT ·call(SB), NOSPLIT, $16-0
	MOVD $172, R8
	BL set<>(SB)
	MOVD $1, R0
	SVC
	RET

TEXT set<>(SB), NOSPLIT, $0-0
	MOVD $89, R8
	RET
