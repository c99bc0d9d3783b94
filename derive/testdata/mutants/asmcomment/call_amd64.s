#include "textflag.h"

// func call()
TEXT ·call(SB), NOSPLIT, $0-0
	MOVQ $1, DI; /* SYSCALL */ MOVQ $163, AX /* MOVQ $39, AX */; SYSCALL; RET // MOVQ $39, AX
