#include "textflag.h"

// func call()
TEXT ·call(SB), 0, $8-0
	CALL example·com∕mutants∕dep∕secret·shown(SB)
	RET
