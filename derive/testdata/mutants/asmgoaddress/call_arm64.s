#include "textflag.h"

// func call()
TEXT ·call(SB), 0, $16-0
	MOVD $·target(SB), R1
	CALL (R1)
	RET
