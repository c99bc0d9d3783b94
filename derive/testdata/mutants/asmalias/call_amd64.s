#include "textflag.h"

#define NUMBER AX
#define ENTER SYSCALL
#define LOAD(n, r) MOVQ $n, r

// func call()
TEXT ·call(SB), NOSPLIT, $0-0
	MOVQ $39, AX
	LOAD(163, NUMBER)
	MOVQ $1, DI
	ENTER
	RET
