// SPDX-License-Identifier: Apache-2.0

package arch_test

import (
	"testing"

	"github.com/gosieve/sieve/arch"
	"github.com/stretchr/testify/assert"
)

// TestAllocations holds the look-ups that a compiler makes most to no memory.
func TestAllocations(t *testing.T) {
	tests := map[string]func(){
		"Number":      func() { arch.X86_64.Number("clock_nanosleep") },
		"Name":        func() { arch.MIPS.Name(4003) },
		"Since":       func() { arch.ARM.Since(0xf0006) },
		"Known":       func() { arch.Known("no_such_call") },
		"Multiplexer": func() { arch.X86.Multiplexer("sendmmsg") },
		"Width":       func() { arch.Width("socket", 0) },
		"Of":          func() { arch.Of(0x2a, 3) },
		"Parse":       func() { _, _ = arch.Parse("SCMP_ARCH_SHEB") },
	}
	for name, f := range tests {
		t.Run(name, func(t *testing.T) {
			assert.Zero(t, testing.AllocsPerRun(100, f))
		})
	}
}

// BenchmarkNumber measures what the compiler does for each name of a rule and
// each ABI.
func BenchmarkNumber(b *testing.B) {
	for _, name := range []string{"read", "clock_nanosleep", "process_madvise", "no_such_call"} {
		b.Run(name, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				arch.X86_64.Number(name)
			}
		})
	}
}

func BenchmarkName(b *testing.B) {
	b.ReportAllocs()
	for b.Loop() {
		arch.X32.Name(0x40000000 + 257)
	}
}

func BenchmarkParse(b *testing.B) {
	b.ReportAllocs()
	for b.Loop() {
		_, _ = arch.Parse("SCMP_ARCH_SHEB")
	}
}
