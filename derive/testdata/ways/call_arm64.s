#include "textflag.h"

#define SYS_vhangup 58

TEXT ·vhangup(SB),NOSPLIT,$0-0
	MOVD $SYS_vhangup, R8
	SVC
	RET

TEXT ·direct(SB),NOSPLIT,$0-8
	MOVD nr+0(FP), R8
	MOVD ZR, R0
	SVC
	RET

TEXT ·back(SB),NOSPLIT,$8-0
	CALL ·fromAssembly(SB)
	RET

TEXT ·byVariable(SB),NOSPLIT,$8-0
	MOVD ·assembly(SB), R26
	MOVD (R26), R0
	CALL (R0)
	RET
