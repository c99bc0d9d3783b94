#include "textflag.h"

// func call()
TEXT ·call(SB), NOSPLIT, $0-0
	MOVQ $1, DI
	MOVQ $163, AX
	JMP example·com∕mutants∕dep∕entered·tail(SB)
