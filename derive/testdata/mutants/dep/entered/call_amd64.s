#include "textflag.h"

// func Getpid()
TEXT ·Getpid(SB), NOSPLIT, $0-0
	MOVQ $39, AX
	JMP ·tail(SB)

TEXT ·tail(SB), NOSPLIT, $0-0
	SYSCALL
	RET
