#include "textflag.h"

TEXT ·raw(SB), NOSPLIT, $0-56
	B syscall·RawSyscall(SB)
