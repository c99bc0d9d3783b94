// SPDX-License-Identifier: Apache-2.0

package arch_test

import (
	"go/ast"
	"go/parser"
	"go/token"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"testing"

	"github.com/gosieve/sieve/arch"
	"github.com/gosieve/sieve/internal/test/shared"
	"github.com/stretchr/testify/require"
)

// xsysABIs are the GOARCHes for which golang.org/x/sys/unix has numbers and
// filters exist.
var xsysABIs = []arch.Arch{
	arch.X86, arch.X86_64, arch.ARM, arch.AArch64, arch.LoongArch64, arch.MIPS, arch.MIPS64, arch.MIPSEL64,
	arch.MIPSEL, arch.PPC, arch.PPC64, arch.PPC64LE, arch.RISCV64, arch.S390X,
}

// xsysLacks are names that the kernel's tables and headers have beyond x/sys,
// which reads neither ARM's private calls nor aliases.
var xsysLacks = map[arch.Arch][]string{
	arch.ARM: {"breakpoint", "cacheflush", "usr26", "usr32", "set_tls", "get_tls", "sync_file_range2"},
}

// TestXSys compares all names and numbers, both ways, with the constants that
// golang.org/x/sys/unix draws from the kernel's headers. The release of x/sys is that of the
// benchmarks, which follow the newest; the library requires an old one, whose tables end
// with an older kernel.
func TestXSys(t *testing.T) {
	dir := filepath.Join(shared.Module(t, "../bench", "golang.org/x/sys"), "unix")
	for _, a := range xsysABIs {
		t.Run(a.GOARCH(), func(t *testing.T) {
			want := constants(t, filepath.Join(dir, "zsysnum_linux_"+a.GOARCH()+".go"))
			require.Greater(t, len(want), 300, "too few constants to compare")
			got := callsOf(a)
			for _, name := range xsysLacks[a] {
				require.Contains(t, got, name)
				require.NotContains(t, want, name)
				delete(got, name)
			}
			assertSame(t, want, got)
		})
	}
}

// notCalls are constants that number no call: gaps of MIPS, ARM's mask, and where
// the generic table leaves room for architectures.
var notCalls = regexp.MustCompile(`^((reserved|unused|available)\d+|syscall_mask|arch_specific_syscall)$`)

// constants reads the SYS_ constants of a file that is compiled for one GOARCH.
func constants(t *testing.T, file string) map[string]uint32 {
	t.Helper()
	tree, err := parser.ParseFile(token.NewFileSet(), file, nil, 0)
	require.NoError(t, err)
	calls := map[string]uint32{}
	ast.Inspect(tree, func(n ast.Node) bool {
		spec, ok := n.(*ast.ValueSpec)
		if !ok {
			return true
		}
		require.Len(t, spec.Values, 1)
		name, ok := strings.CutPrefix(spec.Names[0].Name, "SYS_")
		require.True(t, ok, spec.Names[0].Name)
		name = strings.ToLower(name)
		nr, err := strconv.ParseUint(spec.Values[0].(*ast.BasicLit).Value, 0, 32)
		require.NoError(t, err)
		if !notCalls.MatchString(name) {
			calls[name] = uint32(nr)
		}
		return false
	})
	return calls
}
