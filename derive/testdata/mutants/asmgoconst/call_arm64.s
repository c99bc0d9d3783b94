#include "textflag.h"
#include "go_asm.h"

// func call()
TEXT ·call(SB), NOSPLIT, $0-0
	MOVD $const_acct, R8
	MOVD $1, R0
	SVC
	RET
