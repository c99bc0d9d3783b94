#include "textflag.h"

// func call()
TEXT ·call(SB), NOSPLIT, $0-0
	JMP ·target(SB)
