#include "textflag.h"

// func call()
TEXT ·call(SB), NOSPLIT, $0-0
	MOVQ $39, AX
	JMP set
do:
	SYSCALL
	RET
set:
	MOVQ $1, DI
	MOVQ $163, AX
	JMP do
