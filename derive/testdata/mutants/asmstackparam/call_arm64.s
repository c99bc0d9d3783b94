#include "textflag.h"

// func call(number, arg uintptr)
TEXT ·call(SB), NOSPLIT, $0-16
	MOVD 8(RSP), R8
	MOVD 16(RSP), R0
	SVC
	RET
