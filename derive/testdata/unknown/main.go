// Program unknown makes calls whose numbers its source does not have. A comment marks each
// place that is reported, with its kind.
package main

import (
	"os"
	"reflect"
	"syscall"
	"unsafe"
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

type Decoded struct{ Nr uintptr }

func decoded(d *Decoded) uintptr { return d.Nr } // unknown: number

type cast struct{ nr uintptr }

func overlaid(b []byte) uintptr {
	return (*cast)(unsafe.Pointer(&b[0])).nr // unknown: number
}

func main() {
	d := &Decoded{Nr: syscall.SYS_SYNC}
	reflect.ValueOf(d).Elem().Field(0).SetUint(uint64(len(os.Args)))
	syscall.RawSyscall(decoded(d), 0, 0, 0)
	syscall.RawSyscall((&cast{nr: syscall.SYS_SYNC}).nr, 0, 0, 0) // unknown: number
	syscall.RawSyscall(overlaid(make([]byte, 8)), 0, 0, 0)
	syscall.RawSyscall(table[os.Args[0]], 0, 0, 0)     // unknown: number
	syscall.RawSyscall(uintptr(len(os.Args)), 0, 0, 0) // unknown: number
	syscall.RawSyscall(stored(new(request)), 0, 0, 0)
	syscall.RawSyscall(unwritten(), 0, 0, 0)
	syscall.RawSyscall(1000, 0, 0, 0)                                            // unknown: number
	reflect.ValueOf(numbered).Call([]reflect.Value{reflect.ValueOf(uintptr(1))}) // unknown: number
	coded()
	computed(1)
	missing()
	syscall.RawSyscall(1<<30|39, 0, 0, 0) // unknown: number
	syscall.Exec("/bin/true", nil, nil)
}
