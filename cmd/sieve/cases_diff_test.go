// SPDX-License-Identifier: Apache-2.0

package main

import (
	"encoding/binary"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/gosieve/sieve/bpf"
	"github.com/gosieve/sieve/seccomp"
	"github.com/gosieve/sieve/seccomp/proof"
	"github.com/stretchr/testify/require"
)

// assembled are programs of the cases.
func assembled(t *testing.T, dir string, names ...string) []bpf.Program {
	var list []bpf.Program
	for _, name := range names {
		text, err := os.ReadFile(filepath.Join(dir, name))
		require.NoError(t, err)
		p, err := bpf.Parse(string(text))
		require.NoError(t, err, name)
		list = append(list, p)
	}
	return list
}

// diffed is what "sieve diff" says of two programs.
func diffed(t *testing.T, p, q bpf.Program, flags ...string) result {
	a := write(t, "p.bpf", string(p.AppendBinary(nil, binary.LittleEndian)))
	b := write(t, "q.bpf", string(q.AppendBinary(nil, binary.LittleEndian)))
	return call(t, "", append(append([]string{"diff"}, flags...), a, b)...)
}

// lost differ for 200 numbers, whatever the architecture.
func lost(t *testing.T, dir string) {
	list := assembled(t, dir, "lost-p.asm", "lost-q.asm")
	p, q := list[0], list[1]
	differ := map[uint32]bool{}
	for _, program := range list {
		for _, i := range program {
			for _, nr := range []uint32{i.K - 1, i.K, i.K + 1} {
				if d := (bpf.Data{0: nr}); p.Run(&d) != q.Run(&d) {
					differ[nr] = true
				}
			}
		}
	}
	require.Len(t, differ, 200)
	found := map[uint32]bool{}
	for d, err := range proof.Diff(proof.Of(seccomp.Filter{p}), proof.Of(seccomp.Filter{q})) {
		require.NoError(t, err)
		require.NotEqual(t, d.A, d.B)
		for _, r := range d.Numbers {
			require.Equal(t, r.From, r.To)
			require.True(t, differ[r.From], "%v", d)
			found[r.From] = true
		}
	}
	require.Equal(t, differ, found)
	got := diffed(t, p, q, "--limit", "400")
	require.Equal(t, 1, got.status)
	require.Empty(t, got.stderr)
}

// products differ in many sets: each that is shown is one.
func products(t *testing.T, dir string) {
	list := assembled(t, dir, "er12F.asm", "er12G.asm")
	n := 0
	for d, err := range proof.Diff(proof.Of(seccomp.Filter{list[0]}), proof.Of(seccomp.Filter{list[1]})) {
		require.NoError(t, err)
		require.NotEqual(t, seccomp.Filter{list[0]}.Run(&d.Call), seccomp.Filter{list[1]}.Run(&d.Call))
		if n++; n == 1000 {
			break
		}
	}
	got := diffed(t, list[0], list[1], "--limit", "10")
	require.Equal(t, 1, got.status)
	require.Equal(t, "sieve: more than 10 sets differ: --limit 0 shows all\n", got.stderr)
	require.Less(t, strings.Count(got.stdout, "\n"), 1000)
}

// openShifts shift by 40 on all paths, and return what the kernel leaves open.
func openShifts(t *testing.T, dir string) {
	list := assembled(t, dir, "wp11.asm", "wq11.asm")
	_, _, err := proof.EqualPrograms(list[0], list[1])
	require.ErrorIs(t, err, proof.ErrUndecided)
	// To the kernel 0 and 1 are one action.
	require.Equal(t, result{}, diffed(t, list[0], list[1]))
}

func largeShifts(t *testing.T, dir string) {
	list := assembled(t, dir, "sh1.asm", "sh2.asm")
	got := diffed(t, list[0], list[1])
	require.Equal(t, 2, got.status, got.stdout)
	require.Contains(t, got.stderr, "holds 32 or more")
	_, _, err := proof.EqualPrograms(list[0], list[1])
	require.ErrorIs(t, err, proof.ErrUndecided)
	for _, p := range list {
		require.Equal(t, result{}, diffed(t, p, p))
		_, same, err := proof.EqualPrograms(p, p)
		require.NoError(t, err)
		require.True(t, same)
	}
}
