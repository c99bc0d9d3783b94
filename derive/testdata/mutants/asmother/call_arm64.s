#include "textflag.h"

// func call()
TEXT ·call(SB), 0, $16-0
	BL example·com∕mutants∕dep∕secret·shown(SB)
	RET
