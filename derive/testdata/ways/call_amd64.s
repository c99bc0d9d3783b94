#include "textflag.h"

#define SYS_vhangup 153

TEXT ·vhangup(SB),NOSPLIT,$0-0
	MOVL $SYS_vhangup, AX
	SYSCALL
	RET

TEXT ·direct(SB),NOSPLIT,$0-8
	MOVQ nr+0(FP), AX
	XORL DI, DI
	SYSCALL
	RET

TEXT ·back(SB),NOSPLIT,$0-0
	CALL ·fromAssembly(SB)
	RET

TEXT ·byVariable(SB),NOSPLIT,$0-0
	MOVQ ·assembly(SB), DX
	MOVQ (DX), AX
	CALL AX
	RET
