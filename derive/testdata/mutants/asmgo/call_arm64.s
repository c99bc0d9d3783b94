#include "textflag.h"

// func call()
TEXT ·call(SB), 0, $16-0
	BL ·target(SB)
	RET
