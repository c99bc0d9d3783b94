#include "textflag.h"

#ifndef GOARCH_amd64
#define NUMBER 39
#else
#define NUMBER 163
#endif

// func call()
TEXT ·call(SB), NOSPLIT, $0-0
	MOVQ $NUMBER, AX
	MOVQ $1, DI
	SYSCALL
	RET
