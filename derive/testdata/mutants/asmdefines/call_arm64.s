#include "textflag.h"

TEXT example·com∕mutants∕dep∕outside·given(SB), NOSPLIT, $0-0
	MOVD $89, R8
	MOVD $1, R0
	SVC
	RET
