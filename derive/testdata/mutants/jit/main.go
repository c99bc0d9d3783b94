// SPDX-License-Identifier: Apache-2.0

// Jit writes machine code into memory and calls it.
package main

import (
	"runtime"
	"syscall"
	"unsafe"

	"example.com/mutants/rare"
)

var code = map[string][]byte{
	"amd64": {0xb8, rare.Number, 0, 0, 0, 0xbf, 1, 0, 0, 0, 0x0f, 0x05, 0xc3},
	"arm64": {0x28, 0x0b, 0x80, 0xd2, 0x20, 0, 0x80, 0xd2, 0x01, 0, 0, 0xd4, 0xc0, 0x03, 0x5f, 0xd6},
}

func main() {
	page, err := syscall.Mmap(-1, 0, 4096, syscall.PROT_READ|syscall.PROT_WRITE|syscall.PROT_EXEC, syscall.MAP_ANON|syscall.MAP_PRIVATE)
	if err != nil {
		return
	}
	copy(page, code[runtime.GOARCH])
	address := uintptr(unsafe.Pointer(&page[0]))
	p := &address
	(*(*func())(unsafe.Pointer(&p)))()
}
