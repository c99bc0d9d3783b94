#include "textflag.h"

// func call()
TEXT ·call(SB), NOSPLIT, $0-0
	MOVD $89, R8
	MOVD $1, R0
	WORD $0xd4000001
	RET
