// SPDX-License-Identifier: Apache-2.0

package main

import (
	"strings"
	"testing"

	"github.com/gosieve/sieve/arch"
	"github.com/gosieve/sieve/bpf"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	xbpf "golang.org/x/net/bpf"
)

// TestAssembly: a comment says what an instruction asks. A threshold is about all
// calls from a number on, not about the one at its edge.
func TestAssembly(t *testing.T) {
	rows := []struct {
		instruction xbpf.RawInstruction
		comment     string
	}{
		{xbpf.RawInstruction{Op: bpf.OpJeqK, K: 0}, "read"},
		{xbpf.RawInstruction{Op: bpf.OpJgeK, K: 1}, "from write on"},
		{xbpf.RawInstruction{Op: bpf.OpJgtK, K: 1}, "from open on"},
		{xbpf.RawInstruction{Op: bpf.OpJgeK, K: 340}, "from pidfd_send_signal on"}, // 337 to 423 are free
		{xbpf.RawInstruction{Op: bpf.OpJgeK, K: 5000}, "above all calls"},
		{xbpf.RawInstruction{Op: bpf.OpJeqK, K: 5000}, ""},
		{xbpf.RawInstruction{Op: bpf.OpJgeK, K: 0x40000000}, "x32's numbers"},
		{xbpf.RawInstruction{Op: bpf.OpJgtK, K: 0x3fffffff}, "x32's numbers"},
		{xbpf.RawInstruction{Op: bpf.OpJeqK, K: 0x40000000}, "read"},
		{xbpf.RawInstruction{Op: bpf.OpJgeK, K: 0x40000001}, "from write on"},
		{xbpf.RawInstruction{Op: bpf.OpJeqK, K: 0xffffffff}, "-1, no call"},
		{xbpf.RawInstruction{Op: bpf.OpJgeK, K: 0xffffffff}, "-1, no call"},
		{xbpf.RawInstruction{Op: bpf.OpJgtK, K: 0xfffffffe}, "-1, no call"},
		{xbpf.RawInstruction{Op: bpf.OpJgtK, K: 0xffffffff}, ""},
	}
	program := bpf.Program{{Op: bpf.OpLdAbs, K: 4}, {Op: bpf.OpJeqK, Jf: uint8(len(rows) + 1), K: arch.X86_64.Audit()}, {Op: bpf.OpLdAbs, K: 0}}
	for _, row := range rows {
		program = append(program, row.instruction)
	}
	program = append(program, xbpf.RawInstruction{Op: bpf.OpRetK})
	require.NoError(t, program.Check())
	lines := strings.Split(assembly(program), "\n")
	for i, row := range rows {
		_, comment, _ := strings.Cut(lines[3+i], "; ")
		assert.Equal(t, row.comment, comment, lines[3+i])
	}
}
