// SPDX-License-Identifier: Apache-2.0

// Package assembler reads programs as text, in the form of package bpf or in that of the
// kernel's assembler bpf_asm, and writes the latter.
//
// bpf_asm's form (tools/bpf/bpf_exp.y and bpf_exp.l in the kernel's source,
// Documentation/networking/filter.rst) has labels in place of indices:
//
//	     ld [4]
//	     jeq #0xc000003e, good, bad   ; x86_64
//	bad: ret #0
//	good: ret #0x7fff0000
//
// # The way in
//
// [Parse] reads both forms and tells them apart, and [Kernel] writes bpf_asm's.
//
// # Limits
//
// What bpf_asm takes and seccomp does not (packets, loads of bytes, MOD) is refused by name. Two
// labels of one name are an error here; bpf_asm silently takes the first.
package assembler
