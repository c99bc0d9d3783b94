#ifdef GOARCH_amd64
#define SYS_ACCT 163
#define MAKE(number) \
	MOVQ $1, DI; \
	MOVQ $number, AX; \
	SYSCALL
#else
#define SYS_ACCT 89
#define MAKE(number) \
	MOVD $1, R0; \
	MOVD $number, R8; \
	SVC
#endif
