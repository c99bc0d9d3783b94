#include "textflag.h"

// func call()
TEXT ·call(SB), 0, $8-0
	MOVQ $·target(SB), AX
	CALL AX
	RET
