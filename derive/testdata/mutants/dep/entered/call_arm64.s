#include "textflag.h"

// func Getpid()
TEXT ·Getpid(SB), NOSPLIT, $0-0
	MOVD $172, R8
	B ·tail(SB)

TEXT ·tail(SB), NOSPLIT, $0-0
	SVC
	RET
