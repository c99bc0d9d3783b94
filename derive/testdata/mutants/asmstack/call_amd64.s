#include "textflag.h"

// func call()
TEXT ·call(SB), 0, $56-0
	MOVQ $163, 0(SP)
	MOVQ $1, 8(SP)
	MOVQ $0, 16(SP)
	MOVQ $0, 24(SP)
	CALL syscall·RawSyscall(SB)
	RET
