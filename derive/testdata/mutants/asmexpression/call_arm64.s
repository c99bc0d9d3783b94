#include "textflag.h"

// func call()
TEXT ·call(SB), NOSPLIT, $0-0
	MOVW $(0x2c<<1 + 1), R8
	MOVD $1, R0
	SVC $0
	RET
