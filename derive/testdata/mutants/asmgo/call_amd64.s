#include "textflag.h"

// func call()
TEXT ·call(SB), 0, $8-0
	CALL ·target(SB)
	RET
