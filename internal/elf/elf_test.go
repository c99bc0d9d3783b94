// SPDX-License-Identifier: Apache-2.0

package elf

import (
	"bytes"
	"debug/buildinfo"
	"debug/elf"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/gosieve/sieve/internal/test/shared"
)

// asked are the names that the tests look for.
var asked = []string{"main.main", "runtime.fwdSig", "os.Getpid", "nothing.of.this.name"}

// oracle holds a file to what the standard library says of it.
func oracle(t *testing.T, name string) {
	text, err := os.ReadFile(name)
	require.NoError(t, err)
	f, err := New(bytes.NewReader(text))
	want, wantErr := elf.NewFile(bytes.NewReader(text))
	require.Equal(t, wantErr == nil, err == nil, "%v, want %v", err, wantErr)
	if err != nil {
		return
	}
	assert.Equal(t, slices.ContainsFunc(want.Progs, func(p *elf.Prog) bool { return p.Type == elf.PT_INTERP }), f.Interpreted())
	_, noGo := buildinfo.Read(bytes.NewReader(text))
	assert.Equal(t, noGo == nil, f.BuiltWithGo(), "%v", noGo)
	symbols, wantErr := want.Symbols()
	got, err := f.Symbols(asked...)
	require.Equal(t, wantErr == nil, err == nil, "%v, want %v", err, wantErr)
	found := map[string]Symbol{}
	for _, s := range symbols {
		if slices.Contains(asked, s.Name) {
			found[s.Name] = Symbol{s.Value, s.Size}
		}
	}
	if err == nil {
		assert.Equal(t, found, got)
	}
}

// TestFile: programs of this system, of Go's and of others, are read as the standard library
// reads them.
func TestFile(t *testing.T) {
	if runtime.GOOS != "linux" {
		t.Skip("the executables of this system are no ELF")
	}
	seen := 0
	for _, pattern := range []string{"/proc/self/exe", "/usr/bin/[a-e]*", "/bin/sh", "/lib*/*.so*", "/etc/passwd"} {
		names, err := filepath.Glob(pattern)
		require.NoError(t, err)
		for _, name := range names[:min(len(names), 60)] {
			if info, err := os.Stat(name); err != nil || !info.Mode().IsRegular() || info.Size() > 64<<20 {
				continue
			}
			seen++
			t.Run(name, func(t *testing.T) { oracle(t, name) })
		}
	}
	assert.Greater(t, seen, 2)
}

// TestBuilds: Go's programs of each word size and byte order.
func TestBuilds(t *testing.T) {
	if testing.Short() {
		t.Skip("compiles the runtime for other machines")
	}
	dir := t.TempDir()
	main := filepath.Join(dir, "main.go")
	require.NoError(t, os.WriteFile(main, []byte("package main\n\nimport \"os\"\n\nfunc main() { println(os.Getpid()) }\n"), 0o666))
	for name, build := range map[string]struct{ arch, flags string }{
		"amd64":    {"amd64", "-ldflags="},
		"386":      {"386", "-ldflags="},
		"s390x":    {"s390x", "-ldflags="},
		"mips":     {"mips", "-ldflags="},
		"stripped": {"amd64", "-ldflags=-s -w"},
		"pie":      {"amd64", "-buildmode=pie"},
		"no vcs":   {"amd64", "-buildvcs=false"},
	} {
		t.Run(name, func(t *testing.T) {
			out := filepath.Join(dir, build.arch+filepath.Base(name))
			shared.Go(t, dir, []string{"GOOS=linux", "GOARCH=" + build.arch, "CGO_ENABLED=0"}, "build", build.flags, "-o", out, main)
			oracle(t, out)
		})
	}
}

// FuzzFile: whatever is in a file is read or refused.
func FuzzFile(f *testing.F) {
	for _, wide := range []byte{1, 2} {
		for _, order := range []byte{1, 2} {
			f.Add(append([]byte{0x7f, 'E', 'L', 'F', wide, order}, make([]byte, 400)...))
		}
	}
	f.Add(small())
	f.Fuzz(func(t *testing.T, text []byte) {
		e, err := New(bytes.NewReader(text))
		if err != nil {
			return
		}
		e.Interpreted()
		e.BuiltWithGo()
		symbols, _ := e.Symbols(asked...)
		if len(symbols) > len(asked) {
			t.Fatalf("%v", symbols)
		}
	})
}

// small is a file of 64 bits with a segment to be loaded, which is Go's, and an interpreter.
func small() []byte {
	b := make([]byte, 64+2*56+16)
	copy(b, "\x7fELF\x02\x01\x01")
	b[32] = 64           // e_phoff
	b[54], b[56] = 56, 2 // e_phentsize, e_phnum
	first, second := b[64:], b[64+56:]
	first[0], first[4], first[8], first[32] = segmentLoad, writable, 64+2*56, 16
	second[0] = segmentInterp
	copy(b[64+2*56:], mark)
	return b
}

func TestSmall(t *testing.T) {
	f, err := New(bytes.NewReader(small()))
	require.NoError(t, err)
	assert.True(t, f.Interpreted())
	assert.True(t, f.BuiltWithGo())
	_, err = f.Symbols("x")
	assert.ErrorIs(t, err, ErrNoSymbols)
	for cut := range len(small()) {
		if f, err := New(bytes.NewReader(small()[:cut])); err == nil {
			assert.False(t, f.BuiltWithGo(), "%d bytes", cut)
		}
	}
}
