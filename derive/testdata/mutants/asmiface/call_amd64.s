#include "textflag.h"

// func call(c caller)
TEXT ·call(SB), 0, $16-16
	MOVQ c_itable+0(FP), CX
	MOVQ c_data+8(FP), AX
	MOVQ 24(CX), CX
	CALL CX
	RET
