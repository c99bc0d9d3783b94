#include "textflag.h"

#ifdef GOARCH_s390x
TEXT ·call(SB), NOSPLIT, $0-0
	MOVQ $163, AX
	SYSCALL
	RET
#endif
