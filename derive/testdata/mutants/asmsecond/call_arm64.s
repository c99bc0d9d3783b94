#include "textflag.h"

// func call(p pair, arg uint32)
TEXT ·call(SB), NOSPLIT, $0-20
	MOVD p_b+8(FP), R8
	MOVWU arg+16(FP), R0
	SVC
	RET
