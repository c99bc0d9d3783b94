// Program ways makes a call of the kernel in each way that a search could miss: a call a
// way.
package main

import (
	"io"
	"iter"
	"os"
	"reflect"
	"runtime"
	"syscall"
	"text/template"
	"time"
	"unsafe"

	"example.com/ways/dep"
)

func call(nr uintptr) { syscall.RawSyscall(nr, 0, 0, 0) }

type caller interface{ call() }

type byInterface struct{}

func (byInterface) call() { call(syscall.SYS_PTRACE) }

type byMethodValue struct{}

func (byMethodValue) call() { call(syscall.SYS_ACCT) }

func byGoroutine() { call(syscall.SYS_CHROOT) }

func byGeneric[T any](T) { call(syscall.SYS_PIVOT_ROOT) }

type byReflection struct{}

func (byReflection) Reflected() { call(syscall.SYS_SETHOSTNAME) }

type byTemplate struct{}

func (byTemplate) Shown() string { call(syscall.SYS_SETDOMAINNAME); return "" }

func byUnsafe() { call(syscall.SYS_REBOOT) }

func pulled() iter.Seq[int] {
	return func(yield func(int) bool) { call(syscall.SYS_QUOTACTL); yield(1) }
}

// Two ways into package syscall that its own API does not have.
//
//go:linkname noError syscall.rawSyscallNoError
func noError(trap, a1, a2, a3 uintptr) (r1, r2 uintptr)

//go:linkname six syscall.RawSyscall6
func six(trap, a1, a2, a3, a4, a5, a6 uintptr) (r1, r2 uintptr, err syscall.Errno)

// Assembly of its own: one that has a number, one that takes one, and one that calls a
// function of Go.
func vhangup()
func direct(nr uintptr)
func back()

func fromAssembly() { call(syscall.SYS_SWAPOFF) }

var variable = uintptr(syscall.SYS_SETTIMEOFDAY)

type request struct{ nr uintptr }

func fromField(r *request) { call(r.nr) }

func chosen(late bool) uintptr {
	if late {
		return syscall.SYS_MOUNT
	}
	return syscall.SYS_UMOUNT2
}

// Functions in variables: one that is called, one whose variable's address is taken, one that is passed on,
// one that assembly calls, and one that nobody calls.
var (
	hook     = func() { call(syscall.SYS_MIGRATE_PAGES) }
	pointed  = func() { call(syscall.SYS_MOVE_PAGES) }
	handed   = func() { call(syscall.SYS_PERF_EVENT_OPEN) }
	assembly = func() { call(syscall.SYS_LOOKUP_DCOOKIE) }
	idle     = func() { call(syscall.SYS_MBIND) }
)

func run(f func()) { f() }

func byVariable()

const never = false

func main() {
	var c caller = byInterface{}
	c.call()
	f := byMethodValue{}.call
	f()
	go byGoroutine()
	byGeneric(1)
	reflect.ValueOf(byReflection{}).MethodByName(os.Args[0]).Call(nil)
	template.Must(template.New("").Parse("{{.Shown}}")).Execute(io.Discard, byTemplate{})
	time.AfterFunc(time.Hour, func() { call(syscall.SYS_SYSLOG) })
	x := new([16]byte)
	runtime.SetFinalizer(x, func(*[16]byte) { call(syscall.SYS_SWAPON) })
	runtime.AddCleanup(x, func(int) { call(syscall.SYS_INIT_MODULE) }, 0)
	next, stop := iter.Pull(pulled())
	next()
	stop()
	u := byUnsafe
	(*(*func(int))(unsafe.Pointer(&u)))(1)
	noError(syscall.SYS_ADD_KEY, 0, 0, 0)
	six(syscall.SYS_DELETE_MODULE, 0, 0, 0, 0, 0, 0)
	vhangup()
	direct(syscall.SYS_PERSONALITY)
	back()
	dep.Nothing()
	hook()
	p := &pointed
	(*p)()
	run(handed)
	byVariable()
	call(variable)
	fromField(&request{nr: syscall.SYS_KEXEC_LOAD})
	call(chosen(len(os.Args) > 1))
	for _, nr := range [...]uintptr{syscall.SYS_VMSPLICE, syscall.SYS_NFSSERVCTL} {
		call(nr)
	}
	if never {
		call(syscall.SYS_MLOCKALL)
	}
	syscall.AllThreadsSyscall(syscall.SYS_SETGROUPS, 0, 0, 0)
}
