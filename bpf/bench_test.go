// SPDX-License-Identifier: Apache-2.0

package bpf

import (
	"encoding/binary"
	"testing"

	xbpf "golang.org/x/net/bpf"
)

// workloads are programs with the shapes that filters have, and data that leads
// deep into them.
var workloads = []struct {
	name    string
	program Program
	data    Data
}{
	{"list of 300 numbers", numbersList(300), Data{0: 299}},
	{"tree of 256 ranges", append(Program{{Op: OpLdAbs}}, rangesTree(0, 8)...), Data{0: 999}},
	{"masked bits", Program{
		{Op: OpLdAbs, K: 16}, {Op: OpAndK, K: 31}, {Op: OpTax}, {Op: OpLdImm, K: 1}, {Op: OpLshX},
		{Op: OpSt}, {Op: OpLdAbs, K: 0}, {Op: OpLdxMem}, {Op: OpJsetX, Jf: 1}, {Op: OpRetK, K: allowed}, {Op: OpRetK},
	}, Data{0: 59, 4: 3}},
}

// numbersList compares with each number from 0 to n-1 in turn.
func numbersList(n int) Program {
	p := Program{{Op: OpLdAbs}}
	for k := range n {
		p = append(p, xbpf.RawInstruction{Op: OpJeqK, K: uint32(k), Jf: 1}, xbpf.RawInstruction{Op: OpRetK, K: allowed})
	}
	return append(p, xbpf.RawInstruction{Op: OpRetK})
}

// rangesTree finds, in depth comparisons, which of 2^depth ranges of four numbers
// from first on A lies in.
func rangesTree(first uint32, depth int) Program {
	if depth == 0 {
		return Program{{Op: OpRetK, K: allowed + first}}
	}
	half := uint32(4) << (depth - 1)
	low, high := rangesTree(first, depth-1), rangesTree(first+half, depth-1)
	p := Program{{Op: OpJgeK, K: first + half, Jf: 1}, {Op: OpJa, K: uint32(len(low))}}
	return append(append(p, low...), high...)
}

// BenchmarkRun measures one decision, and reports the instructions that it takes:
// the kernel pays for those.
func BenchmarkRun(b *testing.B) {
	for _, w := range workloads {
		b.Run(w.name, func(b *testing.B) {
			steps := 0
			w.program.Trace(&w.data, func(int) { steps++ })
			b.ReportAllocs()
			for b.Loop() {
				w.program.Run(&w.data)
			}
			b.ReportMetric(float64(steps), "insns/op")
		})
	}
}

// BenchmarkCheck measures what Compile pays for a program, and reports its length.
func BenchmarkCheck(b *testing.B) {
	for _, w := range workloads {
		b.Run(w.name, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				if err := w.program.Check(); err != nil {
					b.Fatal(err)
				}
			}
			b.ReportMetric(float64(len(w.program)), "insns/op")
		})
	}
}

// BenchmarkText measures writing a program as text and reading it.
func BenchmarkText(b *testing.B) {
	p := workloads[0].program
	b.ReportAllocs()
	for b.Loop() {
		if _, err := Parse(p.String()); err != nil {
			b.Fatal(err)
		}
	}
	b.ReportMetric(float64(len(p)), "insns/op")
}

// BenchmarkDecode measures reading a program's binary form.
func BenchmarkDecode(b *testing.B) {
	code := workloads[0].program.AppendBinary(nil, binary.LittleEndian)
	for b.Loop() {
		if _, err := Decode(code, binary.LittleEndian); err != nil {
			b.Fatal(err)
		}
	}
}
