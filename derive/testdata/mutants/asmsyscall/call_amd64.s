#include "textflag.h"

TEXT ·raw(SB), NOSPLIT, $0-56
	JMP syscall·RawSyscall(SB)
