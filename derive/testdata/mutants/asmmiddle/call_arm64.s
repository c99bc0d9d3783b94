#include "textflag.h"

// func call()
TEXT ·call(SB), NOSPLIT, $0-0
	MOVD $1, R0
	MOVD $89, R8
	B tail<>+4(SB)

TEXT tail<>(SB), NOSPLIT, $0-0
	MOVD $172, R8
	SVC
	RET
