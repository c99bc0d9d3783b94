#include "textflag.h"

#define NUMBER R8
#define ENTER SVC $0
#define LOAD(n, r) MOVD $n, r

// func call()
TEXT ·call(SB), NOSPLIT, $0-0
	MOVD $172, R8
	LOAD(89, NUMBER)
	MOVD $1, R0
	ENTER
	RET
