// SPDX-License-Identifier: Apache-2.0

// Package derive finds the system calls that a Go program can make by reading its source,
// and says why it can make each.
//
// [Derive] loads one main package with all that it imports (internal/load: the go command
// lists the files for the target, go/types checks them, golang.org/x/tools/go/ssa builds
// them), reads the assembler files (internal/assembly), and explores what the program can
// come to (internal/reach):
//
//   - The roots are main, every init, the entry of the runtime, the functions that the
//     runtime's assembly names, and those that the compiler calls by itself.
//   - A function whose address is taken counts as called. A method counts as called where
//     its type was made an interface value, or is part of one that was, and an interface
//     that the type implements is called by that name. If methods are looked up by reflection,
//     all exported methods of such types count, as the linker has it.
//   - A function that is stored in a variable which is only ever called counts as called where the
//     variable is.
//   - go:linkname is followed in both directions, and branches on constants have one way.
//   - From each instruction that calls the kernel the number is followed back to where it
//     is a constant: through registers, arguments, variables, fields, closures, results.
//
// # Limits
//
// Programs with cgo cannot be looked through, nor can what a program executes. A number that
// comes from data, machine code and symbols of C are reported ([Result.Unknown]) and never guessed. Memory
// that is written through unsafe pointers is not followed: a number in a struct whose address, or that of a
// part of it, becomes one is unknown, and arithmetic that leaves its variable is not found.
// A variable, a field or an element counts with what is stored in it, and with 0 too unless all are seen
// to be filled where they are made.
package derive
