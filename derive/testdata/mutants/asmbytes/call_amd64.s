#include "textflag.h"

// func call()
TEXT ·call(SB), NOSPLIT, $0-0
	MOVQ $163, AX
	MOVQ $1, DI
	BYTE $0x0f; BYTE $0x05
	RET
