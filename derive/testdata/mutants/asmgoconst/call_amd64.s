#include "textflag.h"
#include "go_asm.h"

// func call()
TEXT ·call(SB), NOSPLIT, $0-0
	MOVQ $const_acct, AX
	MOVQ $1, DI
	SYSCALL
	RET
