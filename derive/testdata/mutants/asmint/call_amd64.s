#include "textflag.h"

// func call()
TEXT ·call(SB), NOSPLIT, $0-0
	MOVQ $51, AX
	MOVQ $1, BX
	INT $0x80
	RET
