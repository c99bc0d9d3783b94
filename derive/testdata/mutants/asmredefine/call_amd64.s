#include "textflag.h"

#define NUMBER 39
#undef NUMBER
#define NUMBER 163

// func call()
TEXT ·call(SB), NOSPLIT, $0-0
	MOVQ $NUMBER, AX
	MOVQ $1, DI
	SYSCALL
	RET
