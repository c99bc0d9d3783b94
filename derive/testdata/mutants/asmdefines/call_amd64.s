#include "textflag.h"

TEXT example·com∕mutants∕dep∕outside·given(SB), NOSPLIT, $0-0
	MOVQ $163, AX
	MOVQ $1, DI
	SYSCALL
	RET
