// Program unknown makes calls whose numbers its source does not have. A comment marks each
// place that is reported, with its kind.
package main

import (
	"os"
	"reflect"
	"syscall"
)

var table = map[string]uintptr{"sync": syscall.SYS_SYNC}

type request struct{ nr uintptr }

func stored(r *request) uintptr { return r.nr } // unknown: number

func unwritten() (nr uintptr) { return *pointer } // unknown: number

var pointer = new(uintptr)

func coded()
func computed(nr uintptr)

//go:linkname missing example.com/nowhere.function
func missing() // unknown: linkname

func numbered(nr uintptr) { syscall.RawSyscall(nr, 1, 0, 0) }

func main() {
	syscall.RawSyscall(table[os.Args[0]], 0, 0, 0)     // unknown: number
	syscall.RawSyscall(uintptr(len(os.Args)), 0, 0, 0) // unknown: number
	syscall.RawSyscall(stored(new(request)), 0, 0, 0)
	syscall.RawSyscall(unwritten(), 0, 0, 0)
	syscall.RawSyscall(1<<20, 0, 0, 0)                                           // unknown: number
	reflect.ValueOf(numbered).Call([]reflect.Value{reflect.ValueOf(uintptr(1))}) // unknown: number
	coded()
	computed(1)
	missing()
	syscall.Exec("/bin/true", nil, nil)
}
