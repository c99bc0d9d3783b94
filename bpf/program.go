// SPDX-License-Identifier: Apache-2.0

package bpf

import xbpf "golang.org/x/net/bpf"

// MaxInstructions is the longest program that the kernel accepts, in
// instructions (BPF_MAXINSNS, include/uapi/linux/bpf_common.h).
const MaxInstructions = 4096

// Program is a classic BPF program in the kernel's own encoding. Jump offsets
// count the instructions that are skipped.
type Program []xbpf.RawInstruction

// Data is struct seccomp_data (include/uapi/linux/seccomp.h) in 32-bit words,
// as an LD W ABS instruction sees it: Data[k/4] is what offset k loads. Word 0
// is the call number, word 1 the AUDIT_ARCH token, words 2 and 3 the
// instruction pointer, and words 4+2i and 5+2i argument i. Which of two words
// is the high half is the ABI's byte order, and no matter of the machine.
type Data [16]uint32
