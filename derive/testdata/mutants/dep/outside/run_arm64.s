#include "textflag.h"

// func Run()
TEXT ·Run(SB), NOSPLIT, $0-0
	B ·given(SB)
