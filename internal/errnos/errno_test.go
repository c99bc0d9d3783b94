// SPDX-License-Identifier: Apache-2.0

package errnos

import (
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/gosieve/sieve/arch"
	"github.com/gosieve/sieve/internal/test/shared"
)

// TestErrnoNumber compares all names with the constants that golang.org/x/sys/unix
// draws from the kernel's headers. It has none for PA-RISC, of which the rows
// below were read in the header.
func TestErrnoNumber(t *testing.T) {
	dir := filepath.Join(shared.Module(t, "", "golang.org/x/sys"), "unix")
	constant := regexp.MustCompile(`(?m)^\t(E\w+)\s*= syscall\.Errno\((0x[0-9a-f]+)\)`)
	compared := 0
	for _, a := range arch.All() {
		if a.GOARCH() == "" {
			continue
		}
		text, err := os.ReadFile(filepath.Join(dir, "zerrors_linux_"+a.GOARCH()+".go"))
		if os.IsNotExist(err) {
			continue
		}
		require.NoError(t, err)
		common, err := os.ReadFile(filepath.Join(dir, "zerrors_linux.go"))
		require.NoError(t, err)
		found := constant.FindAllStringSubmatch(string(text)+string(common), -1)
		names := map[string]bool{}
		for _, m := range found {
			want, err := strconv.ParseUint(m[2], 0, 32)
			require.NoError(t, err)
			if slices.Contains(errnosLeftOut, m[1]) {
				continue
			}
			got, ok := Number(m[1], a)
			assert.True(t, ok, "%v %s", a, m[1])
			assert.Equal(t, uint32(want), got, "%v %s", a, m[1])
			names[m[1]] = true
			compared++
		}
		assert.Len(t, names, len(errnos), a)
	}
	require.Greater(t, compared, 1500)
	for name, want := range map[string]uint32{
		"EPERM": 1, "ERANGE": 34, "EAGAIN": 11, "EWOULDBLOCK": 11, "EDEADLK": 45, "EIDRM": 36, "EOVERFLOW": 72, "ENOMEDIUM": 182,
		"ENOTSOCK": 216, "EOPNOTSUPP": 223, "EINPROGRESS": 245, "ENOSYS": 251, "ENOTSUP": 252, "ECANCELED": 253, "EHWPOISON": 257,
	} {
		got, ok := Number(name, arch.PARISC64)
		assert.True(t, ok, name)
		assert.Equal(t, want, got, name)
	}
	for _, a := range arch.All() {
		got, ok := Number("ENOSYS", a)
		assert.True(t, ok)
		assert.Equal(t, ENOSYS(a).Data(), uint16(got), a)
	}
	for _, name := range []string{"", "eperm", "EPERM ", "1", "EFOO"} {
		_, ok := Number(name, arch.X86_64)
		assert.False(t, ok, name)
	}
	_, ok := Number("EPERM", 0)
	assert.False(t, ok)
	assert.Len(t, Names(), 82)
}

// errnosLeftOut are names of file systems that the headers have only lately, and two
// that MIPS alone has.
var errnosLeftOut = []string{"EFTYPE", "EFSBADCRC", "EFSCORRUPTED", "EINIT", "EREMDEV"}
