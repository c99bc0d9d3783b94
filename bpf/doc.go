// SPDX-License-Identifier: Apache-2.0

// Package bpf is the machine that seccomp filters are written for: classic BPF,
// as the Linux kernel restricts it. It checks, runs, prints and reads programs. It does not
// know what the numbers in them mean, calls and actions, but for the answer ALLOW: constant.go
// finds what the kernel can answer without running the program.
//
// # The machine
//
// A program is an array of instructions of one size, and runs anew for each
// system call. The machine has an accumulator A, an index register X, both
// of 32 bits and 0 at the start, and a scratch memory of 16 words, M. Each
// instruction has an opcode, a 32-bit constant K, and two jump offsets of 8
// bits, jt and jf. The program ends by returning a 32-bit number: the action,
// and 16 bits of data for it.
//
// Its input, [Data], is struct seccomp_data: the number of the call, the
// architecture that it was made for, the instruction pointer and six arguments.
// A program reads it a word at a time (ld [4]); it cannot write it, nor follow a
// pointer in it. Words are numbers in the machine's own byte order; which half
// of a 64-bit argument comes first differs between architectures.
//
// There are 41 opcodes ([OpLdAbs] and its neighbours). Values come from the data, from K,
// from the other register or from M. Arithmetic works on A, with K or X, modulo 2^32,
// unsigned. Branches compare A with K or X (=, >, >=, or whether they share a bit) and skip
// jt or jf instructions; ja skips K. All jumps lead forward, so every program ends after at
// most as many steps as it has instructions. Socket filters have packet loads, remainders
// and loads narrower than a word too, which seccomp refuses.
//
// The kernel accepts 1 to 4096 instructions. Every jump must stay inside, the
// last instruction must return, a scratch word must be written on every path
// before it is read, and constants that make no sense are refused.
//
// # The way in
//
// [Parse] reads a program as text and [Decode] as the bytes of struct sock_filter;
// [Program.String] and [Program.AppendBinary] write them. [Program.Check] knows all rules of
// the kernel. [Program.Run] answers what the kernel would, and [Program.Trace] shows the
// way. What the kernel accepts it translates into eBPF ([Program.ExtendedLen]), and it tries
// out for which calls the program always allows, so that it need not run then
// ([Program.Constant]).
//
// # Limits
//
// The instruction type is that of golang.org/x/net/bpf, so that programs pass between the
// two without copying; that package's own interpreter reads packets in network byte order
// and is no stand-in for this one. There is no assembler with labels: targets in text are
// indices, as the kernel's own disassembler writes them. Whether two programs are equal is
// decided by package seccomp/proof, and what makes programs is package seccomp.
package bpf
