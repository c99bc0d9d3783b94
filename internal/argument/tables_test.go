// SPDX-License-Identifier: Apache-2.0

package argument

import (
	"go/ast"
	"go/parser"
	"go/token"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	"github.com/gosieve/sieve/arch"
	"github.com/gosieve/sieve/internal/test/shared"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// styles are those that value explains.
var styles = strings.Fields("enum enum64 flags flags64 open clone personality socktype command mount64 ipcget hexes")

// kinds are those that printer explains; all others are lines of tables.
var kinds = strings.Fields("int fd at id uint long size off hex hex32 mode cmode dev ptr path argv sockaddr cloneargs openhow socketcall ipc protocol mmap mmap2 select")

func lines(text string) []string { return strings.Split(strings.Trim(text, "\n"), "\n") }

func TestTables(t *testing.T) {
	seen := map[string]bool{}
	for _, line := range lines(tables) {
		f := strings.Fields(line)
		require.GreaterOrEqual(t, len(f), 3, line)
		assert.False(t, seen[f[0]], "%s is there twice", f[0])
		seen[f[0]] = true
		assert.Contains(t, styles, f[1], line)
		for _, name := range f[3:] {
			if _, v, ok := strings.Cut(name, "="); ok {
				_, err := strconv.ParseUint(v, 0, 64)
				assert.NoError(t, err, line)
			}
		}
	}
}

func TestSignatures(t *testing.T) {
	p := printer{abi: arch.X86_64}
	seen := map[string]bool{}
	known := func(kind string) bool {
		_, table := p.table(kind)
		for _, k := range kinds {
			table = table || k == kind
		}
		return table
	}
	for _, line := range lines(signatures) {
		name, rest, _ := strings.Cut(line, " ")
		assert.True(t, arch.Known(name), "%s is no call", name)
		assert.False(t, seen[name], "%s is there twice", name)
		seen[name] = true
		list := strings.Fields(rest)
		for _, kind := range list {
			assert.True(t, known(kind), "%s: unknown kind %s", name, kind)
		}
		if len(list) == 1 {
			if several := p.several(list[0]); several != nil {
				continue // depends on the arguments
			}
		}
		for i := range 6 {
			_, has := arch.Width(name, i)
			if _, some := arch.Width(name, 0); some {
				assert.Equal(t, has, i < len(list), "%s: argument %d", name, i)
			}
		}
	}
	for _, text := range []string{fcntlArguments, prctlArguments} {
		for _, line := range lines(text) {
			for _, kind := range strings.Fields(line)[1:] {
				assert.True(t, known(kind), "%s: unknown kind %s", line, kind)
			}
		}
	}
}

// TestWidths holds kinds to what the kernel reads: nothing that is 64 bits wide
// is cut, but for what the text says only by its low bits.
func TestWidths(t *testing.T) {
	narrow := strings.Fields("int fd at id uint hex32 mode cmode dev")
	for _, line := range lines(signatures) {
		f := strings.Fields(line)
		for i, kind := range f[1:] {
			bits, ok := arch.Width(f[0], i)
			if !ok || bits < 64 {
				continue
			}
			for _, n := range narrow {
				assert.NotEqual(t, n, kind, "%s: argument %d is 64 bits wide", f[0], i)
			}
		}
	}
}

// TestXSys holds every name that golang.org/x/sys/unix has too against its value
// there, on each ABI for which it reads the kernel's headers.
func TestXSys(t *testing.T) {
	dir := filepath.Join(shared.Module(t, "", "golang.org/x/sys"), "unix")
	common := constants(t, filepath.Join(dir, "zerrors_linux.go"), filepath.Join(dir, "ztypes_linux.go"))
	for _, a := range arch.All() {
		files, err := filepath.Glob(filepath.Join(dir, "z*_linux_"+a.GOARCH()+".go"))
		require.NoError(t, err)
		if a.GOARCH() == "" || len(files) == 0 {
			continue
		}
		t.Run(a.String(), func(t *testing.T) {
			want := constants(t, files...)
			compared := 0
			for _, line := range lines(tables) {
				kind, _, _ := strings.Cut(line, " ")
				if kind, of, ok := strings.Cut(kind, "/"); ok && of != family(a) || kind == "archprctl" {
					continue
				}
				p := printer{abi: a}
				kind, _, _ = strings.Cut(kind, "/")
				table, _ := p.table(kind)
				table.each(func(name string, v uint64) bool {
					is, ok := want[name]
					if !ok {
						is, ok = common[name]
					}
					if ok && !libc[name] {
						compared++
						// x/sys has 0 for O_LARGEFILE where open adds it itself.
						if name == "O_LARGEFILE" && is == 0 {
							return true
						}
						assert.Equal(t, is, v, "%s of %s", name, kind)
					}
					return true
				})
			}
			require.Greater(t, compared, 400, "too few names to compare")
		})
	}
}

// libc are names to which C libraries of 32-bit ABIs give the values of others:
// F_GETLK is F_GETLK64 there.
var libc = map[string]bool{"F_GETLK": true, "F_SETLK": true, "F_SETLKW": true}

// constants are the whole numbers of files.
func constants(t *testing.T, files ...string) map[string]uint64 {
	t.Helper()
	all := map[string]uint64{}
	for _, file := range files {
		f, err := parser.ParseFile(token.NewFileSet(), file, nil, 0)
		require.NoError(t, err)
		ast.Inspect(f, func(n ast.Node) bool {
			spec, ok := n.(*ast.ValueSpec)
			if !ok || len(spec.Names) != 1 || len(spec.Values) != 1 {
				return true
			}
			value := spec.Values[0]
			if call, ok := value.(*ast.CallExpr); ok && len(call.Args) == 1 {
				value = call.Args[0] // syscall.Errno(0x1)
			}
			if lit, ok := value.(*ast.BasicLit); ok && lit.Kind == token.INT {
				if v, err := strconv.ParseUint(lit.Value, 0, 64); err == nil {
					all[spec.Names[0].Name] = v
				}
			}
			return true
		})
	}
	return all
}
