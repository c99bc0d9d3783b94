#include "textflag.h"

// func call()
TEXT ·call(SB), NOSPLIT, $0-0
	MOVD $1, R0
	MOVD $89, R8
	B example·com∕mutants∕dep∕entered·tail(SB)
