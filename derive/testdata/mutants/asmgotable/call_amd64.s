#include "textflag.h"

// func call()
TEXT ·call(SB), 0, $8-0
	MOVQ table<>(SB), AX
	CALL AX
	RET

DATA table<>(SB)/8, $·target(SB)
GLOBL table<>(SB), RODATA, $8
