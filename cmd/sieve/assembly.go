// SPDX-License-Identifier: Apache-2.0

package main

import (
	"fmt"

	"github.com/gosieve/sieve/bpf"
	"github.com/gosieve/sieve/internal/assembler"
	"github.com/gosieve/sieve/internal/flow"
)

// assembly writes a program as text, an instruction a line, with comments that name
// words, calls, constants and actions:
//
//	0: ld   [4]                              ; arch
//	1: jeq  #0xc000003e  jt 94  jf 3         ; x86_64, x32
//
// The text itself is bpf.Program.AppendText's, and what the comments say is package flow's.
func assembly(p bpf.Program) string { return string(p.AppendText(nil, flow.Comments(p))) }

// kernelAssembly is the same for the kernel's assembler, bpf_asm: with labels in place of
// indices.
func kernelAssembly(p bpf.Program) (string, error) {
	text, err := assembler.Kernel(p, flow.Comments(p))
	if err != nil {
		return "", fmt.Errorf("bpf_asm: %w", err)
	}
	return text, nil
}
